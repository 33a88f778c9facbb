"""``devices.csv``: verdict vector and both matrices, a row for each mutant."""

from __future__ import annotations

import csv
import io

from mutatenn.analysis.devices.matrices import Cells
from mutatenn.analysis.devices.vectors import Vector
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.oracle.floors import pairs
from mutatenn.report.axes import Axes
from mutatenn.report.record import Record

FILE_NAME = "devices.csv"


def write_devices(record: Record) -> None:
    """Write ``report/devices.csv`` in the folder of a campaign with several devices."""
    if record.axes is not None:
        path = record.folder / "report" / FILE_NAME
        write_atomically(path, devices_csv(record.axes, record.devices))


def devices_csv(axes: Axes, devices: tuple[str, ...]) -> str:
    """The table; a cell is empty where a mutant has no answers.

    ``D fails O`` is the share of inputs on which the answers on device D fail oracle O. Of two
    devices, ``D/E disputed by O`` is the share on which O does not accept one's answer beside the
    other's, ``D/E top-1 differs`` that with another first class, ``D/E beyond noise`` that which
    differs by more than the original does, and ``D/E largest difference`` is of two elements.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_head(axes, devices))
    for vector in axes.vectors:
        writer.writerow(_row(axes, devices, vector))
    return file.getvalue()


def _head(axes: Axes, devices: tuple[str, ...]) -> list[str]:
    head = ["mutant", "class", "reads uninitialised memory", "goes out of bounds"]
    head += devices
    head += [f"{device} fails {name}" for device in devices for name in axes.oracles]
    for one, other in pairs(devices):
        told = [f"disputed by {name}" for name in axes.oracles]
        told += ["top-1 differs", "beyond noise", "largest difference"]
        head += [f"{one}/{other} {text}" for text in told]
    return head


def _row(axes: Axes, devices: tuple[str, ...], vector: Vector) -> list[str]:
    cells = axes.cells.get(vector.mutant, Cells(vector.mutant, {}, {}))
    row = [vector.mutant, vector.of_class.value]
    row += ["yes" if flag else "" for flag in (vector.uninitialised, vector.out_of_bounds)]
    row += [vector.told(device) for device in devices]
    for device in devices:
        failing = cells.failing.get(device, {})
        row += [_number(failing.get(name)) for name in axes.oracles]
    for pair in pairs(devices):
        cell = cells.between.get(pair)
        if cell is None:
            row += [""] * (len(axes.oracles) + 3)
            continue
        row += [_number(cell.disputed[name]) for name in axes.oracles]
        row += [_number(cell.top1), _number(cell.beyond), _number(cell.absolute)]
    return row


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
