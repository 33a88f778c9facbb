"""Chooses the mutants whose partings are looked for, the two devices, and the input."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.answers import Answers
from mutatenn.campaign.parting.search import FACTOR
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import LIVING, UNINITIALISED
from mutatenn.oracle import class_output
from mutatenn.oracle.floors import Pair, noise_floors, pairs
from mutatenn.oracle.mutual import failing
from mutatenn.oracle.outputs import Flags, Outputs
from mutatenn.oracle.spread import beyond_floors, spread, top1_differs

Rows = Mapping[str, Mapping[str, Any]]
"""A mutant's verdicts: a row of the journal by device."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A mutant on which two devices differ, and one input that shows it.

    ``devices`` are one that kills it and one that lets it live where some do so. ``row`` is
    ``None``, and ``reason`` a sentence, where there is no answer to compare.
    """

    mutant: str
    devices: Pair
    row: int | None
    reason: str = ""
    uninitialised: bool = False
    """Whether it reads memory, on one of the two, that it never wrote."""


class Choice:
    """Chooses among a campaign's mutants by their verdicts and their stored answers."""

    def __init__(self, subject: Subject, answers: Answers) -> None:
        self._subject = subject
        self._answers = answers
        self._golden: dict[str, Outputs] = {}
        for device in subject.options.device:
            golden = answers.golden(device)
            if golden is not None:
                self._golden[device] = golden
        self._floors = noise_floors(self._golden, subject.options.device)

    def wanted(self, by_mutant: Mapping[str, Rows]) -> list[Wanted]:
        """The device-dependent ones, in order, then those that differ far beyond the noise floor.

        Of the latter, those first that do so on the most inputs.
        """
        dependent, others = [], []
        for mutant, rows in by_mutant.items():
            found = self._dependent(mutant, rows)
            if found is not None:
                dependent.append(found)
                continue
            share, differing = self._beyond(mutant, rows)
            if differing is not None:
                others.append((share, differing))
        others.sort(key=lambda one: -one[0])
        return [*dependent, *(one for _, one in others)]

    def _dependent(self, mutant: str, rows: Rows) -> Wanted | None:
        killing = [device for device, row in rows.items() if row["verdict"] == "killed"]
        sparing = [device for device, row in rows.items() if row["verdict"] in LIVING]
        if not killing or not sparing:
            return None
        candidates = [(one, other) for one in killing for other in sparing]
        # Devices whose launches correspond, and that both give answers, tell the most.
        candidates.sort(
            key=lambda pair: (
                not shares_launches(self._subject, pair),
                self._answer(mutant, pair[0], rows) is None,
            )
        )
        pair = candidates[0]
        first, second = (self._answer(mutant, device, rows) for device in pair)
        if first is None or second is None:
            reason = f"{pair[0]} does not run it to the end: {rows[pair[0]]['reason']}"
            return Wanted(mutant, pair, None, reason)
        row = self._telling_row(pair, first, second)
        return Wanted(mutant, pair, row, uninitialised=_uninitialised(rows, pair))

    def _beyond(self, mutant: str, rows: Rows) -> tuple[float, Wanted | None]:
        """The pair of devices with the most inputs beyond the noise, if any, and their share."""
        best: tuple[float, Wanted | None] = (0.0, None)
        told = {device: self._told(mutant, device, rows) for device in rows}
        given = {device: one for device, one in told.items() if one is not None}
        for pair in pairs(list(given)):
            one, other = given[pair[0]], given[pair[1]]
            flags = beyond_floors(one, other, self._floors[pair], FACTOR)
            share = float(flags.mean())
            if share > best[0]:
                row = _farthest(one, other, flags)
                best = share, Wanted(mutant, pair, row, uninitialised=_uninitialised(rows, pair))
        return best

    def _answer(self, mutant: str, device: str, rows: Rows) -> list[NDArray[Any]] | None:
        """The answers on a device; the original's where no input executes the place."""
        if rows[device]["verdict"] == "not_reached":
            return list(self._golden[device])
        return self._told(mutant, device, rows)

    def _told(self, mutant: str, device: str, rows: Rows) -> list[NDArray[Any]] | None:
        """The answers of a mutant that ran to the end; older ones may be left of another try."""
        found = self._answers.of(mutant, device) if rows[device]["reach"] else None
        return None if found is None else found.outputs

    def _telling_row(self, pair: Pair, first: Outputs, second: Outputs) -> int:
        """An input that one device's answers fail and the other's do not, or the next best."""
        labels = self._subject.inputs.labels
        differ: Flags = np.zeros(first[0].shape[0], np.bool_)
        for oracle in self._subject.oracles:
            told = failing(oracle, self._golden[pair[0]], first, labels)
            differ |= told ^ failing(oracle, self._golden[pair[1]], second, labels)
        if differ.any():
            return int(np.flatnonzero(differ)[0])
        classes = class_output([array.shape[1:] for array in first])
        if classes is not None:
            changed = np.flatnonzero(top1_differs(first, second, classes))
            if changed.size:
                return int(changed[0])
        return _farthest(first, second, np.ones_like(differ))


def shares_launches(subject: Subject, pair: Pair) -> bool:
    """Whether launch and buffer numbers mean the same on both devices."""
    one, other = (subject.of(device).lowered.plan for device in pair)
    return one.launches == other.launches and one.buffers == other.buffers


def _uninitialised(rows: Rows, pair: Pair) -> bool:
    return any(UNINITIALISED in rows[device]["marks"] for device in pair)


def _farthest(first: Outputs, second: Outputs, among: Flags) -> int:
    """The input, among some, whose answers are the farthest apart in proportion."""
    apart = [spread(one, other).relative for one, other in zip(first, second, strict=True)]
    most = np.maximum.reduce(apart)
    return int(np.argmax(np.where(among, most, -1.0)))


def by_mutant(rows: Sequence[Mapping[str, Any]], devices: Sequence[str]) -> dict[str, Rows]:
    """The journal's rows by mutant and device, devices in the campaign's order."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: devices.index(row["device"])):
        found.setdefault(row["mutant"], {})[row["device"]] = row
    return dict(found)
