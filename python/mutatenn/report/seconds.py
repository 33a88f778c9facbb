"""Where a campaign's time went, and that of a mutant, in a line each."""

from __future__ import annotations

from typing import Any

from mutatenn.campaign.watcher import Phase


def seconds_text(seconds: dict[str, Any]) -> str:
    """The seconds of each phase by the clock.

    Args:
        seconds: the object of that name in the summary; its ``total`` must be known.
    """
    phases = ", ".join(
        f"{phase.key} {seconds[phase.key] or 0.0:.1f}" for phase in Phase if phase.key in seconds
    )
    return f"seconds: {seconds['total']:.1f} ({phases})"


def per_mutant_text(body: dict[str, Any]) -> str:
    """What a mutant cost on average, and on what.

    Args:
        body: the summary.
    """
    seconds = dict(body["seconds_per_mutant"])
    make, run = seconds.pop("make"), seconds.pop("run")
    parts = ", ".join(f"{part} {n:.3f}" for part, n in seconds.items())
    made = f"make {make:.3f}" + (f" ({parts})" if parts else "")
    return (
        f"seconds per mutant: {made}, run {run:.3f}; {body['kernels_compiled']} kernels compiled "
        f"for {body['mutants'] - body['pending']} mutants"
    )
