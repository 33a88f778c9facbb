"""Tables of several devices: verdicts, noise floor, and the two matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mutatenn.analysis.devices.vectors import Class
from mutatenn.oracle.floors import pairs
from mutatenn.report.axes import Axes
from mutatenn.report.devices_table import HEAD, device_rows, everywhere_text
from mutatenn.report.parting_text import parting_text
from mutatenn.report.record import Record

UNKNOWN = "-"
MOST = 200
"""Device-dependent mutants shown; the table of mutants has all."""
FARTHEST = 20
"""Mutants shown whose answers differ the most between devices."""
BEYOND, TOP1 = "beyond the noise floor", "another first class"


def device_tables(record: Record, body: dict[str, Any]) -> dict[str, Any] | None:
    """Cells of all tables, as the template shows them; ``None`` where there is one device.

    Args:
        record: the campaign.
        body: its summary.
    """
    axes = record.axes
    if axes is None:
        return None
    return {
        "head": HEAD,
        "rows": device_rows(body),
        "everywhere": everywhere_text(body),
        "faults": body["faults"],
        "classes": [(each.value, body["classes"][each.key]) for each in Class],
        "noise": list(_noise(body)),
        "repeated": body["noise_floor"]["repeated"],
        "oracles": axes.oracles,
        "alone": [
            (device, one["answered"], [_share(one["failing"][name]) for name in axes.oracles])
            for device, one in body["by_device"].items()
        ],
        "between": list(_between(record.devices, body, axes.oracles)),
        "dependent": [_dependent(one, record.devices) for one in body["device_dependent"][:MOST]],
        "dependent_left": max(0, len(body["device_dependent"]) - MOST),
        "farthest": _farthest(axes, record.devices),
    }


def _noise(body: dict[str, Any]) -> Iterable[list[str]]:
    for one in body["noise_floor"]["pairs"]:
        top1 = one["top1_differs"]
        yield [
            " / ".join(one["devices"]),
            str(one["output"]),
            UNKNOWN if top1 is None else f"{top1} of {one['inputs']}",
            _figure(one["absolute"]),
            _figure(one["relative"]),
            f"{one['bitwise_equal']} of {one['inputs']}",
        ]


def _between(
    devices: tuple[str, ...], body: dict[str, Any], oracles: Iterable[str]
) -> Iterable[dict[str, Any]]:
    """A square matrix for each oracle, one for the first class, one for what exceeds the noise."""
    found = {tuple(one["devices"]): one for one in body["agreement"]}
    told: list[tuple[str, tuple[str, ...]]]
    told = [(f"refused by {name}", ("oracles", name)) for name in oracles]
    told += [(TOP1, ("top1",)), (BEYOND, ("beyond_noise",))]
    for title, keys in told:
        rows = []
        for row in devices:
            cells: list[dict[str, Any] | None] = []
            for column in devices:
                one: Any = found.get((row, column)) or found.get((column, row))
                for key in keys:
                    one = None if one is None else one[key]
                cells.append(None if one is None else {**_share(one["mean"]), "n": one["mutants"]})
            rows.append((row, cells))
        yield {"title": title, "rows": rows}


def _dependent(one: dict[str, Any], devices: tuple[str, ...]) -> dict[str, Any]:
    why = ["reads uninitialised memory"] if one["uninitialised_memory"] else []
    why += ["goes out of bounds"] if one["out_of_bounds"] else []
    return {
        "mutant": one["mutant"],
        "verdicts": [one["verdicts"][device] for device in devices],
        "why": ", ".join(why) or UNKNOWN,
        "parting": UNKNOWN if one["parting"] is None else parting_text(one["parting"]),
    }


def _farthest(axes: Axes, devices: tuple[str, ...]) -> dict[str, Any]:
    """Mutants that differ beyond the noise: on how many inputs, for each pair of devices."""
    every = pairs(devices)
    found = []
    for cells in axes.cells.values():
        shares = [cells.between[pair].beyond if pair in cells.between else None for pair in every]
        most = max((share for share in shares if share is not None), default=0.0)
        if most > 0:
            found.append((most, cells.mutant, [_share(share) for share in shares]))
    found.sort(key=lambda one: -one[0])
    return {
        "pairs": [" / ".join(pair) for pair in every],
        "count": len(found),
        "rows": [(mutant, shares) for _, mutant, shares in found[:FARTHEST]],
    }


def _share(value: float | None) -> dict[str, Any]:
    """A share as a number for a colour, and as text."""
    return {"value": value, "text": UNKNOWN if value is None else f"{value:.3f}"}


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3g}"
