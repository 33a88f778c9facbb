"""Looks at the device's memory: told one after another, answered all at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from mutatenn.device.portable.accelerator import Accelerator, Place, Value
from mutatenn.device.portable.memory_kernels import SLOT_WORDS, source

CAPACITY = 256
"""Looks that may be asked for at once."""
_BLOCK = 64
_MOST_BLOCKS = 64
_BYTES_PER_THREAD = 64


@dataclasses.dataclass(frozen=True)
class Damage:
    """Changed bytes of a zone; ``distance`` is that of the farthest from the data, 1 for the next.

    ``count`` 0 means that it is intact.
    """

    count: int
    distance: int


class Inspection:
    """Asks for looks (each has a number), and gives their answers."""

    def __init__(self, accelerator: Accelerator) -> None:
        self._accelerator = accelerator
        self._module = accelerator.build(source(accelerator.language))
        self._found = Place(accelerator.allocate(4 * SLOT_WORDS * CAPACITY), 0)
        self._asked = 0
        self._answers = np.zeros((0, SLOT_WORDS), np.uint32)

    def differing(self, a: Place, b: Place, nbytes: int) -> int:
        """Ask how many of ``nbytes`` bytes differ; both places lie at multiples of 4 bytes."""
        slot = self._begin_look()
        arguments: list[Value] = [
            Place(a.block, 0),
            np.uint64(a.offset // 4),
            Place(b.block, 0),
            np.uint64(b.offset // 4),
            np.uint64(nbytes),
        ]
        self._launch("mutatenn_differ", arguments, slot, nbytes)
        return slot

    def checksum(self, block: Any, nbytes: int) -> int:
        """Ask for a checksum of the first ``nbytes`` bytes of an allocation, a multiple of 4."""
        slot = self._begin_look()
        arguments: list[Value] = [Place(block, 0), np.uint64(nbytes // 4)]
        self._launch("mutatenn_checksum", arguments, slot, nbytes)
        return slot

    def zones(self, block: Place, bounds: tuple[int, int, int, int], value: int) -> int:
        """Ask what changed in the zones before and after some data.

        Args:
            block: the beginning of the allocation.
            bounds: offsets of the first zone, of the data, of its end, and of the last zone's end.
            value: the byte that the zones held.
        """
        slot = self._begin_look()
        word = np.uint32(value * 0x01010101)
        arguments: list[Value] = [block, *(np.uint64(bound) for bound in bounds), word]
        low, data, end, high = bounds
        self._launch("mutatenn_zones", arguments, slot, max(data - low, high - end))
        return slot

    def read(self) -> None:
        """Wait for the answers to all looks since the last time; their numbers stay valid."""
        if not self._asked:
            return
        nbytes = 4 * SLOT_WORDS * self._asked
        data = self._accelerator.download(self._found, nbytes)
        self._answers = data.view(np.uint32).reshape(-1, SLOT_WORDS)
        self._asked = 0

    def count(self, look: int) -> int:
        """Bytes that differ, or a checksum."""
        return int(self._answers[look, 0])

    def damage(self, look: int) -> tuple[Damage, Damage]:
        """What changed before and after the data."""
        row = [int(word) for word in self._answers[look]]
        return Damage(row[0], row[1]), Damage(row[2], row[3])

    def _begin_look(self) -> int:
        if self._asked >= CAPACITY:
            raise ValueError(f"more than {CAPACITY} looks at once")
        if not self._asked:
            self._accelerator.fill(self._found, 4 * SLOT_WORDS * CAPACITY, 0)
        self._asked += 1
        return self._asked - 1

    def _launch(self, symbol: str, arguments: list[Value], slot: int, nbytes: int) -> None:
        blocks = min(max(nbytes // (_BLOCK * _BYTES_PER_THREAD), 1), _MOST_BLOCKS)
        self._accelerator.launch(
            self._module,
            symbol,
            [*arguments, self._found, np.uint32(slot * SLOT_WORDS)],
            (blocks, 1, 1),
            (_BLOCK, 1, 1),
        )
