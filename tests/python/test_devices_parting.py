"""Where devices part is found launch by launch, and rounding is not taken for it."""

from __future__ import annotations

import math
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from device_axes import DEVICES, row, scores
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.parting.choice import Choice, Wanted, by_mutant
from mutatenn.campaign.parting.search import FACTOR, first_difference, tolerance
from mutatenn.campaign.verdict import UNINITIALISED
from mutatenn.device.evidence import MutantRun, RowEvidence
from mutatenn.lowering.plan import Buffer, Launch, Plan
from mutatenn.oracle import Outputs, parse_oracles

SHAPE = (4,)
PLAN = Plan(
    tuple(
        Buffer(i, f"b{i}", "input" if i == 0 else "activation", SHAPE, "float32") for i in range(4)
    ),
    tuple(Launch(i, f"k{i}", (i,), (i + 1,), (f"layer{i}",)) for i in range(3)),
    (0,),
    (1, 2, 3),
    "llvm",
)
Values = dict[int, NDArray[Any]]


def trace(**changed: float) -> Values:
    """All ones; ``b2=5`` puts 5 into the element 1 of the buffer 2."""
    values: Values = {buffer: np.ones(SHAPE, np.float32) for buffer in (1, 2, 3)}
    for name, value in changed.items():
        values[int(name[1:])][1] = value
    return values


def test_the_first_launch_that_differs_is_found_with_both_values() -> None:
    found = first_difference(
        PLAN, (trace(), trace()), (trace(b2=5.0, b3=7.0), trace(b2=6.0, b3=9.0))
    )
    assert found is not None
    assert (found.launch, found.kernel, found.layers) == (1, "k1", ("layer1",))
    assert (found.buffer, found.index, found.values) == ("b2", 1, ("5", "6"))
    assert found.tolerance == pytest.approx(FACTOR * np.finfo(np.float32).eps * 6)


def test_the_originals_own_difference_widens_the_tolerance() -> None:
    originals = trace(), trace(b2=1.01)
    mutants = trace(b2=5.0), trace(b2=5.05)
    found = first_difference(PLAN, originals, mutants)
    assert found is None
    assert first_difference(PLAN, (trace(), trace()), mutants) is not None
    allowed = tolerance((originals[0][2], originals[1][2]), (mutants[0][2], mutants[1][2]))
    assert allowed == pytest.approx(FACTOR * 0.01 / 1.01 * 5.05, rel=1e-5)


def test_rounding_of_one_unit_is_not_a_parting() -> None:
    one = trace(b2=5.0), trace(b2=float(np.nextafter(np.float32(5), np.float32(6))))
    assert first_difference(PLAN, (trace(), trace()), one) is None


def test_nan_on_one_device_alone_is_a_parting() -> None:
    found = first_difference(PLAN, (trace(), trace()), (trace(b1=math.nan), trace()))
    assert found is not None
    assert (found.launch, found.values) == (0, ("nan", "1"))
    both = trace(b1=math.nan), trace(b1=math.nan)
    assert first_difference(PLAN, (trace(), trace()), both) is None


def test_integers_have_no_rounding() -> None:
    one, other = np.asarray([3, 4]), np.asarray([3, 5])
    assert tolerance((one, one), (one, other)) == 0.0


GOLDEN = scores([4.0, 1.0], [1.0, 2.0], [8.0, 0.0])


def ran(*rows: list[float]) -> MutantRun:
    states = [RowEvidence("propagated", 0, False, ()) for _ in rows]
    return MutantRun("completed", "", states, [scores(*rows)], None, 0.0, 1)


def subject(plans: Sequence[Plan] = (PLAN, PLAN, PLAN)) -> Any:
    """What a choice reads of a campaign's subject."""
    of = {
        device: types.SimpleNamespace(lowered=types.SimpleNamespace(plan=plan))
        for device, plan in zip(DEVICES, plans, strict=True)
    }
    return types.SimpleNamespace(
        options=types.SimpleNamespace(device=DEVICES),
        oracles=parse_oracles(["top1"]),
        inputs=types.SimpleNamespace(labels=None),
        of=of.__getitem__,
    )


