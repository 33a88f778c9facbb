"""Verdicts: what is said of a mutant on a device, and the rules that decide it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from mutatenn.campaign.oracle import Judgement, Oracle, Outputs
from mutatenn.device.evidence import MutantRun
from mutatenn.lowering.plan import Plan

VERDICTS = (
    "killed",
    "survived",
    "not_reached",
    "invalid",
    "equivalent",
    "duplicate",
    "inconclusive",
)
KILLS = ("label", "numeric", "nan", "crash", "hang")
STAGES = ("masked", "infected", "propagated", "revealed")
"""How far a mutant that ran got, in order."""

OUT_OF_BOUNDS = "writes out of bounds"
UNINITIALISED = "reads uninitialised memory"
MEMORY_LIMIT = "exceeds the memory limit"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The verdict on one mutant.

    ``kill`` is one of ``KILLS`` for a killed mutant, else empty; ``reach`` one of ``STAGES`` for a
    mutant that ran to the end, else empty; ``failing`` counts the inputs on which the oracle
    failed; ``reason`` is one sentence.
    """

    verdict: str
    kill: str = ""
    reach: str = ""
    reason: str = ""
    marks: tuple[str, ...] = ()
    failing: int = 0
    first_failing: str = ""
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)


def judge(
    run: MutantRun, golden: Outputs, oracle: Oracle, names: tuple[str, ...], plan: Plan
) -> Verdict:
    """Decide a mutant that was run on a device.

    Args:
        run: what the device saw.
        golden: the golden answers.
        oracle: the acceptance rule.
        names: name of each input row.
        plan: the plan that was run, for the names of its buffers.
    """
    marks = _marks(run)
    evidence = {"rows": _row_counts(run), "out_of_bounds": _writes(run, names, plan)}
    if run.fate != "completed":
        kill = "hang" if run.fate == "hang" else "crash"
        return Verdict("killed", kill, reason=run.detail, marks=marks, evidence=evidence)
    judgement = _worse(run, golden, oracle)
    failing = np.flatnonzero(judgement.failed)
    reach = _reach(run, bool(failing.size))
    if not failing.size:
        reason = _survival(reach)
        return Verdict("survived", "", reach, reason, marks, evidence=evidence)
    # A kill is called `nan` only when nothing but a NaN killed: a wrong label is the worse sign.
    kill = "nan" if bool(judgement.nan[failing].all()) else oracle.kind
    first = names[int(failing[0])]
    reason = f"{oracle.name} fails on {failing.size} of {len(names)} inputs, first on {first}"
    return Verdict("killed", kill, reach, reason, marks, int(failing.size), first, evidence)


def _worse(run: MutantRun, golden: Outputs, oracle: Oracle) -> Judgement:
    """The judgement of both fill patterns: an input fails when it fails under either."""
    first = oracle.judge(golden, run.outputs)
    if run.outputs_b is None:
        return first
    second = oracle.judge(golden, run.outputs_b)
    failed = first.failed | second.failed
    by_value = (first.failed & ~first.nan) | (second.failed & ~second.nan)
    return Judgement(failed, failed & ~by_value)


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
