"""The baseline of a campaign: the golden run, whether it can be trusted, and what is kept of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from mutatenn.campaign.subject import Subject
from mutatenn.device import Device, Golden
from mutatenn.errors import BaselineError
from mutatenn.oracle import predictions


def golden_run(device: Device, subject: Subject) -> Golden:
    """Run the original on all inputs.

    Raises:
        BaselineError: it does not run, not repeatably, or an oracle refuses its own answer.
    """
    golden = device.golden()
    inputs = subject.inputs
    for oracle in subject.oracles:
        refusal = oracle.refuses_golden(golden.outputs, inputs.labels, inputs.names)
        if refusal:
            raise BaselineError(refusal)
    return golden


def golden_facts(golden: Golden, subject: Subject) -> dict[str, Any]:
    """What the journal keeps of a golden run: counts, seconds, SHA-256 of the outputs."""
    inputs = subject.inputs
    facts: dict[str, Any] = {
        "inputs": len(inputs),
        "rows_cached": golden.rows_cached,
        "seconds": float(golden.seconds.sum()),
        "outputs": _sha256(golden.outputs),
    }
    if inputs.labels is not None:
        right = predictions(golden.outputs[0]).reshape(-1) == inputs.labels
        facts |= {"right": int(right.sum()), "top1": float(right.mean())}
    return facts


def label_list(subject: Subject) -> list[int] | None:
    """The class index of each input, for reports; ``None`` without labels."""
    labels = subject.inputs.labels
    return None if labels is None else [int(label) for label in labels]


def require_same_answers(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Refuse to go on when the original answers otherwise than when the campaign was begun.

    Args:
        before: ``golden_facts`` of the first golden run.
        now: ``golden_facts`` of this one.

    Raises:
        BaselineError: the outputs differ.
    """
    if before["outputs"] != now["outputs"]:
        raise BaselineError(
            "The original's answers are not those that the campaign was begun with, although "
            "model, inputs and versions are: go on where it was begun, or begin a new campaign here"
        )


def _sha256(outputs: Sequence[np.ndarray]) -> str:
    digest = hashlib.sha256()
    for output in outputs:
        digest.update(np.ascontiguousarray(output).tobytes())
    return digest.hexdigest()
