"""The table of a model's parts by their sensitivity, as cells for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS = (
    *("rank", "name", "mutants", "score", "furthest", "accuracy drop", "top-1 changed"),
    *("relative L2", "stuck"),
)
NUMBERS = ("rank", "mutants", "score", "accuracy drop", "top-1 changed", "relative L2", "stuck")
"""The columns that are aligned right."""
UNKNOWN = "-"


def part_rows(parts: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """A row per part, a cell per column.

    Args:
        parts: as ``mutatenn.analysis.sensitivity.ranked`` gives them.
    """
    return [
        [
            str(part["rank"]),
            part["name"],
            str(part["mutants"]),
            _number(part["score"]),
            part["furthest"] or UNKNOWN,
            _number(part["accuracy_drop"]),
            _number(part["top1_changed"]),
            UNKNOWN if part["relative_l2"] is None else f"{part['relative_l2']:.3g}",
            f"{part['stuck']} of {part['ran']}",
        ]
        for part in parts
    ]


def stuck_text(everything: Mapping[str, Any]) -> str:
    """How many mutants give one class for every input; empty where none ran to the end."""
    if not everything["ran"]:
        return ""
    share = 100 * everything["stuck_share"]
    return (
        f"{everything['stuck']} of {everything['ran']} mutants that ran to the end "
        f"({share:.1f} %) are stuck: one class for every input"
    )


def _number(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"
