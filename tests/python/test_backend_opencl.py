"""Backend ``opencl``: sources and launches that depend on nothing but the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import te

from gpu_kernels import OPENCL, lowered_demo
from launch_kernels import launch
from mutatenn.errors import InputError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.device_kernel import DeviceKernel
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.transform import SwapCmp
from opencl_kernels import TARGET, backend, device_kernel, flat, run, scheduled


def product(first: str, second: str, turned: str) -> Any:
    """A matrix product of parameters with these names."""
    a, b = te.placeholder((24, 40), name=first), te.placeholder((40, 32), name=second)
    k = te.reduce_axis((0, 40), name=f"{turned}_axis")
    made = te.compute((24, 32), lambda i, j: te.sum(a[i, k] * b[k, j], axis=k), name=turned)
    return te.create_prim_func([a, b, made])


def bytes_of(func: Any, scratch: Path) -> bytes:
    made = backend()
    return made.generate(made.lower(func), scratch).code


def test_a_kernel_computes_what_numpy_does() -> None:
    rng = np.random.default_rng(3)
    a, b = (rng.standard_normal(shape).astype("float32") for shape in ((24, 40), (40, 32)))
    kernel = device_kernel(scheduled(product("a", "b", "c")))
    *_, found = run(kernel, a, b, np.full((24, 32), np.nan, "float32"))
    np.testing.assert_allclose(found, a @ b, rtol=1e-4, atol=1e-5)


def test_equal_kernels_give_equal_bytes_whatever_their_names(tmp_path: Path) -> None:
    one = scheduled(product("a", "b", "c"))
    # Sorted by name, these parameters stand in another order.
    other = scheduled(product("z", "y", "x").with_attr("global_symbol", "another"))
    assert bytes_of(one, tmp_path) == bytes_of(other, tmp_path)


def test_parameters_of_one_name_are_told_apart(tmp_path: Path) -> None:
    func = scheduled(product("a", "a", "a"))
    assert bytes_of(func, tmp_path) == bytes_of(scheduled(product("a", "b", "c")), tmp_path)


def test_a_kernel_at_stage_kernel_gives_the_bytes_of_its_stage_tensor(tmp_path: Path) -> None:
    func = scheduled(product("a", "b", "c"))
    assert bytes_of(lower_kernel(func, "another", parse_target(TARGET)), tmp_path) == bytes_of(
        func, tmp_path
    )


def test_a_mutant_gives_other_bytes(tmp_path: Path) -> None:
    module = lowered_demo(OPENCL)
    mutated = SwapCmp(site=0)(module)
    changed = [
        str(var.name_hint)
        for var, func in module.functions.items()
        if not func.same_as(mutated[str(var.name_hint)])
    ]
    differ = [n for n in changed if bytes_of(module[n], tmp_path) != bytes_of(mutated[n], tmp_path)]
    assert len(differ) == 1


def test_a_linked_kernel_is_read_again(tmp_path: Path) -> None:
    made = backend()
    code = made.lower(scheduled(product("a", "b", "c")))
    artifact = made.generate(code, tmp_path)
    path = made.link(artifact, tmp_path / f"kernel{made.suffix}")
    assert DeviceKernel.from_json(path.read_text()) == made.kernel(code)
    assert made.kernel(code).sha256 == artifact.sha256


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    made = backend()
    artifact = made.generate(made.lower(scheduled(product("a", "b", "c"))), tmp_path)
    path = made.link(artifact, tmp_path / "kernel.json")
    with pytest.raises(FileExistsError):
        made.link(artifact, path)


def test_what_is_asked_of_the_device_is_in_the_hash(tmp_path: Path) -> None:
    threads = [[("t", "threadIdx.x", extent)] for extent in (8, 4)]
    eight, four = (flat(launch(axes, "A[t] = B[t]")) for axes in threads)
    made = backend()
    first, second = (made.kernel(made.lower(func)) for func in (eight, four))
    assert first.source == second.source
    assert first.sha256 != second.sha256


def test_dynamic_shared_memory_is_refused() -> None:
    before = "S = T.alloc_buffer((8,), 'int32', scope='shared.dyn')"
    module = launch([("t", "threadIdx.x", 8)], "S[t] = B[t]\nA[t] = S[t]", before=before)
    with pytest.raises(CompileError):
        device_kernel(flat(module))


def test_every_kernel_of_the_demo_has_launches_and_source() -> None:
    for func in lowered_demo(OPENCL).functions.values():
        if isinstance(func, tvm.tirx.PrimFunc):
            kernel = device_kernel(func)
            assert kernel.language == "opencl"
            for each in kernel.launches:
                assert f"__kernel void {each.symbol}(" in kernel.source


def test_a_target_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match=r"opencl:N run targets of kind opencl.* is of kind llvm"):
        backend_of("opencl:0", parse_target("llvm"))
