"""Sharing loops among threads, where the work is worth waking them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tvm import s_tir

WORTH = 1 << 16
"""Evaluations from which on sharing pays: waking a thread takes microseconds."""


def share(sch: s_tir.Schedule, loops: Sequence[Any], work: int, worth: int = WORTH) -> Any | None:
    """Fuse loops that are directly inside one another, and share the result among threads.

    Args:
        sch: the schedule.
        loops: outermost first; none may carry a sum.
        work: evaluations of the body in all.
        worth: below so many the fused loop stays with one thread.

    Returns:
        The fused loop; ``None`` if there was none.
    """
    if not loops:
        return None
    fused = sch.fuse(*loops) if len(loops) > 1 else loops[0]
    if work >= worth:
        sch.parallel(fused)
    return fused
