"""The inputs of a campaign, as the journal names them."""

from __future__ import annotations

from mutatenn.report.record import Record


def input_names(record: Record) -> list[str]:
    """Name of each input; those that a journal does not name are called by their number."""
    stored = record.facts.get("input_names")
    if stored is not None:
        return [str(name) for name in stored]
    counts = [golden["inputs"] for golden in record.facts["golden"].values()]
    return [f"input {index}" for index in range(max(counts, default=0))]


def input_labels(record: Record) -> list[int] | None:
    """Class index of each input; ``None`` without labels, or where the journal has none."""
    found: list[int] | None = record.facts.get("labels")
    return found
