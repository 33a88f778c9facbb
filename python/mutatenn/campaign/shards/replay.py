"""Which mutants of different shards are the same code, as one run of all would have found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn.campaign.rescheduled import RESCHEDULED
from mutatenn.campaign.shards.duplicates import artifact_reason, named_in, twin_reason
from mutatenn.mutation.mutant import Mutant

Row = dict[str, Any]
"""A verdict as the journal's table has it: marks and evidence are JSON."""


def replayed(mutants: Sequence[Mutant], rows: Mapping[str, Row]) -> dict[str, Row]:
    """The rows of one device as an undivided campaign would have written them.

    Each shard compares its mutants with each other alone. Here those of all are taken in the
    manifest's order once more: one whose lowered code or object code an earlier one has, wherever
    that ran, becomes its duplicate, and a duplicate names the earliest.

    Args:
        mutants: those of the device, in the manifest's order.
        rows: the verdicts of all shards, by mutant; some may have none.
    """
    lowered: dict[tuple[str, str], str] = {}
    artifacts: dict[tuple[str, str], str] = {}
    found: dict[str, Row] = {}
    for mutant in mutants:
        row = rows.get(mutant.id)
        if row is None:
            continue
        found[mutant.id] = row
        if row["lowered"]:
            first = lowered.setdefault((mutant.function, row["lowered"]), mutant.id)
            if first != mutant.id:
                found[mutant.id] = _twin(row, first)
                continue
        elif row["verdict"] == "duplicate" and not row["artifact"]:
            named = rows[named_in(row["reason"])]
            first = lowered[mutant.function, named["lowered"]]
            found[mutant.id] = {**row, "reason": twin_reason(first)}
            continue
        if not row["artifact"] or row["verdict"] == "equivalent":
            continue
        first = artifacts.setdefault((mutant.program, row["artifact"]), mutant.id)
        if first != mutant.id:
            found[mutant.id] = _same(row, first)
    return found


def _twin(row: Row, first: str) -> Row:
    """The verdict on a mutant that would not have been compiled."""
    reason = twin_reason(first)
    return {**_dropped(row), "reason": reason, "artifact": "", "lowered": ""}


def _same(row: Row, first: str) -> Row:
    """The verdict on a mutant that would have been compiled, and not run."""
    evidence = json.loads(row["evidence"])
    kept = {key: evidence[key] for key in ("program", "schedule") if key in evidence}
    marks = [mark for mark in json.loads(row["marks"]) if mark == RESCHEDULED]
    reason = artifact_reason(first, program="program" in evidence)
    told = {"evidence": json.dumps(kept), "marks": json.dumps(marks), "reason": reason}
    return {**_dropped(row), **told}


def _dropped(row: Row) -> Row:
    """What is left of a verdict where there was no run."""
    none = {"kill": "", "reach": "", "failing": 0, "first_failing": "", "measures": b""}
    blank = {"evidence": "{}", "marks": "[]", "seconds_run": 0.0}
    return {**row, "verdict": "duplicate", **none, **blank}
