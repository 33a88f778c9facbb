"""Variants on a device: other launches over the golden data, isolated as a kernel's mutants are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import (  # noqa: F401
    Compile,
    compiled,
    device,
    residual,
    rows,
    wait_until,
)
from mutatenn.device import LlvmDevice, MutantRun, RunnerDied
from mutatenn.errors import MissingToolError
from mutatenn.lowering.plan import Buffer, Launch
from mutatenn.lowering.variant import Variant, VariantLaunch

WEIGHT = np.full(8, -0.5, np.float32)
OTHER = np.linspace(-2, 2, 8, dtype=np.float32)
OWN = 7
"""The first buffer that is not the plan's."""


def launch(
    kernel: str,
    inputs: tuple[int, ...],
    output: int,
    counterpart: int | None = None,
    *,
    kept: bool = False,
) -> VariantLaunch:
    return VariantLaunch(Launch(0, kernel, inputs, (output,)), not kept, counterpart)


AFTER = (launch("relu", (4,), 5, 3, kept=True), launch("add", (5, 1), 6, 4, kept=True))
"""The launches behind the sum, as the plan has them."""


def variant(
    launches: tuple[VariantLaunch, ...],
    buffers: tuple[Buffer, ...] = (),
    outputs: tuple[int, ...] = (6,),
    weights: Mapping[int, Any] | None = None,
    libraries: Mapping[str, Path] | None = None,
) -> Variant:
    return Variant(buffers, launches, outputs, weights or {}, {}, dict(libraries or {}))


def weight(value: np.ndarray) -> Variant:
    """The plan with another weight."""
    own = Buffer(OWN, "w", "weight", (8,), "float32")
    return variant((launch("add", (2, OWN), 4, 2), *AFTER), (own,), weights={OWN: value})


def answer(x: np.ndarray, w: np.ndarray = WEIGHT) -> np.ndarray:
    return np.asarray(np.maximum(4 * x + w, 0) + 2 * x)


@pytest.fixture(params=[0, 1], ids=["nothing cached", "cached"])
def llvm(request: pytest.FixtureRequest, compiled: Compile) -> Iterator[LlvmDevice]:  # noqa: F811
    with device(compiled, residual(), rows(), {3: WEIGHT}, cache_mb=request.param) as opened:
        golden = opened.golden()
        np.testing.assert_array_equal(golden.outputs[0], answer(rows()))
        yield opened


def states(run: MutantRun) -> list[str]:
    assert run.fate == "completed", run.detail
    return [row.state for row in run.rows]


def test_a_changed_weight_gives_the_answer_of_that_weight(llvm: LlvmDevice) -> None:
    run = llvm.run_variant(weight(OTHER))
    np.testing.assert_array_equal(run.outputs[0], answer(rows(), OTHER))
    assert states(run) == ["propagated"] * 4
    assert {row.first_launch for row in run.rows} == {5}
    assert run.plan is not None
    assert run.plan.launches[5].inputs == (2, OWN)


def test_an_unchanged_weight_is_masked(llvm: LlvmDevice) -> None:
    run = llvm.run_variant(weight(WEIGHT))
    assert states(run) == ["masked"] * 4
    np.testing.assert_array_equal(run.outputs[0], answer(rows()))


def test_what_a_kept_launch_absorbs_does_not_go_on(compiled: Compile) -> None:  # noqa: F811
    low, lower = np.full(8, -90, np.float32), np.full(8, -99, np.float32)
    with device(compiled, residual(), rows(), {3: low}) as llvm:
        llvm.golden()
        run = llvm.run_variant(weight(lower))
    assert states(run) == ["infected"] * 4
    assert run.launches == 4 * 2  # the sum under both patterns, and no other mutated one


def test_an_inserted_launch_has_a_buffer_of_its_own(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    own = Buffer(OWN, "n", "fresh", (8,), "float32")
    steps = (launch("negate", (2,), OWN), launch("add", (OWN, 3), 4, 2), *AFTER)
    run = llvm.run_variant(variant(steps, (own,), libraries={"negate": compiled(kernels.negate)}))
    expected = np.maximum(-4 * rows() + WEIGHT, 0) + 2 * rows()
    np.testing.assert_array_equal(run.outputs[0], expected)
    assert {row.first_launch for row in run.rows} == {5}


def test_an_earlier_value_may_be_the_output(llvm: LlvmDevice) -> None:
    run = llvm.run_variant(variant((), outputs=(4,)))
    assert states(run) == ["propagated"] * 4
    np.testing.assert_array_equal(run.outputs[0], 4 * rows() + WEIGHT)


def test_the_models_input_may_be_the_output(llvm: LlvmDevice) -> None:
    run = llvm.run_variant(variant((), outputs=(0,)))
    np.testing.assert_array_equal(run.outputs[0], rows())


@pytest.mark.parametrize(
    ("kernel", "fate"), [("write_far", "crash"), ("never_end", "hang"), ("eat_memory", "memory")]
)
def test_a_variant_that_misbehaves_ends_alone(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
    kernel: str,
    fate: str,
) -> None:
    library = compiled(getattr(kernels, kernel))
    steps = (launch(kernel, (1,), 2, 1), launch("add", (2, 3), 4, 2, kept=True), *AFTER)
    run = llvm.run_variant(variant(steps, libraries={kernel: library}))
    assert run.fate == fate
    assert f"launch 5 ({kernel})" in run.detail
    assert states(llvm.run_variant(weight(WEIGHT))) == ["masked"] * 4
    assert llvm.recheck() is None


def test_writes_out_of_bounds_and_reads_of_unwritten_memory_are_seen(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    def run_of(kernel: str) -> MutantRun:
        steps = (launch(kernel, (1,), 2, 1), launch("add", (2, 3), 4, 2, kept=True), *AFTER)
        library = compiled(getattr(kernels, kernel))
        return llvm.run_variant(variant(steps, libraries={kernel: library}))

    (write,) = run_of("write_after").rows[0].out_of_bounds
    assert (write.buffer, write.side) == (2, "after")
    unwritten = run_of("leave_unwritten")
    assert all(row.reads_uninitialised for row in unwritten.rows)
    assert unwritten.outputs_b is not None


def test_runs_of_kernels_and_variants_alternate_on_siblings(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    with llvm.sibling() as twin:
        for device_ in (llvm, twin):
            device_.begin_variant(weight(OTHER))
            assert wait_until(lambda: True)
        for device_ in (llvm, twin):
            np.testing.assert_array_equal(device_.end().outputs[0], answer(rows(), OTHER))
            run = device_.run("relu", compiled(kernels.negate))
            np.testing.assert_array_equal(run.outputs[0], -(4 * rows() + WEIGHT) + 2 * rows())


def test_closing_a_device_ends_the_variant_that_it_runs(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, residual(), rows(), {3: WEIGHT}) as llvm:
        llvm.golden()
        steps = (launch("never_end", (1,), 2, 1),)
        llvm.begin_variant(variant(steps, libraries={"never_end": compiled(kernels.never_end)}))
        assert llvm._variant is not None
        pid = llvm._variant.process.pid
    assert wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_variant_that_does_not_fit_the_plan_is_refused(llvm: LlvmDevice) -> None:
    with pytest.raises((MissingToolError, RunnerDied), match="launch 5"):
        llvm.run_variant(variant((launch("add", (2, 99), 4, 2),)))
    assert states(llvm.run_variant(weight(WEIGHT))) == ["masked"] * 4
