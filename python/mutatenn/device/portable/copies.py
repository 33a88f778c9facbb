"""Copies of slots that a run puts aside on the device."""

from __future__ import annotations

from collections.abc import Mapping

from mutatenn.device.portable.accelerator import Accelerator, Place
from mutatenn.device.portable.slots import Slots


class Copies:
    """Memory for copies, allocated once for each purpose and buffer."""

    def __init__(self, accelerator: Accelerator, slots: Slots) -> None:
        self._accelerator = accelerator
        self._slots = slots
        self._places: dict[tuple[str, int], Place] = {}

    def save(self, purpose: str, buffer: int) -> Place:
        """Copy what a slot holds; where the copy lies, until it is saved for that purpose again."""
        nbytes = self._slots.nbytes(buffer)
        place = self._places.get((purpose, buffer))
        if place is None:
            place = Place(self._accelerator.allocate(nbytes), 0)
            self._places[purpose, buffer] = place
        self._accelerator.copy(place, self._slots[buffer].data, nbytes)
        return place

    def restore(self, saved: Mapping[int, Place]) -> None:
        """Let slots hold what was saved."""
        for buffer, place in saved.items():
            nbytes = self._slots.nbytes(buffer)
            self._accelerator.copy(self._slots[buffer].data, place, nbytes)
