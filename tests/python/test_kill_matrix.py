"""The kill matrix: what runs show of each input, and what they leave unknown."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_fixtures import chain
from mutatenn.analysis.kill_matrix import KillMatrix, kill_matrix
from mutatenn.analysis.killing_set import killing_set
from mutatenn.campaign.cells import EVERY, Cells
from mutatenn.campaign.verdict import judge
from mutatenn.device import MutantRun, RowEvidence
from mutatenn.errors import InputError
from mutatenn.oracle import parse_oracles

PLAN = chain(["double", "relu"], 3)
NAMES = ("a.png", "b.png", "c.png", "d.png")
GOLDEN = np.array([[1, 2, 3]] * 4, np.float32)
LABELS = np.array([2, 2, 2, 2])


def answers(*wrong: int) -> np.ndarray:
    """Golden's, with another first class on some rows."""
    found = GOLDEN.copy()
    found[list(wrong)] = (3, 2, 1)
    return found


def row(
    fate: Any = "completed",
    wrong: Sequence[int] = (),
    stopped_in: int | None = None,
    *,
    proved: bool = False,
    oracles: Sequence[str] = ("top1",),
) -> dict[str, Any]:
    """A journal's row of a run with wrong answers on some rows."""
    states = ["propagated" if index in wrong else "masked" for index in range(len(NAMES))]
    rows = [RowEvidence(state, 0, False, ()) for state in states]  # type: ignore[arg-type]
    run = MutantRun(fate, "", rows, [answers(*wrong)], None, 0.1, 4, proved)
    run = dataclasses.replace(run, stopped_in=stopped_in)
    found = judge(run, [GOLDEN], parse_oracles(oracles), LABELS, NAMES, PLAN)
    return {
        "mutant": "m",
        "verdict": found.verdict,
        "first_failing": found.first_failing,
        "evidence": found.evidence,
    }


def cells(one: dict[str, Any]) -> str:
    """A column as text: + kills, - does not, ? is not known."""
    matrix = kill_matrix([one], NAMES)
    columns = zip(matrix.kills[:, 0], matrix.known[:, 0], strict=True)
    return "".join("+" if kills else "-" if known else "?" for kills, known in columns)


def test_of_a_run_to_the_end_every_input_is_known() -> None:
    assert cells(row(wrong=[1, 3])) == "-+-+"
    assert cells(row()) == "----"


@pytest.mark.parametrize("fate", ["crash", "hang", "memory", "error"])
def test_of_a_run_that_was_stopped_later_inputs_are_unknown_and_earlier_ones_judged(
    fate: str,
) -> None:
    assert cells(row(fate, wrong=[0], stopped_in=2)) == "+-+?"
    assert cells(row(fate, stopped_in=0)) == "+???"
    assert cells(row(fate, stopped_in=3)) == "---+"


def test_what_a_stopped_run_left_in_its_last_row_is_no_answer() -> None:
    assert cells(row("crash", wrong=[1, 3], stopped_in=1)) == "-+??"


def test_of_a_run_that_counted_steps_only_the_last_row_is_known() -> None:
    assert cells(row("hang", stopped_in=2, proved=True)) == "??+?"


def test_where_a_run_was_stopped_nobody_knows_where_nothing_is_known() -> None:
    assert cells(row("crash")) == "????"


def test_a_rule_on_the_whole_set_says_nothing_of_an_input() -> None:
    rule = "accuracy:drop=0.1"
    assert cells(row(wrong=[1], oracles=[rule])) == "????"
    assert cells(row(oracles=[rule])) == "????"
    assert cells(row(wrong=[1], oracles=[rule, "top1"])) == "?+??"
    assert cells(row("crash", stopped_in=1, oracles=[rule, "top1"])) == "?+??"


def test_what_needs_no_run_is_killed_by_every_input() -> None:
    one = {"mutant": "m", "verdict": "killed", "first_failing": "", "evidence": EVERY}
    assert cells(one) == "++++"


def test_a_mutant_that_no_input_reaches_is_known_to_be_killed_by_none() -> None:
    one = {"mutant": "m", "verdict": "not_reached", "first_failing": "", "evidence": {}}
    assert cells(one) == "----"


def test_of_an_earlier_version_the_first_failing_input_is_known() -> None:
    one = {"mutant": "m", "verdict": "killed", "first_failing": "b.png", "evidence": {}}
    assert cells(one) == "-+??"
    assert cells({**one, "first_failing": ""}) == "????"


@pytest.mark.parametrize("verdict", ["invalid", "equivalent", "duplicate", "inconclusive"])
def test_mutants_that_do_not_count_are_no_columns(verdict: str) -> None:
    one = {"mutant": "m", "verdict": verdict, "first_failing": "", "evidence": {}}
    assert kill_matrix([one], NAMES).mutants == ()


def test_evidence_of_another_number_of_inputs_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit its 9 inputs"):
        kill_matrix([row(wrong=[1])], [str(index) for index in range(9)])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=70))
def test_cells_are_read_back_as_they_were_written(pairs: list[tuple[bool, bool]]) -> None:
    known = np.array([one for one, _ in pairs])
    kills = np.array([other for _, other in pairs]) & known
    found = Cells.from_dict(Cells(kills, known).to_dict(), len(pairs))
    assert found.kills.tolist() == kills.tolist()
    assert found.known.tolist() == known.tolist()


def matrix(*columns: str) -> KillMatrix:
    """From columns as ``cells`` writes them; all mutants are killed but those of - alone."""
    kills = np.array([[cell == "+" for cell in column] for column in columns]).T
    known = np.array([[cell != "?" for cell in column] for column in columns]).T
    killed = np.array([set(column) != {"-"} for column in columns])
    mutants = tuple(f"m{index}" for index in range(len(columns)))
    return KillMatrix(NAMES, mutants, killed, kills, known)


def test_the_smallest_set_kills_all_that_some_input_alone_kills() -> None:
    found = killing_set(matrix("++--", "-++-", "-+-?", "----", "????"))
    assert found.names == ("b.png",) and found.cover.method == "exact"
    assert found.kills == 3
    assert found.unplaced == ("m4",)


def test_inputs_are_ranked_by_kills_then_by_what_only_they_kill() -> None:
    found = killing_set(matrix("++--", "+---", "-+--", "-+--", "+---", "--+?"))
    ranked = [(worth.name, worth.kills, worth.unique, worth.unknown) for worth in found.ranking]
    assert ranked == [
        ("a.png", 3, 2, 0),
        ("b.png", 3, 2, 0),
        ("c.png", 1, 1, 0),
        ("d.png", 0, 0, 1),
    ]
    assert [worth.redundancy for worth in found.ranking] == [1 - 2 / 3, 1 - 2 / 3, 0.0, None]
    assert found.idle == ("d.png",)
    assert [worth.chosen for worth in found.ranking] == [True, True, True, False]


def test_where_nothing_is_killed_no_input_is_needed() -> None:
    found = killing_set(matrix("----"))
    assert (found.names, found.kills, found.idle) == ((), 0, NAMES)
