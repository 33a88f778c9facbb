"""How long and how large a run may get before it is stopped."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Limits:
    """Bounds of a run.

    One launch of a mutant may last ``floor_ms + factor * golden``, where ``golden`` is the slowest
    golden run of that launch over all rows.
    """

    floor_ms: int = 1000
    """Milliseconds that any launch may last."""
    factor: float = 20.0
    """Multiple of the golden time that is granted on top."""
    memory_mb: int = 2048
    """Private memory in MiB that a run may add to what the runner holds."""
    golden_ms: int = 600_000
    """Milliseconds that one golden run over all rows may last."""
