"""Variants on an accelerator: other launches over the golden data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    LENGTH,
    WEIGHT,
    Write,
    answer,
    device,
    pocl_cache,
    rows,
    unary,
    write,
)
from mutatenn.device import AcceleratorDevice, MutantRun
from mutatenn.lowering.plan import Buffer, Launch
from mutatenn.lowering.variant import Variant, VariantLaunch

OTHER = np.linspace(-2, 2, LENGTH, dtype=np.float32)
OWN = 5
"""The first buffer that is not the plan's."""
RELU = VariantLaunch(Launch(0, "relu", (3,), (4,)), False, 2)


def mutated(
    kernel: str, inputs: tuple[int, ...], output: int, counterpart: int | None = None
) -> VariantLaunch:
    return VariantLaunch(Launch(0, kernel, inputs, (output,)), True, counterpart)


def variant(
    launches: tuple[VariantLaunch, ...],
    buffers: tuple[Buffer, ...] = (),
    outputs: tuple[int, ...] = (4,),
    weights: Mapping[int, Any] | None = None,
    kernels: Mapping[str, Path] | None = None,
) -> Variant:
    return Variant(buffers, launches, outputs, weights or {}, {}, dict(kernels or {}))


def weight(value: np.ndarray) -> Variant:
    own = Buffer(OWN, "w", "weight", (LENGTH,), "float32")
    return variant((mutated("centre", (1, OWN), 3, 1), RELU), (own,), weights={OWN: value})


@pytest.fixture(scope="module", params=[0, 1], ids=["nothing cached", "cached"])
def opened(request: pytest.FixtureRequest, write: Write) -> Iterator[AcceleratorDevice]:  # noqa: F811
    with device(write, cache_mb=request.param) as found:
        found.golden()
        yield found


def states(run: MutantRun) -> list[str]:
    assert run.fate == "completed", run.detail
    return [row.state for row in run.rows]


def test_a_changed_weight_gives_the_answer_of_that_weight(opened: AcceleratorDevice) -> None:
    run = opened.run_variant(weight(OTHER))
    np.testing.assert_array_equal(run.outputs[0], answer(rows(), OTHER))
    assert states(run) == ["propagated"] * 3
    assert {row.first_launch for row in run.rows} == {3}
    assert run.plan is not None
    assert run.plan.launches[3].inputs == (1, OWN)


def test_an_unchanged_weight_is_masked(opened: AcceleratorDevice) -> None:
    run = opened.run_variant(weight(WEIGHT))
    assert states(run) == ["masked"] * 3
    assert run.launches == 3 * 2  # the one mutated launch, under both patterns


def test_an_inserted_launch_has_a_buffer_of_its_own(
    opened: AcceleratorDevice,
    write: Write,  # noqa: F811
) -> None:
    own = Buffer(OWN, "n", "fresh", (LENGTH,), "float32")
    steps = (mutated("negate", (1,), OWN), mutated("centre", (OWN, 2), 3, 1), RELU)
    negate = write(unary("y[i] = -x[i];"))
    run = opened.run_variant(variant(steps, (own,), kernels={"negate": negate}))
    np.testing.assert_array_equal(run.outputs[0], answer(rows(), factor=-2))
    assert {row.first_launch for row in run.rows} == {3}
    # There is nothing golden that the new buffer could be compared with.
    assert run.difference is not None
    assert (run.difference.row, run.difference.launch) == (0, 4)
    assert [one.buffer for one in run.difference.buffers] == [3]


def test_an_earlier_value_or_the_input_may_be_the_output(opened: AcceleratorDevice) -> None:
    run = opened.run_variant(variant((), outputs=(1,)))
    assert states(run) == ["propagated"] * 3
    np.testing.assert_array_equal(run.outputs[0], rows() * 2)
    run = opened.run_variant(variant((), outputs=(0,)))
    np.testing.assert_array_equal(run.outputs[0], rows())


def test_what_misbehaves_or_cannot_run_ends_alone(
    opened: AcceleratorDevice,
    write: Write,  # noqa: F811
) -> None:
    bodies = {
        "hang": "volatile int go = 1; while (go) y[i] += x[i];",
        "crash": "y[1 << 30] = 1.0f;",
        "refused": "nothing;",
    }
    for fate, body in bodies.items():
        steps = (mutated("own", (0,), 1, 0),)
        run = opened.run_variant(variant(steps, kernels={"own": write(unary(body))}))
        assert run.fate == fate, run.detail
        assert fate == "refused" or "launch 3 (own)" in run.detail
    assert states(opened.run_variant(weight(WEIGHT))) == ["masked"] * 3
    assert opened.recheck() is None


def test_writes_out_of_bounds_are_numbered_by_the_variants_plan(
    opened: AcceleratorDevice,
    write: Write,  # noqa: F811
) -> None:
    own = Buffer(OWN, "n", "fresh", (LENGTH,), "float32")
    after = write(unary("y[i] = x[i]; if (i == 0) y[64] = 1;"))
    steps = (mutated("after", (1,), OWN), mutated("centre", (OWN, 2), 3, 1), RELU)
    run = opened.run_variant(variant(steps, (own,), kernels={"after": after}))
    (write_out,) = run.rows[0].out_of_bounds
    assert (write_out.buffer, write_out.side, write_out.distance) == (OWN, "after", 4)
    assert write_out.launch == 3
    np.testing.assert_array_equal(run.outputs[0], answer(rows()))
    assert states(run) == ["infected"] * 3  # a fresh buffer is like nothing in the plan
