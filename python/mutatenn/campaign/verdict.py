"""Verdicts: what is said of a mutant on a device, and the rules that decide it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.cells import KEY, of_answers, of_stopped
from mutatenn.campaign.first_difference import difference_evidence, first_launch_evidence
from mutatenn.device.evidence import MutantRun
from mutatenn.lowering.plan import Plan
from mutatenn.oracle import Oracle, Outputs
from mutatenn.oracle import evidence as measure
from mutatenn.oracle import judge as judge_answers

VERDICTS = (
    "killed",
    "survived",
    "not_reached",
    "invalid",
    "equivalent",
    "duplicate",
    "inconclusive",
)
AWAY = ("equivalent", "duplicate", "invalid")
"""Verdicts on mutants that are not runnable: they are in no score, and fill no sample."""
LIVING = ("survived", "not_reached")
"""Verdicts on mutants that are runnable and that nothing noticed."""
KILLS = ("label", "numeric", "nan", "crash", "hang", "shape")
STAGES = ("masked", "infected", "propagated", "revealed")
"""How far a mutant that ran got, in order."""

OUT_OF_BOUNDS = "writes out of bounds"
PROVED_OUT_OF_BOUNDS = "out of bounds by proof"
UNINITIALISED = "reads uninitialised memory"
STUCK = "gives one class for every input"
MEMORY_LIMIT = "exceeds the memory limit"


FUNNEL = (
    "not reached",
    "reached, not infected",
    "not infected, reach unknown",
    "infected, not propagated",
    "propagated, accepted",
    "revealed",
    "killed before an answer",
)
"""How far a mutant that counts got, in words."""
_REACH_WORDS = dict(zip(STAGES, (FUNNEL[1], *FUNNEL[3:6]), strict=True))


def verdict_text(verdict: str, kill: str = "") -> str:
    """A verdict as people read it, such as ``not reached`` or ``killed (nan)``."""
    return verdict.replace("_", " ") + (f" ({kill})" if kill else "")


def how_far(verdict: str, reach: str, reached: bool | None) -> str:
    """One of ``FUNNEL``; empty for a mutant that does not count.

    Args:
        verdict: one of ``VERDICTS``.
        reach: one of ``STAGES``, or empty for a mutant that did not run to the end.
        reached: whether an input executes the place; ``None`` if that is not known.
    """
    if verdict == "not_reached":
        return "not reached"
    if reach == "masked" and reached is None:
        return "not infected, reach unknown"
    if verdict == "killed" and not reach:
        return "killed before an answer"
    return _REACH_WORDS.get(reach, "")


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The verdict on one mutant.

    ``kill`` is one of ``KILLS`` for a killed mutant, else empty; ``reach`` one of ``STAGES`` for a
    mutant that ran to the end, else empty; ``failing`` counts the inputs on which the oracle
    failed; ``reason`` is one sentence; ``measures`` is ``mutatenn.oracle.Evidence`` as bytes, empty
    for a mutant that did not run to the end.
    """

    verdict: str
    kill: str = ""
    reach: str = ""
    reason: str = ""
    marks: tuple[str, ...] = ()
    failing: int = 0
    first_failing: str = ""
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)
    measures: bytes = b""


def judge(
    run: MutantRun,
    golden: Outputs,
    oracles: Sequence[Oracle],
    labels: NDArray[np.int64] | None,
    names: tuple[str, ...],
    plan: Plan,
) -> Verdict:
    """Decide a mutant that was run on a device.

    Args:
        run: what the device saw.
        golden: the golden answers.
        oracles: the acceptance rules; any that fails kills.
        labels: class index of each input row, for rules that need them.
        names: name of each input row.
        plan: the plan that was run, for the names of its buffers.
    """
    marks = _marks(run)
    evidence: dict[str, Any] = {
        "rows": _row_counts(run),
        "out_of_bounds": _writes(run, names, plan),
    }
    launch = first_launch_evidence(run.rows, names, plan)
    if launch is not None:
        evidence["first_launch"] = launch
    if run.difference is not None:
        evidence["first_difference"] = difference_evidence(run.difference, names, plan)
    if run.fate == "refused":
        return Verdict("invalid", reason=run.detail, marks=marks, evidence=evidence)
    if run.fate != "completed":
        kill = "hang" if run.fate == "hang" else "crash"
        evidence[KEY] = of_stopped(run, golden, oracles, labels).to_dict()
        return Verdict("killed", kill, reason=run.detail, marks=marks, evidence=evidence)
    judgement = judge_answers(oracles, golden, run.outputs, run.outputs_b, labels)
    cells = of_answers(judgement)
    if judgement.killed or not cells.known.all():
        evidence[KEY] = cells.to_dict()
    reach = _reach(run, judgement.killed)
    measures = measure(golden, run.outputs)
    if measures.stuck:
        marks = (*marks, STUCK)
    if not judgement.killed:
        reason = _survival(reach)
        return Verdict("survived", "", reach, reason, marks, 0, "", evidence, measures.to_bytes())
    evidence["kills"] = {
        oracle.name: kill for oracle, kill in zip(oracles, judgement.kills, strict=True) if kill
    }
    failing = np.flatnonzero(judgement.failing)
    first = names[int(failing[0])] if failing.size else ""
    return Verdict(
        "killed",
        judgement.kill,
        reach,
        judgement.reason(names),
        marks,
        int(failing.size),
        first,
        evidence,
        measures.to_bytes(),
    )


def _reach(run: MutantRun, failed: bool) -> str:
    if failed:
        return "revealed"
    states = {row.state for row in run.rows}
    return next(state for state in ("propagated", "infected", "masked") if state in states)


def _survival(reach: str) -> str:
    return {
        "masked": "every launch gave the golden output bit for bit",
        "infected": "a launch differed, the model's outputs did not",
        "propagated": "the model's outputs differed, the oracle accepted them",
    }[reach]


def _marks(run: MutantRun) -> tuple[str, ...]:
    marks = []
    if any(row.out_of_bounds for row in run.rows):
        marks.append(OUT_OF_BOUNDS)
    if any(row.reads_uninitialised for row in run.rows):
        marks.append(UNINITIALISED)
    if run.fate == "memory":
        marks.append(MEMORY_LIMIT)
    return tuple(marks)


def _row_counts(run: MutantRun) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in run.rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return counts


def _writes(run: MutantRun, names: tuple[str, ...], plan: Plan) -> list[str]:
    """A sentence per buffer and side that was written out of bounds: how far, first where."""
    farthest: dict[tuple[str, str], tuple[int, str]] = {}
    for row, name in zip(run.rows, names, strict=True):
        for write in row.out_of_bounds:
            buffer = "a workspace" if write.buffer is None else plan.buffers[write.buffer].name
            key = (buffer, write.side)
            distance, first = farthest.get(key, (0, f"launch {write.launch} on {name}"))
            farthest[key] = (max(distance, write.distance), first)
    return [
        f"wrote {distance} bytes {side} {buffer}, first in {first}"
        if side != "inside"
        else f"overwrote {buffer}, an input of the kernel, first in {first}"
        for (buffer, side), (distance, first) in sorted(farthest.items())
    ]
