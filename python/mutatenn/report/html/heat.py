"""Heat maps: what became of the mutants of each operator in each layer, and on each device."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mutatenn.analysis.score import score
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.record import Record

COUNTED = ("killed", "survived", "not_reached")
WITHOUT = "(no layer)"
"""Stands for the layer of mutants that belong to none."""

Told = tuple[str, str, str]
"""Operator, key of the column, and verdict, of a mutant."""


def heat_maps(record: Record) -> dict[str, Any]:
    """The maps, as ``js/heat.js`` reads them: operator by layer of each device, and by device.

    A cell is ``[row, column, killed, survived, not reached, score]`` of the mutants that count; a
    pair without any has none. A mutant of several layers counts in each of them; layers that
    always occur together share a column, whose ``key`` is the first of them.
    """
    mutants = record.mutants()
    kernels = list(record.facts["hashes"].get("kernels", {}))
    groups = layer_groups(record.manifest.mutants, kernels)
    first = {layer: group[0] for group in groups for layer in group}
    columns = [_column(group) for group in groups] + [_column((WITHOUT,))]
    maps, across = [], []
    for device in record.devices:
        rows = [(mutants[row["mutant"]], row["verdict"]) for row in record.scored_on(device)]
        told: list[Told] = [
            (mutant.operator, layer, verdict)
            for mutant, verdict in rows
            for layer in dict.fromkeys(first[name] for name in mutant.layers) or (WITHOUT,)
        ]
        maps.append(_map(device, told, columns))
        across += [(mutant.operator, device, verdict) for mutant, verdict in rows]
    devices = [_column((device,)) for device in record.devices]
    return {"layers": maps, "devices": _map("", across, devices)}


def layer_groups(mutants: Iterable[Mutant], kernels: Sequence[str]) -> list[tuple[str, ...]]:
    """The layers, those together that have the very same mutants.

    Args:
        mutants: all of a campaign.
        kernels: in the order of their first launch, which is then that of the layers.
    """
    place = {name: at for at, name in enumerate(kernels)}
    ordered = sorted(mutants, key=lambda mutant: place.get(mutant.function, len(place)))
    numbers: dict[str, list[int]] = {}
    for number, together in enumerate(dict.fromkeys(mutant.layers for mutant in ordered)):
        for layer in together:
            numbers.setdefault(layer, []).append(number)
    groups: dict[tuple[int, ...], list[str]] = {}
    for layer, own in numbers.items():
        groups.setdefault(tuple(own), []).append(layer)
    return [tuple(group) for group in groups.values()]


def _column(names: Sequence[str]) -> dict[str, str]:
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return {"key": names[0], "text": f"{names[0]}{more}", "title": ", ".join(names)}


def _map(name: str, told: Iterable[Told], columns: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for operator, column, verdict in told:
        if verdict in COUNTED:
            counts = found.setdefault((operator, column), dict.fromkeys(COUNTED, 0))
            counts[verdict] += 1
    held = {column for _, column in found}
    kept = [column for column in columns if column["key"] in held]
    place = {column["key"]: at for at, column in enumerate(kept)}
    rows = sorted({row for row, _ in found})
    numbers = {row: at for at, row in enumerate(rows)}
    return {
        "name": name,
        "rows": rows,
        "columns": kept,
        "cells": [
            [numbers[row], place[column], *counts.values(), score(counts)]
            for (row, column), counts in found.items()
        ],
    }