def chosen(
    path: Path, verdicts: dict[str, str], answers: dict[str, MutantRun], *marks: str, **more: Any
) -> list[Wanted]:
    """What is wanted of one mutant with these verdicts and answers, by device."""
    rows = [row("m", device, *text.split("/")) for device, text in verdicts.items()]
    for one in rows:
        one["marks"] = list(marks)
        one["reach"] = "revealed" if one["device"] in answers else ""
    with Answers(path / "answers.sqlite") as store:
        golden: Outputs = [GOLDEN]
        for device in DEVICES:
            store.record_golden(device, golden)
        for device, run in answers.items():
            store.record("m", device, run)
        return Choice(subject(**more), store).wanted(by_mutant(rows, DEVICES))


SAME = ran([4.0, 1.0], [1.0, 2.0], [8.0, 0.0])
OTHER = ran([4.0, 1.0], [2.0, 1.0], [8.0, 0.0])
HIGHER = ran([4.0, 1.0], [1.0, 2.0], [9.0, 0.0])


def test_the_input_is_one_that_one_device_fails_and_the_other_does_not(tmp_path: Path) -> None:
    verdicts = {"llvm": "survived", "c": "killed/label", "opencl:0": "killed/label"}
    found = chosen(tmp_path, verdicts, {"llvm": SAME, "c": OTHER, "opencl:0": OTHER})
    assert found == [Wanted("m", ("c", "llvm"), 1)]


def test_devices_that_share_launches_are_preferred(tmp_path: Path) -> None:
    verdicts = {"llvm": "killed/label", "c": "killed/label", "opencl:0": "survived"}
    other = Plan(PLAN.buffers, PLAN.launches[:1], (0,), (1,), "opencl")
    found = chosen(
        tmp_path,
        verdicts,
        {"llvm": OTHER, "c": OTHER, "opencl:0": SAME},
        plans=(other, PLAN, PLAN),
    )
    assert found[0].devices == ("c", "opencl:0")


def test_a_device_that_gives_answers_is_preferred_to_one_that_crashes(tmp_path: Path) -> None:
    verdicts = {"llvm": "killed/crash", "c": "killed/label", "opencl:0": "survived"}
    found = chosen(tmp_path, verdicts, {"c": OTHER, "opencl:0": SAME})
    assert found == [Wanted("m", ("c", "opencl:0"), 1)]


def test_a_crash_on_one_device_is_a_reason_in_place_of_an_input(tmp_path: Path) -> None:
    found = chosen(tmp_path, {"llvm": "killed/crash", "c": "survived"}, {"c": SAME})
    assert found[0].row is None
    assert found[0].reason == "llvm does not run it to the end: killed by the test"


def test_where_no_input_executes_the_place_the_original_answers(tmp_path: Path) -> None:
    found = chosen(tmp_path, {"llvm": "killed/label", "c": "not_reached"}, {"llvm": OTHER})
    assert found == [Wanted("m", ("llvm", "c"), 1)]


def test_answers_that_differ_beyond_the_noise_are_wanted_too(tmp_path: Path) -> None:
    verdicts = dict.fromkeys(DEVICES, "survived")
    answers = {"llvm": SAME, "c": HIGHER, "opencl:0": SAME}
    found = chosen(tmp_path, verdicts, answers, UNINITIALISED)
    assert found == [Wanted("m", ("llvm", "c"), 2, uninitialised=True)]


def test_equal_answers_are_not_wanted(tmp_path: Path) -> None:
    verdicts = dict.fromkeys(DEVICES, "killed/label")
    assert chosen(tmp_path, verdicts, dict.fromkeys(DEVICES, OTHER)) == []


def test_answers_under_a_second_pattern_are_kept_too(tmp_path: Path) -> None:
    run = MutantRun("completed", "", OTHER.rows, OTHER.outputs, HIGHER.outputs, 0.0, 1)
    with Answers(tmp_path / "answers.sqlite") as store:
        store.record_golden("c", [GOLDEN])
        store.record("m", "c", run)
        found = store.of("m", "c")
        assert found is not None
        assert found.outputs_b is not None
        assert np.array_equal(found.outputs[0], OTHER.outputs[0])
        assert np.array_equal(found.outputs_b[0], HIGHER.outputs[0])
        store.record("m", "c", OTHER)
        again = store.of("m", "c")
    assert again is not None
    assert again.outputs_b is None
