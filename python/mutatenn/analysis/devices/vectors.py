"""Verdict vectors: what becomes of one mutant on every device, and the class that this makes."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mutatenn.campaign.verdict import (
    LIVING,
    OUT_OF_BOUNDS,
    PROVED_OUT_OF_BOUNDS,
    UNINITIALISED,
    verdict_text,
)

NOT_APPLICABLE = "not applicable"
"""In place of a verdict on a device that runs another lowering than the mutant's."""
PENDING = "pending"
"""In place of a verdict that has not fallen yet."""


class Class(enum.Enum):
    """What a vector amounts to; the classes exclude each other, in the order of the questions.

    A device *decides* a mutant by killing it or by letting it live (survived, or not reached).
    Mutants that are equivalent, duplicates, invalid or inconclusive on a device have no verdict
    there: they are evidence of nothing between devices.
    """

    ONE_DEVICE = "applicable on one device"
    INCOMPLETE = "incomplete"
    DEVICE_DEPENDENT = "device-dependent"
    UNDECIDED = "decided nowhere"
    PARTLY = "the same wherever it is decided"
    KILLED_EVERYWHERE = "killed everywhere"
    SURVIVED_EVERYWHERE = "survived everywhere"

    @property
    def key(self) -> str:
        """The name in ``summary.json``."""
        return self.name.lower()


@dataclasses.dataclass(frozen=True)
class Vector:
    """The verdicts on one mutant: a row of the journal by device, for devices that have one.

    ``devices`` are the campaign's, ``applicable`` those that the mutant belongs to.
    """

    mutant: str
    devices: tuple[str, ...]
    applicable: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Any]]

    def told(self, device: str) -> str:
        """The verdict on a device as people read it."""
        if device not in self.applicable:
            return NOT_APPLICABLE
        row = self.rows.get(device)
        return PENDING if row is None else verdict_text(row["verdict"], row["kill"])

    @property
    def told_everywhere(self) -> dict[str, str]:
        """``told`` of every device."""
        return {device: self.told(device) for device in self.devices}

    @property
    def killing(self) -> list[str]:
        """Devices that kill it."""
        return [name for name, row in self.rows.items() if row["verdict"] == "killed"]

    @property
    def sparing(self) -> list[str]:
        """Devices that let it live."""
        return [name for name, row in self.rows.items() if row["verdict"] in LIVING]

    @property
    def agrees(self) -> bool:
        """Whether it is shared, and all devices say the same of it, to the kind of the kill."""
        told = {self.told(device) for device in self.applicable}
        return len(self.applicable) > 1 and len(told) == 1 and PENDING not in told

    @property
    def of_class(self) -> Class:
        """The class."""
        killing, sparing = len(self.killing), len(self.sparing)
        if len(self.applicable) < 2:
            return Class.ONE_DEVICE
        if len(self.rows) < len(self.applicable):
            return Class.INCOMPLETE
        if killing and sparing:
            return Class.DEVICE_DEPENDENT
        if not killing and not sparing:
            return Class.UNDECIDED
        if killing + sparing < len(self.applicable):
            return Class.PARTLY
        return Class.KILLED_EVERYWHERE if killing else Class.SURVIVED_EVERYWHERE

    @property
    def uninitialised(self) -> bool:
        """Whether it reads memory on some device that it never wrote: that explains anything."""
        return self._marked(UNINITIALISED)

    @property
    def out_of_bounds(self) -> bool:
        """Whether it goes out of bounds on some device, seen or proved: likewise."""
        return self._marked(OUT_OF_BOUNDS, PROVED_OUT_OF_BOUNDS)

    def _marked(self, *marks: str) -> bool:
        return any(mark in row["marks"] for row in self.rows.values() for mark in marks)


def vectors(
    rows: Iterable[Mapping[str, Any]],
    devices: Sequence[str],
    mutants_of: Mapping[str, Iterable[str]],
) -> list[Vector]:
    """The vectors of all mutants that have a verdict anywhere, in the order of their first one.

    Args:
        rows: the journal's.
        devices: the campaign's.
        mutants_of: ids of the mutants that belong to each device.
    """
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["mutant"], {})[row["device"]] = row
    members = {device: set(mutants_of[device]) for device in devices}
    return [
        Vector(
            mutant,
            tuple(devices),
            tuple(device for device in devices if mutant in members[device]),
            {device: by_device[device] for device in devices if device in by_device},
        )
        for mutant, by_device in found.items()
    ]


def class_counts(found: Iterable[Vector]) -> dict[str, int]:
    """Mutants of each class by its key, zeros included; ``agrees_everywhere`` beside them.

    That one counts ``Vector.agrees``: it holds mutants of several classes.
    """
    counted = dict.fromkeys(("agrees_everywhere", *(each.key for each in Class)), 0)
    for vector in found:
        counted["agrees_everywhere"] += vector.agrees
        counted[vector.of_class.key] += 1
    return counted
