"""What stands at the top of the page: the score, the verdicts as a bar, and warnings."""

from __future__ import annotations

import dataclasses
from typing import Any

from mutatenn.analysis.score import denominator
from mutatenn.campaign.verdict import VERDICTS, verdict_text

MEANINGS = {
    "killed": "the oracle refused an answer, or the mutant crashed, hung or changed a shape",
    "survived": "executed, and accepted on every input",
    "not_reached": "no input executes the place",
    "invalid": "a verifier or a compiler refuses it",
    "equivalent": "proved to compute what the original does",
    "duplicate": "compiles to the same as another mutant",
    "inconclusive": "unstable, or a fault of the harness",
}
COUNTED = ("killed", "survived", "not_reached")
WIDTH = 640.0


@dataclasses.dataclass(frozen=True)
class Segment:
    """A verdict: how many mutants have it, and its part of a bar of length ``WIDTH``."""

    verdict: str
    name: str
    meaning: str
    mutants: int
    counts: bool
    start: float
    length: float


def segments(counts: dict[str, int]) -> list[Segment]:
    """A segment for each verdict, those without mutants too; their lengths add up to ``WIDTH``."""
    total, start, found = sum(counts.values()), 0.0, []
    for verdict in VERDICTS:
        length = WIDTH * counts[verdict] / total if total else 0.0
        found.append(
            Segment(
                *(verdict, verdict_text(verdict), MEANINGS[verdict], counts[verdict]),
                *(verdict in COUNTED, start, length),
            )
        )
        start += length
    return found


def score_terms(body: dict[str, Any]) -> str:
    """The score's definition with this campaign's numbers in it."""
    counts = body["counts"]
    terms = " + ".join(f"{verdict_text(name)} {counts[name]}" for name in COUNTED)
    return f"killed {counts['killed']} / ({terms}) = {counts['killed']} / {denominator(counts)}"


def warnings(body: dict[str, Any]) -> list[str]:
    """What makes the figures not final, or not to be trusted."""
    found = []
    if body["pending"]:
        verdicts = "verdict is" if body["pending"] == 1 else "verdicts are"
        found.append(
            f"This campaign is not finished: {body['pending']} {verdicts} missing. All figures are "
            "of the verdicts so far; mutatenn-ir run --resume goes on with it."
        )
    if body["damaged"]:
        found.append(f"The journal is damaged ({body['damaged']}): only readable rows count.")
    suspects = body["suspected_defects"]
    if suspects:
        mutants = "mutant" if len(suspects) == 1 else "mutants"
        found.append(
            f"{len(suspects)} semantics-preserving {mutants} made a difference: suspected defects "
            f"of the compiler ({', '.join(suspects[:5])}{' ...' if len(suspects) > 5 else ''})."
        )
    return found
