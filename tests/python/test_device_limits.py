"""Bounds of a run, and how much of it was executed."""

from __future__ import annotations

import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, rows  # noqa: F401
from mutatenn.device import Limits
from mutatenn.errors import InputError


def test_a_run_that_passes_its_total_limit_is_a_hang(compiled: Compile) -> None:  # noqa: F811
    limits = Limits(floor_ms=600_000, total_ms=200)
    with device(compiled, chain(["double"]), rows(), limits=limits) as llvm:
        llvm.golden()
        run = llvm.run("double", compiled(kernels.never_end))
        again = llvm.run("double", compiled(kernels.triple))
    assert run.fate == "hang"
    assert run.detail == "Time limit passed by the whole run, row 0, launch 0 (double)."
    assert again.fate == "completed"


@pytest.mark.parametrize(
    ("name", "value"), [("total_ms", 0), ("floor_ms", -1), ("memory_mb", 0), ("factor", -0.5)]
)
def test_a_limit_that_allows_nothing_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"the limit {name} is {value}"):
        Limits(**{name: value})  # type: ignore[arg-type]


def test_launches_of_a_masked_mutant_are_run_under_both_patterns(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double", "relu", "double"]), rows(4)) as llvm:
        llvm.golden()
        assert llvm.run("double", compiled(kernels.double_other_way)).launches == 4 * 2 * 2
        assert llvm.run("relu", compiled(kernels.relu)).launches == 4 * 2


def test_launches_that_differ_are_run_under_both_patterns(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double", "relu"]), rows(4)) as llvm:
        llvm.golden()
        assert llvm.run("double", compiled(kernels.triple)).launches == 4 * 2


def test_the_launch_that_a_mutant_died_in_is_counted(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows(4)) as llvm:
        llvm.golden()
        assert llvm.run("double", compiled(kernels.write_far)).launches == 1
