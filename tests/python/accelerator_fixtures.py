"""Kernels in OpenCL written by hand, and devices over plans of them, for tests of accelerators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mutatenn.device import AcceleratorDevice, Limits
from mutatenn.lowering.device_kernel import Argument, DeviceKernel, DeviceLaunch
from mutatenn.lowering.plan import Buffer, Launch, Plan

LENGTH = 64
WEIGHT = np.linspace(-3, 3, LENGTH, dtype=np.float32)
QUICK = Limits(floor_ms=400, factor=20.0, memory_mb=64, golden_ms=60_000)

Write = Callable[[DeviceKernel], Path]

_UNARY = """
__kernel void k(__global float* restrict y, __global float* restrict x) {{
  int i = get_global_id(0);
  {body}
}}
"""


def unary(body: str, block: int = 16, grid: int = LENGTH // 16) -> DeviceKernel:
    """One launch from ``x`` (parameter 0) to ``y`` (parameter 1), in another order in OpenCL."""
    launch = DeviceLaunch(
        "k",
        (Argument("parameter", 1), Argument("parameter", 0)),
        (grid, 1, 1),
        (block, 1, 1),
    )
    return DeviceKernel("opencl", _UNARY.format(body=body), (launch,), (), 2)


_CENTRE = """
__kernel void total(__global float* sum, __global const float* x, int n) {
  float all = 0;
  for (int i = 0; i < n; ++i) all += x[i];
  sum[0] = all;
}
__kernel void subtract(__global float* y, __global const float* x, __global const float* w,
                       __global const float* sum, float scale) {
  int i = get_global_id(0);
  y[i] = (x[i] - sum[0] * scale) + w[i];
}
"""


def centre(source: str = _CENTRE, length: int = LENGTH) -> DeviceKernel:
    """``y = x - mean(x) + w`` in two launches, the sum in a workspace."""
    total = DeviceLaunch(
        "total",
        (
            Argument("workspace", 0),
            Argument("parameter", 0),
            Argument("scalar", dtype="int32", value=length),
        ),
        (1, 1, 1),
        (1, 1, 1),
    )
    subtract = DeviceLaunch(
        "subtract",
        (
            Argument("parameter", 2),
            Argument("parameter", 0),
            Argument("parameter", 1),
            Argument("workspace", 0),
            Argument("scalar", dtype="float32", value=1 / LENGTH),
        ),
        (LENGTH // 16, 1, 1),
        (16, 1, 1),
    )
    return DeviceKernel("opencl", source, (total, subtract), (4,), 3)


def centre_variant(old: str, new: str) -> DeviceKernel:
    """``centre`` with a piece of its source replaced."""
    assert old in _CENTRE
    return centre(_CENTRE.replace(old, new))


ORIGINALS = {
    "double": unary("y[i] = x[i] * 2.0f;"),
    "centre": centre(),
    "relu": unary("y[i] = fmax(x[i], 0.0f);"),
}


def plan() -> Plan:
    """``y = relu(centre(double(x), w))``."""
    shape, dtype = (LENGTH,), "float32"
    buffers = (
        Buffer(0, "x", "input", shape, dtype),
        Buffer(1, "a", "activation", shape, dtype),
        Buffer(2, "w", "weight", shape, dtype),
        Buffer(3, "b", "activation", shape, dtype),
        Buffer(4, "y", "activation", shape, dtype),
    )
    launches = (
        Launch(0, "double", (0,), (1,)),
        Launch(1, "centre", (1, 2), (3,)),
        Launch(2, "relu", (3,), (4,)),
    )
    return Plan(buffers, launches, (0,), (4,), "opencl")


def rows(count: int = 3, seed: int = 7) -> np.ndarray:
    """Rows of small signed numbers, whole: sums are exact in any order."""
    numbers = np.random.default_rng(seed).integers(-8, 8, size=(count, LENGTH))
    return numbers.astype(np.float32)


def answer(x: np.ndarray, w: np.ndarray = WEIGHT, factor: float = 2) -> np.ndarray:
    """NumPy's answer to ``plan``."""
    a = x * np.float32(factor)
    mean = a.sum(axis=1, keepdims=True) * np.float32(1 / LENGTH)
    return np.asarray(np.maximum((a - mean) + w, np.float32(0)))


@pytest.fixture(scope="session")
def pocl_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache of compiled kernels for all devices of a session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POCL_CACHE_DIR", str(tmp_path_factory.mktemp("pocl")))
        yield


@pytest.fixture(scope="session")
def write(tmp_path_factory: pytest.TempPathFactory, pocl_cache: None) -> Write:
    """Writes a kernel to a file of its own."""
    folder = tmp_path_factory.mktemp("kernels")
    numbers = itertools.count()

    def written(kernel: DeviceKernel) -> Path:
        path = folder / f"kernel-{next(numbers)}.json"
        path.write_text(kernel.to_json())
        return path

    return written


def device(
    write: Write,
    x: np.ndarray | None = None,
    originals: Mapping[str, DeviceKernel] | None = None,
    **options: Any,
) -> AcceleratorDevice:
    """A device over ``plan`` with short limits."""
    kernels = {name: write(kernel) for name, kernel in {**ORIGINALS, **(originals or {})}.items()}
    options.setdefault("limits", QUICK)
    given = [rows() if x is None else x]
    return AcceleratorDevice("opencl:0", plan(), {2: WEIGHT}, kernels, given, **options)


@pytest.fixture(scope="module")
def opencl(write: Write) -> Iterator[AcceleratorDevice]:
    """A device after its golden run, for all tests of a module: none may harm the others."""
    with device(write) as opened:
        np.testing.assert_array_equal(opened.golden().outputs[0], answer(rows()))
        yield opened
