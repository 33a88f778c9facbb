"""The comparators' CUDA: it compiles without a GPU, and computes what the others do."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import host_cupy
import nvrtc
from comparator_data import TYPES, large_pair, random_pair, special_bits
from mutatenn.device.portable.accelerator import Place
from mutatenn.device.portable.comparison_record import RECORD, element_bytes
from mutatenn.device.portable.cuda_options import compile_options
from mutatenn.device.portable.kernel_source import kernel_source
from mutatenn.device.portable.reference import reference, reference_record

ITEMS = 4


@pytest.fixture(scope="module")
def comparator_class() -> Iterator[Any]:
    """`CudaComparator` on the stand-in, whatever is installed."""
    name = "mutatenn.device.portable.cuda_comparator"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cupy", host_cupy.module())
        patch.delitem(sys.modules, name, raising=False)
        yield importlib.import_module(name).CudaComparator
        sys.modules.pop(name)


def fields_that_differ(one: np.void, other: np.void) -> list[str]:
    return [name for name in RECORD.names or () if not np.array_equal(one[name], other[name])]


@pytest.mark.parametrize("arch", ["sm_75", "sm_90"])
@pytest.mark.parametrize("name", TYPES)
def test_the_comparator_compiles_without_a_gpu(name: str, arch: str) -> None:
    code = nvrtc.cubin(kernel_source("compare.cu"), arch, compile_options(128, name))
    assert code[:4] == b"\x7fELF"
    for kernel in (b"compare_parts", b"compare_whole", b"top_parts", b"top_whole"):
        assert kernel in code


def test_a_source_that_is_wrong_is_refused() -> None:
    with pytest.raises(nvrtc.CompileError, match="identifier"):
        nvrtc.cubin("KERNEL nothing;", "sm_90")


@pytest.mark.parametrize("name", TYPES)
def test_the_cuda_source_computes_what_numpy_does(comparator_class: Any, name: str) -> None:
    pairs = [(*random_pair(name, count, seed), seed) for seed, count in enumerate((0, 1, 63, 999))]
    special = np.array(special_bits(name), np.uint64)
    crossed = (each.reshape(-1) for each in np.meshgrid(special, special))
    a, b = (each.astype(f"<u{element_bytes(name)}") for each in crossed)
    pairs += [(a, b, 16), (*large_pair(name, 20001), 5)]
    comparator = comparator_class(groups=3, items=ITEMS)
    for a, b, k in pairs:
        held = [np.concatenate([side.view(np.uint8), np.zeros(16, np.uint8)]) for side in (a, b)]
        got = comparator.record(*held, name, a.size, k)
        assert not fields_that_differ(got, reference_record(a, b, k, name))


def test_what_does_not_fit_is_refused(comparator_class: Any) -> None:
    comparator = comparator_class(groups=3, items=ITEMS)
    with pytest.raises(ValueError, match="no part of a buffer of 16 bytes"):
        comparator.compare(np.zeros(16, np.uint8), np.zeros(16, np.uint8), "float32", 5)
    with pytest.raises(ValueError, match="power of two"):
        comparator_class(groups=1, items=3)


def test_an_accelerator_compares_parts_of_its_blocks(
    comparator_class: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cupy = sys.modules["cupy"]
    errors = {"CUDARuntimeError": RuntimeError, "CUDADriverError": RuntimeError}
    for name in ("runtime", "driver"):
        monkeypatch.setattr(cupy.cuda, name, types.SimpleNamespace(**errors), raising=False)
    pointer = lambda block, offset: block.data[offset:]  # noqa: E731
    monkeypatch.setattr(cupy.cuda, "MemoryPointer", pointer, raising=False)
    view = lambda shape, dtype, memory: memory[: shape[0]].view(dtype)  # noqa: E731
    monkeypatch.setattr(cupy, "ndarray", view, raising=False)
    name = "mutatenn.device.portable.cuda"
    monkeypatch.delitem(sys.modules, name, raising=False)
    module = importlib.import_module(name)
    monkeypatch.delitem(sys.modules, name)
    opened = module.CudaAccelerator.__new__(module.CudaAccelerator)
    opened._comparator = comparator_class(groups=3, items=ITEMS)
    a, b = random_pair("float32", 63, 5)
    places = []
    for side, before in ((a, 64), (b, 128)):
        data = np.concatenate([np.zeros(before, np.uint8), side.view(np.uint8)])
        places.append(Place(types.SimpleNamespace(data=data, size=data.size), before))
    found = opened.compare(*places, "float32", a.size)
    assert found == reference(a.view(np.float32), b.view(np.float32))
