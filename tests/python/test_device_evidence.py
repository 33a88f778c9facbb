"""What a run on device ``llvm`` says about mutants that behave."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import Compile, chain, compiled, device, residual, rows  # noqa: F401
from mutatenn.errors import InputError

WEIGHT = np.linspace(-3, 3, 8, dtype=np.float32)


def residual_answer(x: Any, factor: float = 2) -> np.ndarray:
    """NumPy's answer to ``residual()`` with ``double`` replaced by a multiplication."""
    a = x * np.float32(factor)
    answer: np.ndarray = np.maximum(a * np.float32(factor) + WEIGHT, np.float32(0)) + a
    return answer


def test_golden_outputs_are_what_numpy_computes(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}) as llvm:
        golden = llvm.golden()
    np.testing.assert_array_equal(golden.outputs[0], residual_answer(x))
    assert golden.seconds.shape == (4, 5)
    assert (golden.seconds > 0).all()
    assert golden.rows_cached == 4


def test_an_equal_kernel_is_masked_on_every_row(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}) as llvm:
        golden = llvm.golden()
        run = llvm.run("double", compiled(kernels.double_other_way))
    assert (run.fate, run.detail) == ("completed", "")
    assert [(row.state, row.first_launch) for row in run.rows] == [("masked", -1)] * 4
    assert not any(row.reads_uninitialised or row.out_of_bounds for row in run.rows)
    np.testing.assert_array_equal(run.outputs[0], golden.outputs[0])
    assert run.outputs_b is None


def test_a_mutated_kernel_is_used_in_every_launch_and_propagates(
    compiled: Compile,  # noqa: F811
) -> None:
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}) as llvm:
        llvm.golden()
        run = llvm.run("double", compiled(kernels.triple))
    assert [(row.state, row.first_launch) for row in run.rows] == [("propagated", 0)] * 4
    np.testing.assert_array_equal(run.outputs[0], residual_answer(x, factor=3))


def test_a_late_kernel_gets_the_early_golden_activation(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}) as llvm:
        llvm.golden()
        run = llvm.run("relu", compiled(kernels.negate))
    a = x * np.float32(2)
    np.testing.assert_array_equal(run.outputs[0], (np.float32(0) - (a * 2 + WEIGHT)) + a)
    assert {row.first_launch for row in run.rows} == {3}


def test_a_difference_that_a_later_kernel_removes_is_infected(
    compiled: Compile,  # noqa: F811
) -> None:
    x = rows()
    with device(compiled, chain(["double", "relu", "add_one"]), x) as llvm:
        golden = llvm.golden()
        run = llvm.run("double", compiled(kernels.double_positive))
    assert {row.state for row in run.rows} == {"infected"}
    np.testing.assert_array_equal(run.outputs[0], golden.outputs[0])


def test_the_first_launch_that_differs_need_not_be_the_first(
    compiled: Compile,  # noqa: F811
) -> None:
    x = np.array([[1] * 8, [30] * 8, [70] * 8], np.float32)
    with device(compiled, chain(["double", "relu", "double"]), x) as llvm:
        llvm.golden()
        run = llvm.run("double", compiled(kernels.double_saturating))
    assert [row.first_launch for row in run.rows] == [-1, 2, 0]
    assert [row.state for row in run.rows] == ["masked", "propagated", "propagated"]
    np.testing.assert_array_equal(run.outputs[0][:, 0], [4, 100, 100])


@pytest.mark.parametrize("mutant", ["triple", "double_positive", "double_other_way"])
def test_rows_beyond_the_cache_give_the_same_evidence(
    compiled: Compile,  # noqa: F811
    mutant: str,
) -> None:
    x = rows(count=6)
    runs = []
    for cache_mb in (0, 64):
        with device(compiled, residual(), x, {3: WEIGHT}, cache_mb=cache_mb) as llvm:
            golden = llvm.golden()
            assert golden.rows_cached == (6 if cache_mb else 0)
            runs.append((golden, llvm.run("double", compiled(getattr(kernels, mutant)))))
    (golden_anew, anew), (golden_cached, cached) = runs
    np.testing.assert_array_equal(golden_anew.outputs[0], golden_cached.outputs[0])
    np.testing.assert_array_equal(anew.outputs[0], cached.outputs[0])
    assert anew.rows == cached.rows
    assert anew.fate == cached.fate == "completed"


def test_a_late_mutant_beyond_the_cache_gets_its_golden_inputs(
    compiled: Compile,  # noqa: F811
) -> None:
    x = rows()
    with device(compiled, residual(), x, {3: WEIGHT}, cache_mb=0) as llvm:
        llvm.golden()
        run = llvm.run("relu", compiled(kernels.negate))
    a = x * np.float32(2)
    np.testing.assert_array_equal(run.outputs[0], (np.float32(0) - (a * 2 + WEIGHT)) + a)


def test_two_mutants_and_the_original_alternate_without_mixing(
    compiled: Compile,  # noqa: F811
) -> None:
    x = rows(count=2)
    libraries = [compiled(k) for k in (kernels.double, kernels.triple, kernels.negate)]
    with device(compiled, chain(["double"]), x) as llvm:
        llvm.golden()
        for _ in range(100):
            for library, factor in zip(libraries, (2, 3, -1), strict=True):
                run = llvm.run("double", library)
                np.testing.assert_array_equal(run.outputs[0], x * np.float32(factor))


def test_a_model_output_that_is_an_input_or_weight_is_passed_through(
    compiled: Compile,  # noqa: F811
) -> None:
    x = rows()
    plan = dataclasses.replace(residual(), outputs=(0, 6, 3))
    with device(compiled, plan, x, {3: WEIGHT}) as llvm:
        golden = llvm.golden()
        run = llvm.run("double", compiled(kernels.triple))
    for outputs in (golden.outputs, run.outputs):
        np.testing.assert_array_equal(outputs[0], x)
        np.testing.assert_array_equal(outputs[2], np.stack([WEIGHT] * 4))
    np.testing.assert_array_equal(run.outputs[1], residual_answer(x, factor=3))


def test_rows_of_another_shape_are_refused(compiled: Compile) -> None:  # noqa: F811
    with pytest.raises(InputError, match=r"input x wants rows of float32\[8\]"):
        device(compiled, chain(["double"]), rows(length=9))


def test_a_missing_weight_is_refused(compiled: Compile) -> None:  # noqa: F811
    with pytest.raises(InputError, match="buffer 3"):
        device(compiled, residual(), rows())


def test_a_kernel_that_the_plan_lacks_is_refused(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows()) as llvm:
        llvm.golden()
        with pytest.raises(InputError, match="no kernel 'triple'"):
            llvm.run("triple", compiled(kernels.triple))
