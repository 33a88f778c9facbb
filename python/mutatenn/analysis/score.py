"""The mutation score, the one definition that every report uses, with its interval."""

from __future__ import annotations

from collections.abc import Mapping

from mutatenn.campaign.interval import Z95, wilson_interval

__all__ = ["Z95", "denominator", "score", "wilson_interval"]


def denominator(counts: Mapping[str, int]) -> int:
    """Mutants that count: killed, survived and not reached."""
    return counts.get("killed", 0) + counts.get("survived", 0) + counts.get("not_reached", 0)


def score(counts: Mapping[str, int]) -> float | None:
    """Killed / (killed + survived + not reached); ``None`` when no mutant counts."""
    total = denominator(counts)
    return counts.get("killed", 0) / total if total else None
