"""The first launch that differed, as the evidence holds it: names, and what JSON can say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mutatenn.device.evidence import BufferDifference, LaunchDifference, RowEvidence
from mutatenn.lowering.plan import Plan


def difference_evidence(
    difference: LaunchDifference, names: Sequence[str], plan: Plan
) -> dict[str, Any]:
    """Names instead of numbers; infinite errors are the word ``inf``, checksums hexadecimal.

    Args:
        difference: what the device measured.
        names: name of each input row.
        plan: by which launches and buffers are numbered.
    """
    return {
        "input": names[difference.row],
        "launch": difference.launch,
        "kernel": plan.launches[difference.launch].kernel,
        "buffers": [_buffer_evidence(one, plan) for one in difference.buffers],
    }


def first_launch_evidence(
    rows: Sequence[RowEvidence], names: Sequence[str], plan: Plan
) -> dict[str, Any] | None:
    """The earliest launch whose output differed on any input; ``None`` where none did.

    Args:
        rows: what the run showed on each input.
        names: name of each input row.
        plan: by which launches are numbered.
    """
    differing = [row.first_launch for row in rows if row.first_launch >= 0]
    if not differing:
        return None
    launch = min(differing)
    first = next(name for row, name in zip(rows, names, strict=True) if row.first_launch == launch)
    return {
        "launch": launch,
        "kernel": plan.launches[launch].kernel,
        "inputs": differing.count(launch),
        "input": first,
    }


def _buffer_evidence(found: BufferDifference, plan: Plan) -> dict[str, Any]:
    last = max((bin for bin, count in enumerate(found.ulp) if count), default=-1)
    return {
        "buffer": plan.buffers[found.buffer].name,
        "differing": found.differing,
        "elements": found.elements,
        "max_abs": _plain(found.max_abs),
        "max_abs_index": found.max_abs_index,
        "max_rel": _plain(found.max_rel),
        "nan": list(found.nan),
        "infinite": list(found.infinite),
        "ulp": list(found.ulp[: last + 1]),
        "checksums": [f"{checksum:016x}" for checksum in found.checksums],
    }


def _plain(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
