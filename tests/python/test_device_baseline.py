"""Original kernels that cannot serve as a baseline."""

from __future__ import annotations

import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, rows, runner_children  # noqa: F401
from mutatenn.device import Limits
from mutatenn.errors import BaselineError


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_a_kernel_that_reads_unwritten_memory_is_refused(
    compiled: Compile,  # noqa: F811
    cache_mb: int,
) -> None:
    with (
        device(compiled, chain(["double", "read_workspace"]), rows(), cache_mb=cache_mb) as llvm,
        pytest.raises(BaselineError, match="different answers"),
    ):
        llvm.golden()


def test_a_kernel_that_writes_out_of_bounds_is_refused(compiled: Compile) -> None:  # noqa: F811
    message = r"write_after writes out of bounds: 4 bytes after buffer 2 \(a1\), row 0, launch 1"
    with (
        device(compiled, chain(["double", "write_after"]), rows()) as llvm,
        pytest.raises(BaselineError, match=message),
    ):
        llvm.golden()


def test_a_kernel_that_crashes_is_refused(compiled: Compile) -> None:  # noqa: F811
    with (
        device(compiled, chain(["write_far"]), rows()) as llvm,
        pytest.raises(BaselineError, match="SIGSEGV"),
    ):
        llvm.golden()


def test_a_kernel_that_never_ends_is_refused(compiled: Compile) -> None:  # noqa: F811
    limits = Limits(golden_ms=300)
    with device(compiled, chain(["never_end"]), rows(), limits=limits) as llvm:
        with pytest.raises(BaselineError, match="Time limit passed"):
            llvm.golden()
        assert runner_children(llvm) == []


def test_a_mutant_is_not_run_before_the_golden_run(compiled: Compile) -> None:  # noqa: F811
    with (
        device(compiled, chain(["double"]), rows()) as llvm,
        pytest.raises(RuntimeError, match="golden"),
    ):
        llvm.run("double", compiled(kernels.triple))
