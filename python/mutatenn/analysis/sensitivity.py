"""How sensitive the parts of a model are: layers and kernels, each with its mutants, ranked."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mutatenn.analysis.effect import Effect
from mutatenn.analysis.score import denominator, score
from mutatenn.analysis.tally import counts, funnel
from mutatenn.campaign.verdict import FUNNEL
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant

Row = Mapping[str, Any]
Effects = Mapping[str, Effect | None]


def layers_of(mutant: Mutant, _: Row) -> Sequence[str]:
    """The layers that a mutant's place computes."""
    return mutant.layers


def kernels_of(mutant: Mutant, row: Row) -> Sequence[str]:
    """The kernels of the original that a mutant changes: of a graph's, those it stands for."""
    if mutant.stage not in GRAPH_STAGES:
        return (mutant.function,)
    found: Sequence[str] = row["evidence"].get("program", {}).get("kernels", ())
    return found


def ranked(
    rows: Iterable[Row],
    mutants: Mapping[str, Mutant],
    effects: Effects,
    parts_of: Callable[[Mutant, Row], Sequence[str]],
) -> list[dict[str, Any]]:
    """An entry for each part of a model that has mutants, the most sensitive part first.

    That is the one with the largest mean drop of accuracy; without labels the one with the largest
    mean share of changed first classes; where these are equal or not known, with the largest mean
    relative L2. Parts whose mutants never ran to the end come last; equal ones by their names.

    Args:
        rows: the journal's rows that may count towards a score.
        mutants: by id.
        effects: of each row, by the mutant's id.
        parts_of: which parts a mutant belongs to; it counts in each of them.
    """
    by_part: dict[str, list[Row]] = {}
    for row in rows:
        for part in dict.fromkeys(parts_of(mutants[row["mutant"]], row)):
            by_part.setdefault(part, []).append(row)
    entries = [{"name": name, **summed(of, effects)} for name, of in by_part.items()]
    entries.sort(key=_rank)
    return [{"rank": place, **entry} for place, entry in enumerate(entries, 1)]


def summed(rows: Sequence[Row], effects: Effects) -> dict[str, Any]:
    """What the mutants of one part, or of all, amount to.

    ``ran`` counts those that ran to the end, over which the means are taken; ``stuck`` those of
    them that give one class for every input, and ``stuck_share`` their share. ``not_finite`` counts
    those with an answer whose relative L2 is no finite number. ``furthest`` is how far the one got
    that got furthest, in the words of the funnel; ``None`` when none counts.
    """
    listed = [dict(row) for row in rows]
    found = counts(listed)
    got = funnel(listed)
    known = [one for row in rows if (one := effects[row["mutant"]]) is not None]
    stuck = sum(one.stuck for one in known)
    return {
        "mutants": len(rows),
        "counted": denominator(found),
        "killed": found["killed"],
        "score": score(found),
        "furthest": next((far for far in reversed(FUNNEL) if got[far]), None),
        "ran": len(known),
        "accuracy_drop": _mean(one.accuracy_drop for one in known),
        "top1_changed": _mean(one.top1_changed for one in known),
        "relative_l2": _mean(one.relative_l2 for one in known),
        "not_finite": sum(one.not_finite > 0 for one in known),
        "stuck": stuck,
        "stuck_share": stuck / len(known) if known else None,
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def _rank(entry: Mapping[str, Any]) -> tuple[float, float, str]:
    """Sorts the most sensitive first; what is not known comes behind all that is."""
    drop = entry["accuracy_drop"]
    first = entry["top1_changed"] if drop is None else drop
    keys = [float("inf") if value is None else -value for value in (first, entry["relative_l2"])]
    return keys[0], keys[1], entry["name"]
