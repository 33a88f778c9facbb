"""``oob="trap"``: the first write out of bounds ends a mutant as a crash."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, rows  # noqa: F401
from mutatenn.errors import InputError


@pytest.fixture
def trapping(compiled: Compile) -> Any:  # noqa: F811
    """A device that runs ``double`` on one thread and traps."""
    with device(compiled, chain(["double"]), rows(3), oob="trap") as opened:
        opened.golden()
        yield opened


@pytest.mark.parametrize(
    ("mutant", "sentence"),
    [
        (
            "write_after",
            r"Wrote [1-4] bytes out of bounds, up to 4 bytes after buffer 1 \(a0\), row 0, "
            r"launch 0 \(double\)\.",
        ),
        (
            "write_before",
            r"Wrote [1-4] bytes out of bounds, up to 4 bytes before buffer 1 \(a0\), row 0, "
            r"launch 0 \(double\)\.",
        ),
        (
            "write_workspace",
            r"Wrote [1-4] bytes out of bounds, up to 4 bytes after a workspace, row 0, "
            r"launch 0 \(double\)\.",
        ),
        (
            "write_input",
            r"Overwrote \d+ bytes inside buffer 0 \(x\), an input of the kernel, row 0, "
            r"launch 0 \(double\)\.",
        ),
    ],
)
def test_a_write_out_of_bounds_is_a_crash_that_says_where(
    compiled: Compile,  # noqa: F811
    trapping: Any,
    mutant: str,
    sentence: str,
) -> None:
    run = trapping.run("double", compiled(getattr(kernels, mutant)))
    assert run.fate == "crash"
    assert re.fullmatch(sentence, run.detail), run.detail
    assert [len(row.out_of_bounds) for row in run.rows] == [1, 0, 0]
    assert {row.state for row in run.rows} == {"not run"}
    assert run.launches == 1


def test_the_first_launch_that_writes_out_of_bounds_ends_the_run(
    compiled: Compile,  # noqa: F811
) -> None:
    x = np.array([[1] * 8, [30] * 8, [70] * 8], np.float32)
    with device(compiled, chain(["double", "relu", "double"]), x, oob="trap") as llvm:
        llvm.golden()
        run = llvm.run("double", compiled(kernels.double_write_after_large))
    assert run.fate == "crash"
    assert run.detail.endswith("after buffer 3 (a2), row 1, launch 2 (double).")
    assert run.rows[0].state == "masked"


def test_threads_that_write_out_of_bounds_are_trapped(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["wide"], 4096), rows(2, 4096), threads=2, oob="trap") as llvm:
        llvm.golden()
        run = llvm.run("wide", compiled(kernels.wide_after))
    assert run.fate == "crash"
    assert "up to 4 bytes after buffer 1 (a0)" in run.detail


def test_a_mutant_within_its_bounds_is_not_trapped(compiled: Compile, trapping: Any) -> None:  # noqa: F811
    run = trapping.run("double", compiled(kernels.triple))
    assert run.fate == "completed"
    assert {row.state for row in run.rows} == {"propagated"}


def test_another_word_than_contain_or_trap_is_refused(compiled: Compile) -> None:  # noqa: F811
    with pytest.raises(InputError, match="oob is 'ignore'; give contain or trap"):
        device(compiled, chain(["double"]), rows(), oob="ignore")
