"""``mutatenn-ir diff``: what changed between two campaigns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.cli.console import say, say_json, say_table
from mutatenn.cli.options import Json
from mutatenn.report.difference import difference
from mutatenn.report.record import Record

SHOWN = 20
"""Mutants or names that are listed, unless all are asked for."""


def diff(
    before: Annotated[Path, typer.Argument(help="A campaign's folder.")],
    after: Annotated[Path, typer.Argument(help="Another campaign's folder.")],
    all_: Annotated[
        bool, typer.Option("--all", help=f"List all names, not just the first {SHOWN} of a kind.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what changed from one campaign to another; the exit code does not depend on it.

    Mutants have the same id in both where operator, parameters, kernel and place are the same.
    `run --fail-on-new-survivors` makes survivors that are new a failure.
    """
    body = difference(Record.read(before), Record.read(after))
    if as_json:
        say_json(body)
        return
    most = None if all_ else SHOWN
    old, new = (_number(body["score"][side]) for side in ("before", "after"))
    say(f"score: {old} before, {new} after")
    for name, found in body["ground"].items():
        _say_ground(name, found, most)
    _say_names("new mutants", body["mutants"]["new"], most)
    _say_names("gone mutants", body["mutants"]["gone"], most)
    _say_names("new devices", body["devices_new"], most)
    _say_names("gone devices", body["devices_gone"], most)
    for device, found in body["devices"].items():
        _say_device(device, found, most)
    _say_names("new survivors", body["new_survivors"], most)


def _say_ground(name: str, found: dict[str, Any], most: int | None) -> None:
    """Tables of single values are listed with these, the others by name."""
    _say_names(f"{name} new", [*found["new"]], most)
    _say_names(f"{name} gone", [*found["gone"]], most)
    if name in ("kernels", "hashes"):
        _say_names(f"{name} changed", [*found["changed"]], most)
        return
    for key, (old, new) in found["changed"].items():
        say(f"{name}: {key} was {_value(old)}, is {_value(new)}")


def _say_device(device: str, found: dict[str, Any], most: int | None) -> None:
    changed = found["changed"]
    say(f"{device}: {found['same']} verdicts are the same, {len(changed)} changed")
    _say_names("  verdict before alone", found["only_before"], most)
    _say_names("  verdict after alone", found["only_after"], most)
    if not changed:
        return
    rows = [[one["mutant"], one["before"], one["after"]] for one in changed[:most]]
    say_table(["mutant", "before", "after"], rows)
    if most is not None and len(changed) > most:
        say(f"... and {len(changed) - most} more: see --all or --json")


def _say_names(what: str, names: list[str], most: int | None) -> None:
    if not names:
        return
    shown = names[:most]
    left = f", ... and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    say(f"{what} ({len(names)}): {', '.join(shown)}{left}")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not given" if value is None else str(value)


def _number(score: float | None) -> str:
    return "none" if score is None else f"{score:.3f}"
