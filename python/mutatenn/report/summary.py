"""``summary.json``: the campaign in one JSON object, schema ``mutatenn.summary/1``."""

from __future__ import annotations

import json
from typing import Any

from mutatenn.analysis.by_operator import by_operator
from mutatenn.analysis.score import score
from mutatenn.analysis.sensitivity import kernels_of, layers_of, ranked, summed
from mutatenn.analysis.tally import counts, differs, funnel, kills, marks, ripr
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.verdict import AWAY
from mutatenn.campaign.watcher import Phase
from mutatenn.mutation.mutant import GRAPH_STAGES
from mutatenn.report.baseline import survivors
from mutatenn.report.by_device import devices_summary
from mutatenn.report.gates import Gates, expect_result, gate_results
from mutatenn.report.notes import notes
from mutatenn.report.record import Record
from mutatenn.report.sampling import interval_on, sampling_notes, sampling_summary

SCHEMA = "mutatenn.summary/1"


def summary(record: Record) -> dict[str, Any]:
    """The summary of a campaign, finished or not.

    ``mutants`` are those with a verdict and those ``pending``, ``runnable`` those among the first
    that were not proved away, of a ``population``.
    ``score_interval`` is Wilson's at 95 %, of the score that all runnable mutants of the population
    would have: those that ran are a random sample of them, whatever was proved away on the way. It
    is ``null`` when every mutant of the population has a verdict: there is nothing to estimate; and
    of a shard. ``sampling_summary`` says more of samples and shards.
    ``semantics_preserving`` counts mutants that should compute what the original does; the other
    counts are without them. ``suspected_defects`` are those among them that made a difference.
    All of this is of the first device; ``devices_summary`` says what several add. ``notes`` are
    sentences on how this campaign departs from the ordinary.
    ``gates`` says of each gate whether it is passed: of those that the record holds, unless it is
    a shard's.
    """
    rows, mutants = record.scored(), record.mutants()
    found = counts(rows)
    facts = record.facts
    population = record.population_of(record.devices[0])
    interval = interval_on(record, record.devices[0], found)
    suspects = [
        row["mutant"] for row in record.preserving() if differs(row, mutants[row["mutant"]])
    ]
    survived = survivors(record)
    # Gates are about the whole campaign: those of a shard are asked when it is merged.
    asked = Gates() if record.manifest.shard else Gates.from_dict(facts.get("gates", {}))
    results = gate_results(asked, found, score(found), survived)
    if facts["options"]["expect"] == "same":
        results.append(expect_result(suspects))
    body = {
        "schema": SCHEMA,
        "mutants": len(record.rows) + record.pending_on(record.devices[0]),
        "runnable": sum(row["verdict"] not in AWAY for row in record.rows),
        "pending": record.pending,
        "damaged": record.damaged,
        "population": population,
        "counts": found,
        "kills": kills(rows),
        "by_operator": by_operator(rows, record.mutants()),
        "ripr": ripr(rows),
        "funnel": funnel(rows),
        "semantics_preserving": counts(record.preserving()),
        "suspected_defects": suspects,
        "survivors": survived,
        "gates": results,
        "preset": facts["preset"],
        "operators": facts["operators"],
        "expect": facts["options"]["expect"],
        "marks": marks(record.rows),
        "score": score(found),
        "score_interval": None if interval is None else list(interval),
        "golden": facts["golden"],
        "devices": list(record.devices),
        **devices_summary(record),
        "notes": notes(facts["options"]),
        "oracles": facts["options"]["oracles"],
        "seed": facts["options"]["seed"],
        "target": facts["options"]["target"],
        "versions": facts["versions"],
        "hashes": facts["hashes"],
        "stage": facts["stage"],
        "kernels_compiled": _kernels_compiled(record),
        "sensitivity": _sensitivity(record),
        "seconds": _seconds(record),
        "seconds_per_mutant": _seconds_per_mutant(record),
        **sampling_summary(record),
    }
    body["notes"] += sampling_notes(body)
    return body


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
    one = len(record.devices) == 1
    found = {
        phase.key: phases.get(phase.key) for phase in Phase if not (one and phase is Phase.PARTINGS)
    }
    return {
        "total": round(sum(phases.values()), 3) if phases else None,
        **found,
        "compile": round(sum(row["seconds_compile"] for row in record.rows), 3),
        "run": round(sum(row["seconds_run"] for row in record.rows), 3),
    }


def _sensitivity(record: Record) -> dict[str, Any]:
    """Of all mutants that may count, and of each layer and kernel, the most sensitive first."""
    rows, mutants = record.scored(), record.mutants()
    effects = record.effects
    return {
        "all": summed(rows, effects),
        "layers": ranked(rows, mutants, effects, layers_of),
        "kernels": ranked(rows, mutants, effects, kernels_of),
    }


def _kernels_compiled(record: Record) -> int:
    """Kernels that were compiled for mutants."""
    if record.facts["stage"] in GRAPH_STAGES:
        return int(record.effort.get("kernels", 0))
    return sum(bool(row["artifact"]) for row in record.rows)


def _seconds_per_mutant(record: Record) -> dict[str, float]:
    """What a mutant cost on average: ``run`` of those that ran; the rest of all.

    ``make`` is all that comes before a run; of graphs and weights, its parts stand beside it.
    """
    made, ran = len(record.rows), [row for row in record.rows if row["seconds_run"]]
    seconds = {
        "make": sum(row["seconds_compile"] for row in record.rows) / max(made, 1),
        **{part: n / max(made, 1) for part, n in record.effort.items() if part != "kernels"},
        "run": sum(row["seconds_run"] for row in ran) / max(len(ran), 1),
    }
    return {part: round(n, 4) for part, n in seconds.items()}
