"""The funnel of reached, infected, propagated and revealed mutants, as bars of an SVG."""

from __future__ import annotations

import dataclasses
from typing import Any

from mutatenn.analysis.score import denominator

WIDTH = 640
"""Of the longest bar, in the units of the SVG."""
STEPS = {
    "reached": ("reached", "some input executes the mutated place"),
    "infected": ("infected", "a launch of its kernel gave another output"),
    "propagated": ("propagated", "an output of the model differs"),
    "revealed": ("revealed", "the oracle refuses an answer"),
}


@dataclasses.dataclass(frozen=True)
class Bar:
    """A step: how many mutants got so far, as a share of all that count, and as a length."""

    name: str
    meaning: str
    mutants: int
    share: float
    length: float
    lost: int
    """Mutants of the step before that did not get so far."""


def funnel_bars(body: dict[str, Any]) -> list[Bar]:
    """The bars, the first one for all mutants that count; none where none does.

    Args:
        body: the campaign's summary.
    """
    total = denominator(body["counts"])
    if not total:
        return []
    counts = {"counted": total, **body["ripr"]}
    told = {"counted": ("count", "killed, survived or not reached"), **STEPS}
    bars: list[Bar] = []
    for key, (name, meaning) in told.items():
        number = counts[key]
        lost = bars[-1].mutants - number if bars else 0
        bars.append(Bar(name, meaning, number, number / total, WIDTH * number / total, lost))
    return bars
