"""The survivors of an earlier campaign, to tell new ones by."""

from __future__ import annotations

import json
from pathlib import Path

from mutatenn.errors import InputError
from mutatenn.report.record import Record


def survivors(record: Record) -> list[str]:
    """Mutants that count and survived on the campaign's first device, by id, in order."""
    return [row["mutant"] for row in record.scored() if row["verdict"] == "survived"]


def baseline_survivors(path: Path) -> set[str]:
    """The survivors of a campaign.

    Args:
        path: its folder, its ``manifest.json`` or a copy of its ``report/summary.json``.

    Raises:
        InputError: it is none of these.
    """
    if path.is_dir():
        return set(survivors(Record.read(path)))
    if path.name == "manifest.json":
        return set(survivors(Record.read(path.parent)))
    advice = "give the folder of a campaign or its report/summary.json"
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the baseline {path} cannot be read ({error.strerror}); {advice}") from (
            error
        )
    except ValueError as error:
        raise InputError(f"the baseline {path} is no JSON ({error}); {advice}") from error
    found = body.get("survivors") if isinstance(body, dict) else None
    if not isinstance(found, list):
        raise InputError(f"the baseline {path} does not list survivors; {advice}")
    return {str(name) for name in found}
