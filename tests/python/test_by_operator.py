"""Verdicts by operator, against numbers worked out by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.analysis.by_operator import by_operator, operator_rows
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.markdown import markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

ONE = Mutant("a-1", "a", 1, "kernel", "main", 0, 0, ".value", {})


def verdicts(**of: str) -> tuple[list[dict[str, Any]], dict[str, Mutant]]:
    rows, mutants = [], {}
    for name, words in of.items():
        for n, verdict in enumerate(words.split()):
            mutant = dataclasses.replace(ONE, id=f"{name}-{n}", operator=name)
            mutants[mutant.id] = mutant
            rows.append({"mutant": mutant.id, "verdict": verdict})
    return rows, mutants


def test_each_operator_has_its_own_score() -> None:
    found = by_operator(*verdicts(b="killed killed survived not_reached", a="equivalent killed"))
    assert list(found) == ["b", "a"]
    assert (found["b"]["score"], found["a"]["score"]) == (0.5, 1.0)


def test_an_operator_none_of_whose_mutants_counts_has_no_score() -> None:
    found = by_operator(*verdicts(a="equivalent duplicate invalid inconclusive"))
    assert found["a"]["score"] is None
    assert operator_rows(found) == [["a", "4", "0", "0", "0", "4", ""]]


def test_a_row_of_the_table_adds_up() -> None:
    found = by_operator(*verdicts(a="killed survived survived not_reached invalid"))
    assert operator_rows(found) == [["a", "5", "1", "2", "1", "1", "0.250"]]


def test_a_campaigns_reports_hold_every_mutant_under_its_operator(
    finished: Finished,  # noqa: F811
) -> None:
    record = Record.read(finished.folder)
    operators = summary(record)["by_operator"]
    for name, found in operators.items():
        own = [row for row in record.scored() if row["mutant"].startswith(f"{name}-")]
        assert sum(found["counts"].values()) == len(own)
    assert sum(sum(found["counts"].values()) for found in operators.values()) == len(
        record.scored()
    )
    text = markdown(record)
    assert all(f"| {' | '.join(row)} |" in text for row in operator_rows(operators))
