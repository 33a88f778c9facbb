"""Format ``sarif``: survivors as results of a static analysis, SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn import _core
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.catalogue import catalogue
from mutatenn.mutation.higher_order import JOINT
from mutatenn.mutation.printed import Span
from mutatenn.report.code_files import code_files, write_code_files
from mutatenn.report.findings import Finding, findings
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.places import Places
from mutatenn.report.record import Record

FILE = "report.sarif"
VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "mutatennMutantId/v1"
"""Names what tells a result of one run from those of others: the mutant's id, a content hash."""
LEVEL = {"defect": "error", "survived": "warning", "not reached": "note"}


def sarif(record: Record) -> dict[str, Any]:
    """The log: a rule per operator, a result per mutant that survived or was not reached.

    A result's level is ``warning`` for a mutant that survived on some device, ``note`` for one
    that no input reaches, ``error`` for a suspected defect of the compiler.
    """
    places, found = Places.read(record), list(findings(record))
    files = code_files(places, (one.mutant for one in found))
    operators = sorted({one.mutant.operator for one in found})
    known = {op.id: op for op in catalogue()}
    body: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "mutatenn",
                "version": record.facts["versions"]["mutatenn"],
                "rules": [_rule(name, known) for name in operators],
            }
        },
        "artifacts": [
            {
                "location": {"uri": file},
                "mimeType": "text/x-python",
                "sourceLanguage": "python",
                "contents": {"text": text},
            }
            for file, text in files.items()
        ],
        "results": [_result(one, places, operators, list(files)) for one in found],
        "columnKind": "unicodeCodePoints",
        "properties": {"devices": list(record.devices), "pending": record.pending},
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [body]}


@report_format("sarif", FILE, "survivors as SARIF 2.1.0, for code scanning")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.sarif``, and beside it the code that its results point into."""
    body = sarif(record)
    artifacts = body["runs"][0]["artifacts"]
    write_code_files(record, {one["location"]["uri"]: one["contents"]["text"] for one in artifacts})
    write_atomically(record.folder / FOLDER / FILE, json.dumps(body, indent=1) + "\n")
    return ()


def _rule(name: str, known: Mapping[str, _core.Operator]) -> dict[str, Any]:
    """The rule of an operator; of several by which mutants of higher order are planted."""
    parts = dict.fromkeys(name.split(JOINT))
    operators = [known[part] for part in parts if part in known]
    absent = [part for part in parts if part not in known]
    short = [op.summary for op in operators]
    short += [
        f"{one}: of a plug-in that is not installed where this was written." for one in absent
    ]
    faults = [op.fault_model for op in operators]
    todo = (
        "Add an input that executes the place and whose answer depends on it, or a stricter oracle."
    )
    bold = [f"**Fault model.** {fault}" for fault in faults]
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": " ".join(short)},
        "help": {
            "text": " ".join([*short, *(f"Fault model: {fault}" for fault in faults), todo]),
            "markdown": "\n\n".join([*short, *bold, todo]),
        },
        "defaultConfiguration": {"level": "warning"},
    }
    if faults:
        rule["fullDescription"] = {"text": " ".join(faults)}
        rule["properties"] = {
            "category": [op.category for op in operators],
            "source": [op.source for op in operators],
            "version": [op.version for op in operators],
        }
    return rule


def _result(
    finding: Finding, places: Places, operators: Sequence[str], files: Sequence[str]
) -> dict[str, Any]:
    mutant = finding.mutant
    place = places.of(mutant)
    return {
        "ruleId": mutant.operator,
        "ruleIndex": operators.index(mutant.operator),
        "level": LEVEL[finding.kind],
        "message": {"text": finding.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": place.file, "index": files.index(place.file)},
                    "region": _region(place.span),
                },
                "logicalLocations": [{"name": mutant.function, "kind": "function"}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: mutant.id},
        "properties": {
            "mutant": mutant.id,
            "layers": list(mutant.layers),
            "placeKnown": place.known,
            "verdicts": {case.device: case.verdict or "pending" for case in finding.cases},
        },
    }


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start_line,
        "startColumn": span.start_column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
