"""Two campaigns compared, as one JSON object, schema ``mutatenn.diff/1``."""

from __future__ import annotations

from typing import Any

from mutatenn.analysis.changes import KeyChanges, ground_changes, key_changes, verdict_changes
from mutatenn.analysis.score import score
from mutatenn.analysis.tally import counts
from mutatenn.report.baseline import survivors
from mutatenn.report.record import Record

SCHEMA = "mutatenn.diff/1"


def difference(before: Record, after: Record) -> dict[str, Any]:
    """What changed from one campaign to another.

    ``mutants`` compares the manifests, ``devices`` the verdicts on devices that both have, score
    and counts are those of each campaign's first device. ``ground`` is what determines verdicts:
    ``new`` and ``gone`` entries, and ``changed`` ones as ``[before, after]``.
    """
    common = [device for device in before.devices if device in after.devices]
    known = key_changes(before.mutants(), after.mutants())
    survived = survivors(before)
    return {
        "schema": SCHEMA,
        "before": str(before.folder),
        "after": str(after.folder),
        "score": {"before": _score(before), "after": _score(after)},
        "counts": {"before": counts(before.scored()), "after": counts(after.scored())},
        "mutants": {"new": [*known.new], "gone": [*known.gone]},
        "new_survivors": [mutant for mutant in survivors(after) if mutant not in set(survived)],
        "devices": {device: _device(before, after, device) for device in common},
        "devices_new": [device for device in after.devices if device not in common],
        "devices_gone": [device for device in before.devices if device not in common],
        "ground": {
            name: _plain(found)
            for name, found in ground_changes(before.facts, after.facts).items()
            if found
        },
    }


def _score(record: Record) -> float | None:
    return score(counts(record.scored()))


def _device(before: Record, after: Record, device: str) -> dict[str, Any]:
    found = verdict_changes(before.rows_on(device), after.rows_on(device))
    return {
        "same": found.same,
        "changed": [
            {"mutant": one.mutant, "before": one.before, "after": one.after}
            for one in found.changed
        ],
        "transitions": [
            {"before": old, "after": new, "mutants": n}
            for (old, new), n in found.transitions.items()
        ],
        "only_before": list(found.only_before),
        "only_after": list(found.only_after),
    }


def _plain(found: KeyChanges) -> dict[str, Any]:
    changed = {key: list(pair) for key, pair in found.changed.items()}
    return {"new": found.new, "gone": found.gone, "changed": changed}
