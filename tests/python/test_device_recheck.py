"""Rechecks: the original kernels run anew against the golden run."""

from __future__ import annotations

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, residual, rows  # noqa: F401
from mutatenn.device import LlvmDevice
from mutatenn.errors import InputError

WEIGHT = np.linspace(-3, 3, 8, dtype=np.float32)


def write_input(llvm: LlvmDevice, x: np.ndarray) -> None:
    """Change the inputs in the memory that the runner shares."""
    inputs = llvm._data.files[1]
    inputs.write(0, x)


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_an_unchanged_baseline_is_equal(compiled: Compile, cache_mb: int) -> None:  # noqa: F811
    with device(compiled, residual(), rows(), {3: WEIGHT}, cache_mb=cache_mb) as llvm:
        llvm.golden()
        llvm.run("double", compiled(kernels.write_input))
        assert llvm.recheck() is None
        assert llvm.recheck(2) is None
        assert llvm.recheck(1000) is None


@pytest.mark.parametrize(
    ("cache_mb", "what", "launch"), [(0, "model output 0", 4), (16, "buffer 1", 0)]
)
def test_a_changed_baseline_is_told_with_its_row(
    compiled: Compile,  # noqa: F811
    cache_mb: int,
    what: str,
    launch: int,
) -> None:
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}, cache_mb=cache_mb) as llvm:
        llvm.golden()
        changed = x.copy()
        changed[3, 5] += 1
        write_input(llvm, changed)
        sentence = llvm.recheck()
        assert sentence is not None
        assert sentence.startswith("The original kernels give another answer than in the golden")
        assert f"Another answer in {what}, row 3, launch {launch} (" in sentence
        assert llvm.recheck(rows=3) is None


def test_a_recheck_leaves_the_golden_run_as_it_was(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}) as llvm:
        llvm.golden()
        write_input(llvm, x + 1)
        assert llvm.recheck() is not None
        write_input(llvm, x)
        assert llvm.recheck() is None
        run = llvm.run("relu", compiled(kernels.negate))
    a = x * np.float32(2)
    np.testing.assert_array_equal(run.outputs[0], (np.float32(0) - (a * 2 + WEIGHT)) + a)


def test_a_baseline_that_crashes_now_is_told(compiled: Compile) -> None:  # noqa: F811
    x = np.full((2, 8), 3, np.float32)
    with device(compiled, chain(["divide_by_zero"]), x) as llvm:
        llvm.golden()
        write_input(llvm, x * 0)
        sentence = llvm.recheck()
        assert sentence is not None
        assert sentence.startswith("The original kernels do not run: SIGFPE, row 0, launch 0")


def test_a_recheck_of_no_rows_is_refused(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows()) as llvm:
        llvm.golden()
        with pytest.raises(InputError, match="recheck of 0 rows"):
            llvm.recheck(0)


def test_a_recheck_before_the_golden_run_is_an_error(compiled: Compile) -> None:  # noqa: F811
    with (
        device(compiled, chain(["double"]), rows()) as llvm,
        pytest.raises(RuntimeError, match=r"call golden\(\) before recheck\(\)"),
    ):
        llvm.recheck()
