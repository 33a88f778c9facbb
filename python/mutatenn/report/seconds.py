"""Where a campaign's time went, in one line."""

from __future__ import annotations

from typing import Any

from mutatenn.campaign.watcher import Phase


def seconds_text(seconds: dict[str, Any]) -> str:
    """The seconds of each phase by the clock.

    Args:
        seconds: the object of that name in the summary; its ``total`` must be known.
    """
    phases = ", ".join(f"{phase.key} {seconds[phase.key] or 0.0:.1f}" for phase in Phase)
    return f"seconds: {seconds['total']:.1f} ({phases})"
