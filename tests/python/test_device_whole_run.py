"""Whole runs: plans any of whose kernels may be mutants, run under both fill patterns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled  # noqa: F401
from mutatenn.device import Limits, LlvmDevice
from mutatenn.device.evidence import WholeRun

ROWS = np.arange(16, dtype=np.float32).reshape(2, 8)
QUICK = Limits(golden_ms=1500)


@contextmanager
def device_of(compiled: Compile, *names: str) -> Iterator[LlvmDevice]:  # noqa: F811
    libraries = {name: compiled(getattr(kernels, name)) for name in names}
    with LlvmDevice(chain(names), {}, libraries, [ROWS], limits=QUICK) as device:
        yield device


def whole_run(compiled: Compile, *names: str) -> WholeRun:  # noqa: F811
    with device_of(compiled, *names) as device:
        return device.whole_run()


def test_every_kernel_of_a_whole_run_may_be_a_mutant(compiled: Compile) -> None:  # noqa: F811
    run = whole_run(compiled, "triple", "negate")
    assert (run.fate, run.detail) == ("completed", "")
    assert run.outputs is not None
    assert np.array_equal(run.outputs[0], -3 * ROWS)
    assert not run.reads_uninitialised and not run.writes_out_of_bounds
    assert run.seconds > 0


def test_writes_out_of_bounds_are_contained_and_told(compiled: Compile) -> None:  # noqa: F811
    run = whole_run(compiled, "write_after", "negate")
    assert run.fate == "completed" and run.outputs is not None
    assert run.writes_out_of_bounds


def test_what_depends_on_the_fill_pattern_is_told(compiled: Compile) -> None:  # noqa: F811
    run = whole_run(compiled, "leave_unwritten", "negate")
    assert run.fate == "completed" and run.outputs is not None
    assert run.reads_uninitialised


@pytest.mark.parametrize(
    ("name", "fate", "words"),
    [("write_far", "crash", "SIGSEGV"), ("never_end", "hang", "Time limit passed")],
)
def test_a_run_that_does_not_complete_says_how_it_ended(
    compiled: Compile,  # noqa: F811
    name: str,
    fate: str,
    words: str,
) -> None:
    with device_of(compiled, "double", name) as device:
        run = device.whole_run()
        assert (run.fate, run.outputs) == (fate, None)
        assert words in run.detail and f"launch 1 ({name})" in run.detail
        # The device goes on with a process of its own.
        assert device.whole_run().fate == fate


def test_a_whole_run_is_no_golden_run(compiled: Compile) -> None:  # noqa: F811
    with device_of(compiled, "double") as device:
        device.golden()
        device.whole_run()
        with pytest.raises(RuntimeError, match="call golden"):
            device.recheck()
        device.golden()
        with device.sibling(), pytest.raises(RuntimeError, match="without siblings"):
            device.whole_run()
