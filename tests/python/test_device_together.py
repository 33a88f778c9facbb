"""Runs with several kernels replaced at once."""

from __future__ import annotations

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, rows  # noqa: F401
from mutatenn.device import RunnerDied
from mutatenn.errors import InputError


def test_each_kernel_is_replaced_by_its_own(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, chain(["double", "negate", "double"]), x) as llvm:
        llvm.golden()
        llvm.begin_all({"negate": compiled(kernels.double), "double": compiled(kernels.triple)})
        run = llvm.end()
    assert run.fate == "completed"
    np.testing.assert_array_equal(run.outputs[0], x * np.float32(3) * 2 * 3)
    assert {row.first_launch for row in run.rows} == {0}


def test_infection_counts_from_the_first_launch_that_differs(compiled: Compile) -> None:  # noqa: F811
    x = -np.abs(rows())
    with device(compiled, chain(["double", "negate"]), x) as llvm:
        llvm.golden()
        same = compiled(kernels.double_other_way)
        llvm.begin_all({"double": same, "negate": compiled(kernels.triple)})
        run = llvm.end()
        assert {(row.state, row.first_launch) for row in run.rows} == {("propagated", 1)}
        llvm.begin_all({"double": same, "negate": compiled(kernels.negate)})
        assert {row.state for row in llvm.end().rows} == {"masked"}


def test_one_that_crashes_or_hangs_ends_the_run(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double", "negate"]), rows()) as llvm:
        llvm.golden()
        llvm.begin_all({"double": compiled(kernels.triple), "negate": compiled(kernels.never_end)})
        assert llvm.end().fate == "hang"


def test_kernels_and_steps_must_be_those_of_the_plan(compiled: Compile) -> None:  # noqa: F811
    triple = compiled(kernels.triple)
    with device(compiled, chain(["double", "negate", "double"]), rows()) as llvm:
        llvm.golden()
        with pytest.raises(InputError, match="the plan has no kernel 'relu'"):
            llvm.begin_all({"double": triple, "relu": triple})
        with pytest.raises(InputError, match=r"double and negate has 3 launches; .*not for 2"):
            llvm.begin_all({"double": triple, "negate": triple}, (5, 5))
        with pytest.raises(RunnerDied, match="not the words of a request"):
            llvm.begin_all({})
            llvm.end()
