"""What a campaign ran on and with: versions, targets, hashes, options, and how to repeat it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mutatenn.report.html.command import campaign_command
from mutatenn.report.record import Record

Fact = tuple[str, str]


def environment(record: Record, body: dict[str, Any]) -> list[tuple[str, list[Fact]]]:
    """Groups of facts, each a name and a text.

    Args:
        record: the campaign.
        body: its summary.
    """
    facts = record.facts
    groups = [
        ("Campaign", list(_campaign(record, body))),
        ("Versions", [(name, str(text)) for name, text in facts["versions"].items()]),
        ("Targets", list(_targets(facts))),
        ("SHA-256 and structural hashes", list(_flat(facts["hashes"]))),
        ("Options that are set", list(_flat(facts["options"]))),
    ]
    return [(title, found) for title, found in groups if found]


def commands(record: Record) -> list[Fact]:
    """Command lines, each after what it does."""
    found = [
        (
            "The same mutants once more, as the manifest fixes them",
            f"mutatenn-ir run --manifest {record.folder.absolute() / 'manifest.json'} --out again",
        )
    ]
    try:
        found.append(("The campaign from its options", campaign_command(record.facts["options"])))
    except KeyError as error:
        reason = f"the manifest is of an earlier version and lacks the option {error}"
        found.append(("The campaign from its options cannot be told", f"# {reason}"))
    return found


def _campaign(record: Record, body: dict[str, Any]) -> Iterator[Fact]:
    preset = body["preset"]
    if preset is not None:
        yield "preset", f"{preset['name']} (version {preset['version']})"
    yield "operators", ", ".join(f"{name} {version}" for name, version in body["operators"].items())
    yield "oracles", ", ".join(body["oracles"])
    yield "devices", ", ".join(body["devices"])
    yield "stage", body["stage"]
    yield "seed", str(body["seed"])
    drawn = f"{body['mutants']} of {body['population']} first-order mutants"
    yield "sample", f"{drawn}, {body['runnable']} of them runnable"
    for device, golden in body["golden"].items():
        text = f"{golden['inputs']} inputs"
        if "right" in golden:
            text += f", {golden['right']} of them classified as labelled"
        yield f"golden run on {device}", text
    total = body["seconds"]["total"]
    yield "seconds", "not known of a campaign that was stopped" if total is None else f"{total:.1f}"
    yield "kernels compiled for mutants", str(body["kernels_compiled"])


def _targets(facts: dict[str, Any]) -> Iterator[Fact]:
    lowerings = facts.get("lowerings")
    if not lowerings:
        yield "target", str(facts["options"]["target"])
        return
    for name, lowering in lowerings.items():
        devices = ", ".join(lowering["devices"])
        yield f"{name} ({devices})", f"{lowering['target']}, schedule {lowering['schedule']}"


def _flat(values: dict[str, Any], head: str = "") -> Iterator[Fact]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{head}{name} / ")
        elif value not in (None, [], ""):
            yield f"{head}{name}", value if isinstance(value, str) else json.dumps(value)
