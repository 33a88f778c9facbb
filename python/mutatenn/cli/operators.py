"""``mutatenn-ir operators``: the catalogue."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from mutatenn import _core
from mutatenn.catalogue import catalogue, origins
from mutatenn.cli.console import note, say_json, say_table
from mutatenn.cli.options import Json
from mutatenn.mutation.presets import preset as read_preset

Named = Annotated[str | None, typer.Option("--preset", help="Only the operators of this preset.")]


def operators(preset: Named = None, as_json: Json = False) -> None:
    """List the mutation operators, their parameters, fault models and where they come from."""
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
