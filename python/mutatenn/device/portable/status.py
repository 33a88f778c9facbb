"""What a worker says of itself while it is busy: a few numbers in shared memory."""

from __future__ import annotations

import mmap
import os
import time
from typing import Any

import numpy as np

from mutatenn.device.evidence import Pattern

_FIELDS = np.dtype(
    [
        ("beat", "<i8"),
        ("deadline_ns", "<i8"),
        ("row", "<i8"),
        ("launch", "<i8"),
        ("pattern", "<i8"),
        ("launches", "<i8"),
    ]
)
BETWEEN_SECONDS = 120.0
"""What a worker's own work between two launches may last, the compilation of a kernel included."""
_PATTERNS: tuple[Pattern, Pattern] = ("A", "B")


class Status:
    """Where a worker is: row, launch and pattern, and until when it may be there.

    Each number is written at once, so that a reader never sees half of one. Times are those of
    ``time.monotonic_ns``, which all processes of a machine share.
    """

    def __init__(self, descriptor: int) -> None:
        """Map it; the descriptor may be closed afterwards."""
        self._map = mmap.mmap(descriptor, _FIELDS.itemsize)
        self._fields: Any = np.ndarray((1,), _FIELDS, self._map)

    @classmethod
    def create(cls) -> tuple[int, Status]:
        """A new one, and the descriptor by which another process maps it."""
        descriptor = os.memfd_create("mutatenn-status")
        os.ftruncate(descriptor, _FIELDS.itemsize)
        status = cls(descriptor)
        status.clear()
        return descriptor, status

    def clear(self, until_ns: int | None = None) -> None:
        """Be nowhere; what comes next may last as long as work between launches."""
        for field, value in (("row", -1), ("launch", -1), ("pattern", 0), ("launches", 0)):
            self._fields[field][0] = value
        self._beat(_soon() if until_ns is None else until_ns)

    def enter(self, row: int, launch: int, pattern: Pattern, deadline_ns: int) -> None:
        """A launch begins."""
        self._fields["row"][0] = row
        self._fields["launch"][0] = launch
        self._fields["pattern"][0] = _PATTERNS.index(pattern)
        self._beat(deadline_ns)

    def leave(self) -> None:
        """The launch has ended; the place stays what it was."""
        self._beat(_soon())

    def count_launch(self) -> None:
        """One more launch of a mutated kernel is begun."""
        self._fields["launches"][0] += 1

    @property
    def place(self) -> tuple[int, int, Pattern]:
        """Row, launch and pattern; -1 for a row and a launch that are none."""
        row, launch = int(self._fields["row"][0]), int(self._fields["launch"][0])
        return row, launch, _PATTERNS[int(self._fields["pattern"][0]) & 1]

    @property
    def launches(self) -> int:
        """Launches of mutated kernels that were begun."""
        return int(self._fields["launches"][0])

    @property
    def beat(self) -> int:
        """A number that changes with every call above."""
        return int(self._fields["beat"][0])

    @property
    def deadline_ns(self) -> int:
        """When what it does has lasted too long."""
        return int(self._fields["deadline_ns"][0])

    def _beat(self, deadline_ns: int) -> None:
        self._fields["deadline_ns"][0] = deadline_ns
        self._fields["beat"][0] += 1


def _soon() -> int:
    return time.monotonic_ns() + int(BETWEEN_SECONDS * 1e9)
