"""What one mutant does to the model's answers, over all inputs, from the stored evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from mutatenn.campaign.verdict import STUCK
from mutatenn.oracle import Evidence


@dataclasses.dataclass(frozen=True)
class Effect:
    """The answers of a mutant that ran to the end, against golden's.

    Attributes:
        accuracy_drop: golden's share of inputs classified as labelled less the mutant's, 0 to 1,
            below 0 where the mutant is the better one; ``None`` without labels.
        top1_changed: share of inputs with another first class than golden's; ``None`` where the
            model is no classifier.
        relative_l2: mean of ||a - g|| / ||g|| over inputs, the worst output of each; inputs for
            which it is no finite number are left out. ``None`` when there are only such.
        not_finite: share of these.
        stuck: one class for every input where golden has several.
    """

    accuracy_drop: float | None
    top1_changed: float | None
    relative_l2: float | None
    not_finite: float
    stuck: bool


def effect(row: Mapping[str, Any], golden: Mapping[str, Any]) -> Effect | None:
    """The effect of a mutant; ``None`` for one that did not run to the end.

    Args:
        row: a row of the journal.
        golden: what the journal keeps of the golden run on the row's device.

    Raises:
        InputError: the stored evidence is damaged.
    """
    if not row["measures"]:
        return None
    measures = Evidence.from_bytes(row["measures"])
    worst = measures.column("relative_l2").max(axis=1)
    finite = np.isfinite(worst)
    changed = None
    if "top1" in measures.columns:
        changed = float(1 - measures.column("top1").mean())
    right = row["evidence"].get("right")
    known = right is not None and "right" in golden
    return Effect(
        (golden["right"] - right) / golden["inputs"] if known else None,
        changed,
        float(worst[finite].mean()) if finite.any() else None,
        float(1 - finite.mean()),
        STUCK in row["marks"],
    )
