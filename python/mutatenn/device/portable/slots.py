"""One guarded buffer per buffer of the plan, in which kernels work."""

from __future__ import annotations

from collections.abc import Sequence

from mutatenn.device.portable.accelerator import Accelerator, Place
from mutatenn.device.portable.guarded_buffer import GuardedBuffer
from mutatenn.lowering.plan import Buffer


class Slots:
    """Remembers which slots hold golden data, so that it is copied in only when it is not there."""

    def __init__(
        self, accelerator: Accelerator, buffers: Sequence[Buffer], guard_bytes: int
    ) -> None:
        """Allocate a slot for each buffer.

        Raises:
            OutOfMemory: the device has no room.
        """
        self._accelerator = accelerator
        self._guard_bytes = guard_bytes
        self._buffers: list[Buffer] = []
        self._slots: list[GuardedBuffer] = []
        self._holds: dict[int, int] = {}
        self.add(buffers)

    def add(self, buffers: Sequence[Buffer]) -> None:
        """Slots for more buffers, numbered on."""
        for buffer in buffers:
            self._slots.append(GuardedBuffer(self._accelerator, buffer.nbytes, self._guard_bytes))
            self._buffers.append(buffer)

    def cut(self, count: int) -> None:
        """Drop all slots but the first ``count``."""
        del self._slots[count:], self._buffers[count:]
        self._holds = {buffer: row for buffer, row in self._holds.items() if buffer < count}

    def __getitem__(self, buffer: int) -> GuardedBuffer:
        return self._slots[buffer]

    def nbytes(self, buffer: int) -> int:
        """Size of a buffer's data."""
        return self._slots[buffer].nbytes

    def mark_golden(self, buffer: int, row: int) -> None:
        """The slot holds golden data of ``row``."""
        self._holds[buffer] = self._key(buffer, row)

    def mark_other(self, buffer: int) -> None:
        """The slot holds something else."""
        self._holds.pop(buffer, None)

    def forget(self) -> None:
        """No slot is known to hold golden data."""
        self._holds.clear()

    def load(self, buffer: int, row: int, golden: Place) -> None:
        """Copy golden data of ``row`` in unless it is there."""
        if self._holds.get(buffer) != self._key(buffer, row):
            self._accelerator.copy(self._slots[buffer].data, golden, self.nbytes(buffer))
            self.mark_golden(buffer, row)

    def _key(self, buffer: int, row: int) -> int:
        return 0 if self._buffers[buffer].role == "weight" else row
