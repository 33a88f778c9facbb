"""Probes: instrumented original kernels that tell which of their sites are reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, runner_children  # noqa: F401
from mutatenn.device import LlvmDevice, ProbeFailed
from mutatenn.errors import InputError

PLAN = chain(["double", "relu", "double"])
X = np.array([[-1] * 8, [30] * 8, [70] * 8], np.float32)


@pytest.fixture
def llvm(compiled: Compile) -> Any:  # noqa: F811
    """A device whose kernel ``double`` sees -1 and 0, 30 and 60, 70 and 140."""
    with device(compiled, PLAN, X) as opened:
        opened.golden()
        yield opened


def failure(llvm: LlvmDevice, library: Any) -> str:
    """The sentence of a failing probe; the device is shown to work afterwards."""
    with pytest.raises(ProbeFailed) as caught:
        llvm.probe("double", library, 1)
    assert runner_children(llvm) == []
    assert llvm.recheck() is None
    return str(caught.value)


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_flags_are_kept_over_launches_and_rows(
    compiled: Compile,  # noqa: F811
    cache_mb: int,
) -> None:
    # Row 0 raises the first flag, only the second launch on row 1 the second one.
    with device(compiled, PLAN, X[:2], cache_mb=cache_mb) as llvm:
        llvm.golden()
        flags = llvm.probe("double", compiled(kernels.probe_signs), 3)
    assert flags.dtype == np.bool_
    assert flags.tolist() == [True, True, False]


def test_a_flag_that_no_row_raises_is_false(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), X[1:2]) as llvm:
        llvm.golden()
        assert llvm.probe("double", compiled(kernels.probe_signs), 3).tolist() == [False] * 3


def test_flags_of_one_probe_are_not_the_next_ones(compiled: Compile, llvm: LlvmDevice) -> None:  # noqa: F811
    library = compiled(kernels.probe_signs)
    for _ in range(2):
        assert llvm.probe("double", compiled(kernels.probe_spoil), 1).tolist() == [True]
        assert llvm.probe("double", library, 3).tolist() == [True, True, False]


def test_a_probe_ends_once_every_flag_is_raised(compiled: Compile) -> None:  # noqa: F811
    library = compiled(kernels.probe_crash_large)
    with device(compiled, chain(["double"]), X[[0, 2]]) as llvm:
        llvm.golden()
        assert llvm.probe("double", library, 1).tolist() == [True]
    with device(compiled, chain(["double"]), X[[2, 0]]) as llvm:
        llvm.golden()
        assert "SIGSEGV" in failure(llvm, library)


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_what_a_probe_computes_spoils_no_later_run(
    compiled: Compile,  # noqa: F811
    cache_mb: int,
) -> None:
    with device(compiled, PLAN, X, cache_mb=cache_mb) as llvm:
        llvm.golden()
        llvm.probe("double", compiled(kernels.probe_spoil), 1)
        assert llvm.recheck() is None
        run = llvm.run("double", compiled(kernels.double_other_way))
    assert {row.state for row in run.rows} == {"masked"}


def test_a_probe_that_never_ends_fails(compiled: Compile, llvm: LlvmDevice) -> None:  # noqa: F811
    message = failure(llvm, compiled(kernels.probe_never_end))
    assert message == (
        "The probe of kernel double failed: Time limit passed, row 0, launch 0 (double)."
    )


def test_a_probe_that_writes_behind_the_flags_fails(
    compiled: Compile,  # noqa: F811
    llvm: LlvmDevice,
) -> None:
    message = failure(llvm, compiled(kernels.probe_after_flags))
    assert "Wrote 4 bytes out of bounds, up to 4 bytes after the flags, row 0" in message


def test_a_kernel_that_takes_no_flags_fails(compiled: Compile, llvm: LlvmDevice) -> None:  # noqa: F811
    assert "Error, row 0, launch 0" in failure(llvm, compiled(kernels.double))


def test_a_probe_without_flags_is_refused(compiled: Compile, llvm: LlvmDevice) -> None:  # noqa: F811
    with pytest.raises(InputError, match="a probe with 0 flags; give 1 to 65536"):
        llvm.probe("double", compiled(kernels.probe_signs), 0)


def test_a_probe_of_another_kernel_is_refused(compiled: Compile, llvm: LlvmDevice) -> None:  # noqa: F811
    with pytest.raises(InputError, match="no kernel 'triple'"):
        llvm.probe("triple", compiled(kernels.probe_signs), 3)
