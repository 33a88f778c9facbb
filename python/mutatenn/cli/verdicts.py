"""A campaign's summary as text for people."""

from __future__ import annotations

from typing import Any

from mutatenn.analysis.by_operator import HEAD, operator_rows
from mutatenn.campaign.verdict import verdict_text
from mutatenn.cli.console import complain, say, say_table
from mutatenn.report.devices_table import HEAD as DEVICE_HEAD
from mutatenn.report.devices_table import device_rows, everywhere_text
from mutatenn.report.parts import COLUMNS, NUMBERS, part_rows
from mutatenn.report.seconds import per_mutant_text, seconds_text

SHOWN = 10
"""Layers that are shown on the terminal; the report has all."""


def say_summary(body: dict[str, Any]) -> None:
    """The counts as a table, then the score and what it rests on; damage goes to stderr."""
    if body["damaged"]:
        complain(f"the journal is damaged ({body['damaged']}); this is what is still readable")
    if body["pending"]:
        say(f"incomplete: {body['pending']} mutants have no verdict yet")
    for note in body["notes"]:
        say(note)
    rows = [[verdict_text(name), str(n)] for name, n in body["counts"].items() if n]
    say_table(["verdict", "mutants"], rows, right=("mutants",))
    kinds = ", ".join(f"{kind} {n}" for kind, n in body["kills"].items() if n)
    if kinds:
        say(f"killed by: {kinds}")
    rows = [[far, str(n)] for far, n in body["funnel"].items() if n]
    if rows:
        say("")
        say_table(["how far", "mutants"], rows, right=("mutants",))
        say("")
    rows = operator_rows(body["by_operator"])
    if len(rows) > 1:
        say_table(list(HEAD), rows, right=HEAD[1:])
        say("")
    _say_parts(body["sensitivity"])
    for mark, n in body["marks"].items():
        say(f"{mark}: {n}")
    if body["suspected_defects"]:
        say(f"suspected compiler defects: {', '.join(body['suspected_defects'])}")
    for device, golden in body["golden"].items():
        if "right" in golden:
            right, inputs = golden["right"], golden["inputs"]
            say(f"golden accuracy on {device}: {right} of {inputs}")
    if body["seconds"]["total"] is not None:
        say(seconds_text(body["seconds"]))
    say(per_mutant_text(body))
    _say_devices(body)
    say(score_line(body))


def _say_devices(body: dict[str, Any]) -> None:
    """What several devices say of the mutants, and why something of it is missing."""
    if "by_device" not in body:
        return
    say("")
    say_table(list(DEVICE_HEAD), device_rows(body), right=DEVICE_HEAD[1:])
    say(everywhere_text(body))
    for fault in body["faults"]:
        complain(fault)
    say("")


def _say_parts(found: dict[str, Any]) -> None:
    """The most sensitive layers, or kernels where no layer has a name."""
    parts = found["layers"] or found["kernels"]
    if not parts:
        return
    say_table(list(COLUMNS), part_rows(parts[:SHOWN]), right=NUMBERS)
    left = len(parts) - SHOWN
    if left > 0:
        say(f"... and {left} more: see the report")
    say("")


def score_line(body: dict[str, Any]) -> str:
    """The score with its interval, in one line."""
    if body["score"] is None:
        return "mutation score: none, no mutant counts"
    text = f"mutation score: {body['score']:.3f}"
    if body["score_interval"] is not None:
        low, high = body["score_interval"]
        text += (
            f" (95 % interval {low:.3f} to {high:.3f}: {body['runnable']} runnable mutants, drawn "
            f"from {body['population']})"
        )
    return text
