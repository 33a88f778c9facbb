"""The section *Devices* of the Markdown report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mutatenn.analysis.devices.matrices import Cells
from mutatenn.analysis.devices.vectors import Class
from mutatenn.oracle.floors import pairs
from mutatenn.report.axes import Axes
from mutatenn.report.devices_csv import FILE_NAME
from mutatenn.report.devices_table import HEAD, device_rows, everywhere_text
from mutatenn.report.parting_text import parting_text
from mutatenn.report.record import Record

SHOWN = 20
"""Mutants that are shown in a matrix; the CSV has all."""
UNKNOWN = "-"
DECIDED = (
    "A device decides a mutant by killing it or by letting it live (survived, or not reached). One "
    "that is equivalent, a duplicate, invalid or inconclusive on a device has no verdict there."
)


def devices_section(record: Record, body: dict[str, Any]) -> list[str]:
    """The lines; none for a campaign with one device.

    Args:
        record: the campaign.
        body: its summary.
    """
    axes = record.axes
    if axes is None:
        return []
    lines = [
        "",
        "## Devices",
        "",
        *_table(HEAD, device_rows(body)),
        "",
        f"{everywhere_text(body)}.",
    ]
    lines += [f"- {fault}" for fault in body["faults"]]
    lines += _noise(body["noise_floor"])
    lines += ["", "### Classes of mutants", ""]
    counted = [("agree to the kind of the kill", body["classes"]["agrees_everywhere"])]
    counted += [(each.value, body["classes"][each.key]) for each in Class]
    lines += _table(("class", "mutants"), [[name, str(n)] for name, n in counted])
    lines += ["", DECIDED]
    lines += _dependent(body, record.devices) + _partings(axes, body)
    return lines + _matrices(axes, record.devices, body)


def _noise(floor: dict[str, Any]) -> list[str]:
    head = ("devices", "output", "top-1 differs", "largest difference", "relative", "equal bits")
    rows = [
        [
            " / ".join(one["devices"]),
            str(one["output"]),
            UNKNOWN if one["top1_differs"] is None else f"{one['top1_differs']} of {one['inputs']}",
            _figure(one["absolute"]),
            _figure(one["relative"]),
            f"{one['bitwise_equal']} of {one['inputs']}",
        ]
        for one in floor["pairs"]
    ]
    lines = ["", "### The original on all devices: the noise floor", "", *_table(head, rows), ""]
    return lines + [f"- {device} twice: {text}" for device, text in floor["repeated"].items()]


def _dependent(body: dict[str, Any], devices: Sequence[str]) -> list[str]:
    if not body["device_dependent"]:
        return []
    rows = []
    for one in body["device_dependent"]:
        why = ["reads uninitialised memory"] if one["uninitialised_memory"] else []
        why += ["goes out of bounds"] if one["out_of_bounds"] else []
        parting = "" if one["parting"] is None else parting_text(one["parting"])
        told = [one["verdicts"][device] for device in devices]
        rows.append([f"`{one['mutant']}`", *told, ", ".join(why), parting])
    head = ("mutant", *devices, "explained by", "first launch at which they part")
    return ["", "### Device-dependent mutants", "", *_table(head, rows)]


def _partings(axes: Axes, body: dict[str, Any]) -> list[str]:
    """What is known of mutants whose answers differ though their verdicts do not."""
    told = body["partings"]
    if not told:
        return []
    dependent = {one["mutant"] for one in body["device_dependent"]}
    others = [one for one in told["found"] if one["mutant"] not in dependent]
    lines = ["", "### Where devices part over other mutants", ""] if others else [""]
    reading = {vector.mutant for vector in axes.vectors if vector.uninitialised}
    for one in others:
        why = " (reads uninitialised memory)" if one["mutant"] in reading else ""
        lines.append(f"- `{one['mutant']}`{why}: {parting_text(one)}")
    left = told["candidates"] - len(told["found"])
    if left > 0:
        lines += [
            "",
            f"{left} more mutants differ between devices; the first {told['limit']} were "
            "run once more to see where.",
        ]
    return lines


def _matrices(axes: Axes, devices: Sequence[str], body: dict[str, Any]) -> list[str]:
    """Mean shares over all mutants, and the mutants over which devices differ the most."""
    head = ("device", "mutants with answers", *axes.oracles)
    rows = [
        [
            device,
            str(one["answered"]),
            *(_figure(one["failing"][name]) for name in axes.oracles),
        ]
        for device, one in body["by_device"].items()
    ]
    lines = ["", "### Mutant against original", ""]
    lines += ["Mean share of inputs on which a mutant's answers fail the oracle:", ""]
    lines += [*_table(head, rows), "", "### Device against device", ""]
    lines.append(
        "Of the same mutant, mean share of inputs on which the oracle does not accept one device's "
        "answer beside the other's; in brackets the mutants with any. Beyond the noise are inputs "
        "that differ by more than the original's answers do."
    )
    head = ("devices", "mutants", "no answer", *axes.oracles, "top-1 differs", "beyond noise")
    rows = [
        [
            " / ".join(one["devices"]),
            str(one["mutants"]),
            str(one["unanswered"]),
            *(_shares(one["oracles"][name]) for name in axes.oracles),
            UNKNOWN if one["top1"] is None else _shares(one["top1"]),
            _shares(one["beyond_noise"]),
        ]
        for one in body["agreement"]
    ]
    return [*lines, "", *_table(head, rows), *_farthest(axes, devices)]


def _farthest(axes: Axes, devices: Sequence[str]) -> list[str]:
    """The rows of the matrices that hold the largest differences between devices."""
    differing = [cells for cells in axes.cells.values() if _beyond(cells) > 0]
    if not differing:
        return ["", f"No mutant's answers differ beyond the noise. All rows are in `{FILE_NAME}`."]
    differing.sort(key=lambda cells: -_beyond(cells))
    shown = differing[:SHOWN]
    text = f"Mutants whose answers differ beyond the noise: {len(differing)}"
    text += f"; the {len(shown)} that do so on the most inputs:" if len(differing) > SHOWN else "."
    told = [f"{name} on {device}" for name in axes.oracles for device in devices]
    rows = [
        [
            f"`{cells.mutant}`",
            *(
                _figure(cells.failing.get(d, {}).get(name))
                for name in axes.oracles
                for d in devices
            ),
            *(_pair(cells, pair) for pair in pairs(devices)),
        ]
        for cells in shown
    ]
    beyond = [f"{one} / {other} beyond noise" for one, other in pairs(devices)]
    lines = ["", text, "", *_table(("mutant", *told, *beyond), rows)]
    return [*lines, "", f"All rows are in `{FILE_NAME}`."]


def _beyond(cells: Cells) -> float:
    return max((cell.beyond for cell in cells.between.values()), default=0.0)


def _pair(cells: Cells, pair: tuple[str, str]) -> str:
    cell = cells.between.get(pair)
    return UNKNOWN if cell is None else _figure(cell.beyond)


def _shares(shares: dict[str, Any]) -> str:
    return f"{_figure(shares['mean'])} ({shares['mutants']})"


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [list(head), ["---"] * len(head), *rows]
    escaped = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return ["| " + " | ".join(cells) + " |" for cells in escaped]
