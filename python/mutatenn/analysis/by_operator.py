"""Verdicts and score of each operator: which kinds of fault the tests notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mutatenn.analysis.score import score
from mutatenn.analysis.tally import counts
from mutatenn.mutation.mutant import Mutant

HEAD = ("operator", "mutants", "killed", "survived", "not reached", "away", "score")
"""Columns of a table of operators; ``away`` are those that no score counts."""


def by_operator(
    rows: Iterable[dict[str, Any]], mutants: Mapping[str, Mutant]
) -> dict[str, dict[str, Any]]:
    """``counts`` of verdicts and ``score`` of each operator, the most mutants first.

    Args:
        rows: verdicts that a score may count, as ``Record.scored`` gives them.
        mutants: the mutants by id.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(mutants[row["mutant"]].operator, []).append(row)
    tallies = {name: counts(own) for name, own in found.items()}
    names = sorted(found, key=lambda name: (-len(found[name]), name))
    return {name: {"counts": tallies[name], "score": score(tallies[name])} for name in names}


def operator_rows(operators: Mapping[str, dict[str, Any]]) -> list[list[str]]:
    """A row of texts under ``HEAD`` for each operator."""
    table = []
    for name, found in operators.items():
        tally = found["counts"]
        held = [tally["killed"], tally["survived"], tally["not_reached"]]
        total = sum(tally.values())
        numbers = [total, *held, total - sum(held)]
        share = "" if found["score"] is None else f"{found['score']:.3f}"
        table.append([name, *map(str, numbers), share])
    return table
