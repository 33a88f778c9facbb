"""What a campaign says of its inputs: their ranking, and the smallest set that kills as much."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import Any

from mutatenn.analysis.kill_matrix import KillMatrix, kill_matrix
from mutatenn.analysis.killing_set import KillingSet, killing_set
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.errors import InputError
from mutatenn.report.record import Record

SCHEMA = "mutatenn.inputs/1"


def matrix_of(record: Record, device: str | None = None) -> KillMatrix:
    """The kill matrix of a campaign on a device, the first one by default.

    Raises:
        InputError: the campaign has no such device, or its journal keeps no names of inputs.
    """
    chosen = record.devices[0] if device is None else device
    if chosen not in record.devices:
        raise InputError(
            f"the campaign in {record.folder} did not run on {chosen}; choose from: "
            f"{', '.join(record.devices)}"
        )
    if "input_names" not in record.facts:
        folder = shlex.quote(str(record.folder))
        raise InputError(
            f"the journal in {record.folder} does not name its inputs: it is of an earlier "
            f"version, or nothing ran yet; mutatenn-ir run --resume {folder} adds them"
        )
    return kill_matrix(record.rows_on(chosen), record.facts["input_names"])


def inputs_report(
    record: Record, device: str | None = None
) -> tuple[KillMatrix, KillingSet, dict[str, Any]]:
    """The matrix, the smallest killing set, and both as plain values for JSON.

    Raises:
        InputError: see ``matrix_of``.
    """
    matrix = matrix_of(record, device)
    found = killing_set(matrix)
    body = {
        "schema": SCHEMA,
        "device": record.devices[0] if device is None else device,
        "inputs": len(matrix.inputs),
        "mutants": len(matrix.mutants),
        "killed": int(matrix.killed.sum()),
        "unknown_cells": int((~matrix.known).sum()),
        "smallest_set": {
            "inputs": list(found.names),
            "kills": found.kills,
            "method": found.cover.method,
            "at_least": found.cover.at_least,
            "greedy_factor": found.cover.factor,
        },
        "killed_without_known_input": list(found.unplaced),
        "never_kill": list(found.idle),
        "ranking": [dataclasses.asdict(worth) for worth in found.ranking],
    }
    return matrix, found, body


def write_names(found: KillingSet, path: Path) -> None:
    """Write the set's names, one a line, as ``run --input-list`` reads them.

    Raises:
        InputError: a name has more than one line, or the file cannot be written.
    """
    unfit = [name for name in found.names if len(name.splitlines()) != 1 or not _is_utf8(name)]
    if unfit:
        raise InputError(f"the name {unfit[0]!r} does not fit on a line of text; rename that input")
    text = "".join(f"{name}\n" for name in found.names)
    write_atomically(path, text)


def _is_utf8(name: str) -> bool:
    """A file's name may have bytes that are no text."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
