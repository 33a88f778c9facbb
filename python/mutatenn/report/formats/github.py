"""Format ``github``: annotations for survivors, and the step's summary, in GitHub Actions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.verdict import verdict_text
from mutatenn.errors import InputError
from mutatenn.report.code_files import code_files, write_code_files
from mutatenn.report.findings import Finding, findings
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.places import Place, Places
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file that GitHub Actions shows as the step's summary."""
WORKSPACE = "GITHUB_WORKSPACE"
"""Names the folder of the checkout."""
MOST = 10
"""Annotations of one kind that GitHub Actions shows of a step."""
COMMAND = {"defect": "error", "survived": "warning", "not reached": "notice"}
ROWS = 100
"""Rows of the table in the summary, which may have 1 MiB."""


@report_format("github", "", "annotations and the step's summary, for GitHub Actions")
def write(record: Record) -> Sequence[str]:
    """Append to the step's summary, if there is one; the lines are annotations.

    Raises:
        InputError: the summary's file cannot be written.
    """
    found = list(findings(record))
    path = os.environ.get(VARIABLE)
    if path:
        try:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(step_summary(record, found))
        except OSError as error:
            raise InputError(
                f"{path}, which {VARIABLE} names, cannot be written: {error.strerror}"
            ) from error
    return workflow_commands(record, found)


def workflow_commands(record: Record, found: Sequence[Finding]) -> list[str]:
    """Workflow commands: as many of each kind as are shown, and how many there are more."""
    lines = []
    shown = [one for kind in COMMAND for one in [f for f in found if f.kind == kind][:MOST]]
    places = Places.read(record)
    write_code_files(record, code_files(places, (one.mutant for one in shown)))
    for one in shown:
        properties = {"title": f"mutant {one.mutant.id} {one.kind}"}
        properties |= _location(record.folder, places.of(one.mutant))
        told = ",".join(f"{key}={_property(text)}" for key, text in properties.items())
        lines.append(f"::{COMMAND[one.kind]} {told}::{_data(one.text)}")
    if len(found) > len(shown):
        lines.append(
            f"{len(found) - len(shown)} more findings are not annotated: see the step's summary "
            "or the other reports"
        )
    return lines


def step_summary(record: Record, found: Sequence[Finding]) -> str:
    """Markdown: the score, the counts, and the first of the findings."""
    body = summary(record)
    lines = ["## Mutation testing", "", _score(body), "", "| verdict | mutants |", "| --- | ---: |"]
    lines += [f"| {verdict_text(name)} | {n} |" for name, n in body["counts"].items()]
    if body["pending"]:
        lines += ["", f"Incomplete: {body['pending']} verdicts are missing."]
    if found:
        lines += ["", "| finding | mutant | layers | function |", "| --- | --- | --- | --- |"]
    for one in found[:ROWS]:
        mutant = one.mutant
        cells = [one.kind, f"`{mutant.id}`", ", ".join(mutant.layers), f"`{mutant.function}`"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if len(found) > ROWS:
        lines += ["", f"... and {len(found) - ROWS} more."]
    return "\n".join([*lines, "", ""])


def _score(body: dict[str, Any]) -> str:
    if body["score"] is None:
        return "No mutant counts towards a score."
    text = f"**Mutation score {body['score']:.3f}**"
    if body["score_interval"] is not None:
        low, high = body["score_interval"]
        text += f" (95 % interval {low:.3f} to {high:.3f})"
    return text + ": killed / (killed + survived + not reached)."


def _location(folder: Path, place: Place) -> dict[str, str]:
    # Files of annotations are told from the checkout's root.
    root = os.environ.get(WORKSPACE) or os.curdir
    path = Path(os.path.relpath(folder / FOLDER / place.file, root))
    span = place.span
    return {"file": str(path), "line": str(span.start_line), "endLine": str(span.end_line)}


def _data(text: str) -> str:
    """Text as a workflow command's message has it; source: actions/toolkit, command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
