"""Format ``mte``: JSON of mutation-testing-elements, schema 2, which its viewers and tools read.

Schema: npm ``mutation-testing-report-schema``. What it has no field for is under ``x-mutatenn``.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from typing import Any

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.verdict import how_far
from mutatenn.mutation.printed import Span
from mutatenn.report.cases import Case, cases_of
from mutatenn.report.code_files import code_files
from mutatenn.report.failing import failing
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.input_facts import input_names
from mutatenn.report.places import Places
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

FILE = "report.mte.json"
OWN = "x-mutatenn"
STATUS = {
    "killed": "Killed",
    "survived": "Survived",
    "not_reached": "NoCoverage",
    "invalid": "CompileError",
    "equivalent": "Ignored",
    "duplicate": "Ignored",
    "inconclusive": "RuntimeError",
    "": "Pending",
}
"""The status of each verdict; a killed mutant that hung has ``Timeout``."""
HIGH, LOW = 80, 60
"""Per cent of the score from which viewers show it in green, and below which in red."""


def mutation_testing_elements(record: Record) -> dict[str, Any]:
    """The report; statuses are the first device's verdicts, the others are beside them."""
    places, names = Places.read(record), input_names(record)
    cases = cases_of(record)
    mutants = record.mutants()
    files: dict[str, dict[str, Any]] = {
        file: {"language": "python", "source": source, "mutants": []}
        for file, source in code_files(places, (mutants[id_] for id_ in cases)).items()
    }
    for id_, own in cases.items():
        entry = _mutant(own, record.devices[0], places, names)
        files[places.file(mutants[id_])]["mutants"].append(entry)
    versions = record.facts["versions"]
    tests = [{"id": str(index), "name": name} for index, name in enumerate(names)]
    body = summary(record)
    return {
        "$schema": "http://stryker-mutator.io/report.schema.json",
        "schemaVersion": "2.0",
        "thresholds": {"high": HIGH, "low": LOW},
        "framework": {
            "name": "mutatenn",
            "version": versions["mutatenn"],
            "dependencies": {name: text for name, text in versions.items() if name != "mutatenn"},
        },
        "system": _system(),
        "config": record.facts["options"],
        "files": files,
        "testFiles": {"inputs": {"tests": tests}},
        OWN: {key: body[key] for key in ("score", "score_interval", "counts", "devices", "golden")},
    }


@report_format("mte", FILE, "JSON of mutation-testing-elements, schema 2")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.mte.json``."""
    # On one line: a large campaign's would be several times as long.
    text = json.dumps(mutation_testing_elements(record)) + "\n"
    write_atomically(record.folder / FOLDER / FILE, text)
    return ()


def _mutant(
    cases: Sequence[Case], first: str, places: Places, names: Sequence[str]
) -> dict[str, Any]:
    """A mutant's entry; where the first device does not have it, its status is ``Ignored``."""
    mutant = cases[0].mutant
    case = next((one for one in cases if one.device == first), None)
    place = places.of(mutant)
    diff = next((one.row["diff"] for one in cases if one.row is not None), "")
    change = places.change(mutant, diff)
    status, reason = _status(case, first, mutant.semantics_preserving)
    entry: dict[str, Any] = {
        "id": mutant.id,
        "mutatorName": mutant.operator,
        "replacement": mutant.replacement if change is None else change.text,
        "location": _location(place.span if change is None else change.span),
        "status": status,
        "statusReason": reason,
        "description": f"{mutant.operator} {mutant.replacement}".rstrip(),
    }
    if case is not None and case.row is not None:
        entry |= _tests(case.row, names)
        entry["duration"] = round(1000 * case.row["seconds_run"], 3)
    own: dict[str, Any] = {
        "function": mutant.function,
        "layers": list(mutant.layers),
        "stage": mutant.stage,
        "settings": mutant.settings,
        "path": [part.path for part in mutant.first_order],
        "place_known": place.known,
        "devices": [_on_device(one) for one in cases],
    }
    if not place.known:
        own["place"] = "the place is not known: the location is where its function begins"
    if change is None:
        own["diff"] = diff
    return {**entry, OWN: own}


def _status(case: Case | None, first: str, preserving: bool) -> tuple[str, str]:
    """Status and reason on the first device, such that only mutants that count have a score's."""
    if case is None:
        return "Ignored", f"not applicable on {first}: a mutant of another lowering"
    status = STATUS[case.verdict]
    if case.row is None:
        return status, "no verdict yet"
    reason = f"{case.text}: {case.row['reason']}"
    if preserving and status in ("Killed", "Survived", "NoCoverage"):
        return "Ignored", f"semantics-preserving, in no score; {reason}"
    if case.row["kill"] == "hang":
        status = "Timeout"
    return status, reason


def _tests(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The inputs that kill a mutant and that execute its place, as far as either is known."""
    found: dict[str, Any] = {}
    if row["verdict"] == "killed":
        refused = failing(row, names)
        found["killedBy"] = [str(index) for index, fails in enumerate(refused) if fails]
    counted = row["evidence"].get("rows", {})
    if row["verdict"] == "not_reached":
        found["coveredBy"] = []
    elif counted and row["reach"] and not counted.get("masked"):
        # Every input made a launch differ, and so executed the place.
        found["coveredBy"] = [str(index) for index in range(len(names))]
    return found


def _on_device(case: Case) -> dict[str, Any]:
    row = case.row
    if row is None:
        return {"device": case.device, "verdict": None}
    far = how_far(row["verdict"], row["reach"], row["evidence"].get("reached"))
    return {
        "device": case.device,
        "verdict": row["verdict"],
        "kill": row["kill"],
        "how_far": far,
        "reason": row["reason"],
        "marks": row["marks"],
        "failing": row["failing"],
    }


def _location(span: Span) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": span.start_line, "column": span.start_column},
        "end": {"line": span.end_line, "column": span.end_column},
    }


def _system() -> dict[str, Any]:
    """The machine that the report is written on: that of the campaign, unless it was moved."""
    return {
        "ci": bool(os.environ.get("CI")),
        "os": {"platform": platform.system().lower(), "version": platform.release()},
        "cpu": {"logicalCores": os.cpu_count() or 1},
    }
