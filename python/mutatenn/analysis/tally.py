"""Counting verdicts: by verdict, by kind of kill, and by how far mutants got."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mutatenn.campaign.verdict import FUNNEL, KILLS, STAGES, VERDICTS, how_far
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant


def counts(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Number of mutants for each verdict, zeros included."""
    return _tally(rows, "verdict", VERDICTS)


def kills(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Number of killed mutants for each kind of kill, zeros included."""
    return _tally(rows, "kill", KILLS)


def ripr(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many mutants got at least so far.

    ``reached`` counts those whose place some input executes, crashes and hangs included. The
    others count mutants that ran to the end: one that crashed or hung was stopped on its way.
    """
    rank = {stage: index for index, stage in enumerate(STAGES)}
    kept = list(rows)
    reaches = [rank[row["reach"]] for row in kept if row["reach"]]
    found = {"reached": sum(row["evidence"].get("reached") is True for row in kept)}
    for stage in STAGES[1:]:
        found[stage] = sum(reach >= rank[stage] for reach in reaches)
    return found


def funnel(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many of the mutants that count got just so far, zeros included."""
    found = dict.fromkeys(FUNNEL, 0)
    for row in rows:
        far = how_far(row["verdict"], row["reach"], row["evidence"].get("reached"))
        if far:
            found[far] += 1
    return found


def marks(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Number of mutants with each mark, those that occur."""
    found: dict[str, int] = {}
    for row in rows:
        for mark in row["marks"]:
            found[mark] = found.get(mark, 0) + 1
    return dict(sorted(found.items()))


def differs(row: dict[str, Any], mutant: Mutant) -> bool:
    """Whether a mutant did anything but what the original does: one bit in one launch is enough.

    Of one of the graph, only what an oracle refuses: other kernels add up in another order, and
    round otherwise.
    """
    if mutant.stage in GRAPH_STAGES:
        return bool(row["verdict"] == "killed")
    return row["verdict"] == "killed" or row["reach"] in STAGES[1:]


def _tally(rows: Iterable[dict[str, Any]], key: str, names: Iterable[str]) -> dict[str, int]:
    found = dict.fromkeys(names, 0)
    for row in rows:
        if row[key]:
            found[row[key]] += 1
    return found
