"""``mutatenn-ir operators``: the catalogue."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from mutatenn import _core
from mutatenn.catalogue import catalogue, origins
from mutatenn.cli.console import note, say_json, say_table
from mutatenn.cli.options import Json
from mutatenn.mutation import icst2025
from mutatenn.mutation.presets import preset as read_preset

Named = Annotated[str | None, typer.Option("--preset", help="Only the operators of this preset.")]


def operators(preset: Named = None, as_json: Json = False) -> None:
    """List the mutation operators, their parameters, fault models and where they come from."""
    if preset == icst2025.NAME:
        _list_rows(as_json)
        return
    found = catalogue()
    if preset is not None:
        held = read_preset(preset)
        note(f"preset {held.name}, version {held.version}: {held.summary}")
        if held.first:
            note(f"only the first replacement at each place of: {', '.join(held.first)}")
        found = [op for op in found if op.id in held.operators]
    if as_json:
        say_json([_plain(op) for op in found])
        return
    rows = [
        [
            op.id,
            op.category,
            ", ".join(op.stages),
            str(origins()[op.id]),
            "; ".join(f"{p.name}={_values(p)}" for p in op.parameters),
            op.summary,
        ]
        for op in found
    ]
    say_table(["operator", "category", "stages", "from", "parameters", "what it does"], rows)


def _list_rows(as_json: bool) -> None:
    """The rows of the preset that names settings, and not only operators."""
    held = icst2025.read_rows()
    note(f"preset {icst2025.NAME}, version {held.version}: {held.summary}")
    note(f"each row in either mode: {', '.join(held.modes)}")
    if as_json:
        say_json([row.to_dict() | {"modes": list(held.modes)} for row in held.rows])
        return
    rows = [
        [str(row.number), row.title, row.category, row.stage, f"{row.operator} {_pairs(row)}"]
        for row in held.rows
    ]
    say_table(["row", "title", "category", "stage", "operator and settings"], rows)


def _pairs(row: icst2025.Row) -> str:
    return " ".join(f"{name}={value}" for name, value in row.settings.items())


def _values(parameter: _core.Parameter) -> str:
    return "|".join(parameter.choices) if parameter.form == "choice" else parameter.accepted


def _plain(op: _core.Operator) -> dict[str, Any]:
    return {
        "id": op.id,
        "category": op.category,
        "version": op.version,
        "stages": op.stages,
        "origin": dataclasses.asdict(origins()[op.id]),
        "summary": op.summary,
        "fault_model": op.fault_model,
        "source": op.source,
        "suppressions": op.suppressions,
        "redundant": op.redundant,
        "semantics_preserving": op.semantics_preserving,
        "parameters": [
            {
                "name": p.name,
                "form": p.form,
                "accepted": p.accepted,
                "choices": p.choices,
                "when_absent": p.when_absent,
                "summary": p.summary,
            }
            for p in op.parameters
        ],
    }
