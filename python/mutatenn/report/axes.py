"""A campaign seen along its devices: verdict vectors, noise floor and matrices, from its folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.analysis.devices.matrices import Cells, Ground
from mutatenn.analysis.devices.noise import noise_entries
from mutatenn.analysis.devices.vectors import Vector, vectors
from mutatenn.campaign.answers import Answers
from mutatenn.errors import InputError
from mutatenn.oracle import Oracle, parse_oracle
from mutatenn.oracle.floors import noise_floors
from mutatenn.oracle.outputs import Outputs


@dataclasses.dataclass(frozen=True)
class Axes:
    """What the devices of a campaign say of the same mutants.

    Attributes:
        vectors: of every mutant that has a verdict on some device.
        noise: as ``noise_entries`` gives it.
        cells: of mutants that ran to the end on some device, by their ids.
        oracles: names of the rules that the cells were judged by.
        faults: why something is missing here, a sentence each.
    """

    vectors: list[Vector]
    noise: list[dict[str, Any]]
    cells: dict[str, Cells]
    oracles: tuple[str, ...]
    faults: tuple[str, ...]


def read_axes(
    path: Path,
    facts: Mapping[str, Any],
    devices: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    mutants_of: Mapping[str, Iterable[str]],
) -> Axes:
    """Judge what is stored of several devices.

    Args:
        path: the file of answers.
        facts: the journal's.
        devices: the campaign's.
        rows: the journal's, of all devices.
        mutants_of: ids of the mutants that belong to each device.
    """
    found = vectors(rows, devices, mutants_of)
    oracles, faults = _usable(facts["options"]["oracles"])
    names = tuple(oracle.name for oracle in oracles)
    try:
        noise, cells = _judged(path, facts, devices, found, oracles)
    except InputError as error:
        # The verdicts do not hang on it.
        return Axes(found, [], {}, names, (*faults, str(error)))
    return Axes(found, noise, cells, names, tuple(faults))


def _usable(texts: Sequence[str]) -> tuple[list[Oracle], list[str]]:
    """The campaign's rules; one from a file of the user's may be gone since."""
    oracles, faults = [], []
    for text in texts:
        try:
            oracles.append(parse_oracle(text))
        except InputError as error:
            faults.append(f"answers are not compared by {text}: {error}")
    return oracles, faults


def _judged(
    path: Path,
    facts: Mapping[str, Any],
    devices: Sequence[str],
    found: Sequence[Vector],
    oracles: Sequence[Oracle],
) -> tuple[list[dict[str, Any]], dict[str, Cells]]:
    with Answers(path, read_only=True) as answers:
        golden: dict[str, Outputs] = {}
        for device in devices:
            known = answers.golden(device)
            if known is not None:
                golden[device] = known
        labels = facts.get("labels")
        classes = None if labels is None else np.asarray(labels, np.int64)
        ground = Ground(golden, noise_floors(golden, devices), oracles, classes)
        cells = {}
        for vector in found:
            given: dict[str, Outputs] = {}
            second: dict[str, Outputs] = {}
            for device, row in vector.rows.items():
                # Of a mutant that was tried again, answers of the first try may be left.
                own = answers.of(vector.mutant, device) if row["reach"] else None
                if own is not None:
                    given[device] = own.outputs
                    if own.outputs_b is not None:
                        second[device] = own.outputs_b
            if given:
                cells[vector.mutant] = ground.cells(vector.mutant, given, second)
        return noise_entries(golden, devices), cells
