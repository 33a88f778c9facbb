"""Verdicts and answers of several devices, made up, for tests of what is said of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.analysis.devices.vectors import Vector, vectors

DEVICES = ("llvm", "c", "opencl:0")


def row(mutant: str, device: str, verdict: str, kill: str = "", *marks: str) -> dict[str, Any]:
    """A row of the journal, as far as vectors read it."""
    return {
        "mutant": mutant,
        "device": device,
        "verdict": verdict,
        "kill": kill,
        "marks": list(marks),
        "reason": f"{verdict} by the test",
        "reach": "",
    }


def vector(*verdicts: str, on: tuple[str, ...] = DEVICES) -> Vector:
    """One mutant's vector: a verdict for each device; ``killed/nan`` says the kind, '' is none."""
    rows = [
        row("m", device, *text.split("/"))
        for device, text in zip(DEVICES, verdicts, strict=False)
        if text
    ]
    return vectors(rows, DEVICES, {device: ["m"] if device in on else [] for device in DEVICES})[0]


def scores(*rows: list[float]) -> NDArray[np.float32]:
    """An output of classes: a list for each input."""
    return np.asarray(rows, np.float32)[:, None, :]
