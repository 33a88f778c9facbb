"""``summary.json``: the campaign in one JSON object, schema ``mutatenn.summary/1``."""

from __future__ import annotations

import json
from typing import Any

from mutatenn.analysis.score import denominator, score, wilson_interval
from mutatenn.analysis.tally import counts, funnel, kills, ripr
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.watcher import Phase
from mutatenn.report.record import Record

SCHEMA = "mutatenn.summary/1"


def summary(record: Record) -> dict[str, Any]:
    """The summary of a campaign, finished or not.

    ``score_interval`` is Wilson's at 95 %, and ``null`` when every mutant of the model is in the
    campaign: there is nothing to estimate then.
    ``semantics_preserving`` counts mutants that should compute what the original does, killed ones
    being suspected compiler defects; the other counts are without them.
    """
    rows = record.scored()
    found = counts(rows)
    total, facts = denominator(found), record.facts
    sampled = len(record.manifest.mutants) < facts["population"] or record.pending > 0
    interval = wilson_interval(found["killed"], total) if sampled and total else None
    return {
        "schema": SCHEMA,
        "mutants": len(record.manifest.mutants),
        "pending": record.pending,
        "damaged": record.damaged,
        "population": facts["population"],
        "counts": found,
        "kills": kills(rows),
        "ripr": ripr(rows),
        "funnel": funnel(rows),
        "semantics_preserving": counts(record.preserving()),
        "marks": _marks(record),
        "score": score(found),
        "score_interval": None if interval is None else list(interval),
        "golden": facts["golden"],
        "devices": [facts["options"]["device"]],
        "oracles": facts["options"]["oracles"],
        "seed": facts["options"]["seed"],
        "target": facts["options"]["target"],
        "versions": facts["versions"],
        "hashes": facts["hashes"],
        "seconds": _seconds(record),
    }


def write_summary(record: Record) -> dict[str, Any]:
    """Write ``report/summary.json`` in the campaign's folder, and return it."""
    body = summary(record)
    write_atomically(record.folder / "report" / "summary.json", json.dumps(body, indent=1) + "\n")
    return body


def _seconds(record: Record) -> dict[str, float | None]:
    """``total`` and its phases by the clock; ``compile`` and ``run`` add up over mutants.

    What passed by the clock is not known of a campaign that was killed, and is ``null`` then.
    """
    phases = record.facts.get("seconds_by_phase", {})
    found = {phase.key: phases.get(phase.key) for phase in Phase}
    return {
        "total": round(sum(phases.values()), 3) if phases else None,
        **found,
        "compile": round(sum(row["seconds_compile"] for row in record.rows), 3),
        "run": round(sum(row["seconds_run"] for row in record.rows), 3),
    }


def _marks(record: Record) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in record.rows:
        for mark in row["marks"]:
            found[mark] = found.get(mark, 0) + 1
    return dict(sorted(found.items()))
