"""How long and how large a run may get before it is stopped."""

from __future__ import annotations

import dataclasses

from mutatenn.errors import InputError

MOST_FACTOR = 1e6


@dataclasses.dataclass(frozen=True)
class Limits:
    """Bounds of a run.

    One launch of a mutant may last ``floor_ms + factor * golden``, where ``golden`` is the slowest
    golden run of that launch over all rows.

    Raises:
        InputError: a bound is not positive, or the factor is not a number of a sensible size.
    """

    floor_ms: int = 1000
    """Milliseconds that any launch may last."""
    factor: float = 20.0
    """Multiple of the golden time that is granted on top."""
    memory_mb: int = 2048
    """Private memory in MiB that a run may add to what the runner holds."""
    golden_ms: int = 600_000
    """Milliseconds that one golden run, or one recheck of it, may last."""
    total_ms: int | None = None
    """Milliseconds that the whole run of one mutant or probe may last; ``None``: no limit."""

    def __post_init__(self) -> None:
        for name in ("floor_ms", "memory_mb", "golden_ms", "total_ms"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"the limit {name} is {value}; give at least 1")
        if not 0 <= self.factor <= MOST_FACTOR:
            raise InputError(f"the limit factor is {self.factor}; give 0 to {MOST_FACTOR:.0f}")
