"""From what a device saw of a mutant to the verdict on it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from device_fixtures import chain
from mutatenn.campaign.verdict import Verdict, how_far, judge, verdict_text
from mutatenn.device import MutantRun, OutOfBoundsWrite, RowEvidence
from mutatenn.device.evidence import BufferDifference, LaunchDifference
from mutatenn.oracle import Evidence, parse_oracle
from mutatenn.report.verdict_lines import verdict_lines

PLAN = chain(["double", "relu"], 3)
NAMES = ("zero.png", "one.png")
GOLDEN = np.array([[1, 2, 3], [3, 2, 1]], np.float32)
OTHER = np.array([[1, 2, 3], [2, 3, 1]], np.float32)
NAN = np.array([[1, 2, 3], [np.nan, 2, 1]], np.float32)
STRONGER = GOLDEN * np.float32(2)


def row(
    state: str = "masked", *writes: OutOfBoundsWrite, uninitialised: bool = False
) -> RowEvidence:
    first = -1 if state == "masked" else 0
    return RowEvidence(state, first, uninitialised, writes)  # type: ignore[arg-type]


def write(buffer: int | None, side: Any, distance: int, launch: int = 0) -> OutOfBoundsWrite:
    return OutOfBoundsWrite(buffer, side, distance, distance, launch, "A")


def verdict(
    rows: list[RowEvidence],
    answer: np.ndarray = GOLDEN,
    second: np.ndarray | None = None,
    oracle: str = "top1",
) -> Verdict:
    outputs_b = None if second is None else [second]
    run = MutantRun("completed", "", rows, [answer], outputs_b, 0.1, 4)
    return judge(run, [GOLDEN], [parse_oracle(oracle)], None, NAMES, PLAN)


@pytest.mark.parametrize(
    ("states", "reach"),
    [
        (["masked", "masked"], "masked"),
        (["masked", "infected"], "infected"),
        (["propagated", "infected"], "propagated"),
    ],
)
def test_a_survivor_is_classed_by_the_row_that_got_farthest(states: list[str], reach: str) -> None:
    found = verdict([row(state) for state in states])
    assert (found.verdict, found.kill, found.reach) == ("survived", "", reach)
    assert found.failing == 0 and found.first_failing == "" and found.reason


def test_a_failing_oracle_kills_and_names_the_input() -> None:
    found = verdict([row(), row("propagated")], OTHER)
    assert (found.verdict, found.kill, found.reach) == ("killed", "label", "revealed")
    assert (found.failing, found.first_failing) == (1, "one.png")
    assert found.reason == "top1 fails on 1 of 2 inputs, first on one.png"
    assert found.evidence["rows"] == {"masked": 1, "propagated": 1}


def test_what_one_oracle_accepts_another_may_not() -> None:
    rows = [row("propagated"), row("propagated")]
    assert verdict(rows, STRONGER).verdict == "survived"
    found = verdict(rows, STRONGER, oracle="exact")
    assert (found.verdict, found.kill, found.failing) == ("killed", "numeric", 2)


def test_a_kill_by_nan_alone_is_called_so() -> None:
    assert verdict([row(), row("propagated")], NAN).kill == "nan"


def test_a_wrong_label_is_the_worse_sign_than_a_nan() -> None:
    both = np.array([[3, 2, 1], [np.nan, 2, 1]], np.float32)
    assert verdict([row("propagated")] * 2, both).kill == "label"


@pytest.mark.parametrize(("first", "second"), [(GOLDEN, OTHER), (OTHER, GOLDEN)])
def test_of_two_fill_patterns_the_worse_decides(first: np.ndarray, second: np.ndarray) -> None:
    rows = [row(), row("propagated", uninitialised=True)]
    found = verdict(rows, first, second)
    assert (found.verdict, found.kill, found.failing) == ("killed", "label", 1)
    assert "reads uninitialised memory" in found.marks


def test_a_nan_under_one_pattern_and_a_label_under_the_other_is_a_label() -> None:
    rows = [row(), row("propagated", uninitialised=True)]
    assert verdict(rows, NAN, OTHER).kill == "label"
    assert verdict(rows, NAN, GOLDEN).kill == "nan"


def test_uninitialised_reads_that_no_oracle_minds_survive_with_the_mark() -> None:
    found = verdict([row(), row("propagated", uninitialised=True)], STRONGER, GOLDEN)
    assert (found.verdict, found.marks) == ("survived", ("reads uninitialised memory",))


@pytest.mark.parametrize(
    ("fate", "kill", "marks"),
    [
        ("crash", "crash", ()),
        ("hang", "hang", ()),
        ("memory", "crash", ("exceeds the memory limit",)),
        ("error", "crash", ()),
    ],
)
def test_a_run_that_was_stopped_kills_by_its_end(
    fate: Any, kill: str, marks: tuple[str, ...]
) -> None:
    run = MutantRun(fate, "SIGSEGV somewhere.", [row("not run")] * 2, [GOLDEN], None, 0.1, 1)
    found = judge(run, [GOLDEN], [parse_oracle("top1")], None, NAMES, PLAN)
    assert (found.verdict, found.kill, found.reach) == ("killed", kill, "")
    assert (found.reason, found.marks) == ("SIGSEGV somewhere.", marks)


def test_writes_out_of_bounds_are_told_by_buffer_side_and_farthest_distance() -> None:
    near, far = write(1, "after", 4), write(1, "after", 64, launch=1)
    workspace, inside = write(None, "before", 8), write(0, "inside", 4)
    found = verdict([row("masked", near, workspace), row("masked", far, inside)])
    assert (found.verdict, found.marks) == ("survived", ("writes out of bounds",))
    assert found.evidence["out_of_bounds"] == [
        "wrote 8 bytes before a workspace, first in launch 0 on zero.png",
        "wrote 64 bytes after a0, first in launch 0 on zero.png",
        "overwrote x, an input of the kernel, first in launch 0 on one.png",
    ]


def lines_of(found: BufferDifference) -> list[str]:
    """What is printed of a killed mutant whose second launch differs on the second input."""
    difference = LaunchDifference(1, 1, (found,))
    rows = [row(), row("propagated")]
    run = MutantRun("completed", "", rows, [OTHER], None, 0.1, 4, difference=difference)
    judged = judge(run, [GOLDEN], [parse_oracle("top1")], None, NAMES, PLAN)
    assert judged.evidence["first_difference"]["input"] == "one.png"
    # Others than Python read the journal: what JSON does not know may not stand there.
    evidence = json.loads(json.dumps(judged.evidence, allow_nan=False))
    return verdict_lines({**dataclasses.asdict(judged), "device": "cuda:0", "evidence": evidence})


def test_the_first_launch_that_differs_is_told_in_one_line() -> None:
    ulp = (3968, 0, 100, 28, *[0] * 62)
    found = BufferDifference(2, 128, 4096, 0.0031, 7, 0.12, (0, 0), (0, 0), ulp, (1, 1 << 63))
    line = "  first difference: input one.png, launch 1 (relu), buffer a1: 128 of 4,096 values, "
    assert line + "at most 0.0031 (relative 0.12)" in lines_of(found)
    found = dataclasses.replace(found, max_abs=np.inf, max_rel=np.inf, nan=(0, 2), infinite=(3, 1))
    assert line + "at most inf (relative inf), 2 NaN, 1 infinite" in lines_of(found)


def test_where_no_difference_was_measured_nothing_is_said_of_one() -> None:
    found = verdict([row(), row("propagated")], OTHER)
    assert "first_difference" not in found.evidence
    lines = verdict_lines({**dataclasses.asdict(found), "device": "llvm"})
    assert lines[0].startswith("llvm: killed (label): ")
    assert not any("first difference" in line for line in lines)


def test_every_rule_says_what_it_would_alone() -> None:
    run = MutantRun("completed", "", [row("propagated")] * 2, [STRONGER], None, 0.1, 4)
    oracles = [parse_oracle("top1"), parse_oracle("exact")]
    found = judge(run, [GOLDEN], oracles, None, NAMES, PLAN)
    assert (found.verdict, found.kill) == ("killed", "numeric")
    assert found.evidence["kills"] == {"exact": "numeric"}


def test_an_answer_that_is_the_same_for_every_input_is_marked() -> None:
    same = np.array([[1, 2, 3], [1, 2, 3]], np.float32)
    assert verdict([row(), row("propagated")], same).marks == ("gives one class for every input",)


def test_a_run_to_the_end_is_measured_and_a_stopped_one_is_not() -> None:
    measured = Evidence.from_bytes(verdict([row(), row("propagated")], OTHER).measures)
    assert measured.changed.tolist() == [False, True]
    stopped = MutantRun("crash", "SIGSEGV.", [row("not run")] * 2, [GOLDEN], None, 0.1, 1)
    assert judge(stopped, [GOLDEN], [parse_oracle("top1")], None, NAMES, PLAN).measures == b""


@pytest.mark.parametrize(
    ("verdict", "kill", "text"),
    [
        ("survived", "", "survived"),
        ("killed", "nan", "killed (nan)"),
        ("not_reached", "", "not reached"),
    ],
)
def test_a_verdict_is_read_with_its_kill_and_without_underscores(
    verdict: str, kill: str, text: str
) -> None:
    assert verdict_text(verdict, kill) == text


@pytest.mark.parametrize(
    ("verdict", "reach", "reached", "words"),
    [
        ("not_reached", "", False, "not reached"),
        ("survived", "masked", True, "reached, not infected"),
        ("survived", "masked", None, "not infected, reach unknown"),
        ("survived", "infected", True, "infected, not propagated"),
        ("survived", "propagated", True, "propagated, accepted"),
        ("killed", "revealed", True, "revealed"),
        ("killed", "revealed", None, "revealed"),
        ("killed", "", True, "killed before an answer"),
        ("equivalent", "", None, ""),
        ("inconclusive", "", None, ""),
    ],
)
def test_how_far_a_mutant_got_is_told_in_words(
    verdict: str, reach: str, reached: bool | None, words: str
) -> None:
    assert how_far(verdict, reach, reached) == words
