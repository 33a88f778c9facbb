"""A buffer between guard zones on an accelerator."""

from __future__ import annotations

from collections.abc import Callable

from mutatenn.device.portable.accelerator import Accelerator, Place
from mutatenn.device.portable.inspection import Damage, Inspection

PATTERN_BYTES = {"A": 0xFF, "B": 0x7B}
"""A: a quiet NaN in every IEEE type, -1 in integers. B: a large finite number, as in ``llvm``."""

_PAGE = 4096
_LARGEST_GUARD = 1 << 20


def _round_up(value: int, step: int) -> int:
    return -(-value // step) * step


class GuardedBuffer:
    """``nbytes`` of data from a page's beginning, with zones before and right behind them.

    A zone has ``guard_bytes`` at least, and is as large as the data up to 1 MiB.
    """

    def __init__(self, accelerator: Accelerator, nbytes: int, guard_bytes: int) -> None:
        """Allocate it.

        Raises:
            OutOfMemory: the device has no room.
        """
        guard = _round_up(max(guard_bytes, min(nbytes, _LARGEST_GUARD)), _PAGE)
        high = guard + _round_up(nbytes + guard, _PAGE)
        self._accelerator = accelerator
        self._bounds = (0, guard, guard + nbytes, high)
        self._block = Place(accelerator.allocate(high), 0)
        self._painted: int | None = None
        self.nbytes = nbytes
        self.data = self._block + guard

    def paint(self, value: int) -> None:
        """Let both zones hold ``value``; nothing is done when they do."""
        if self._painted == value:
            return
        low, data, end, high = self._bounds
        self._accelerator.fill(self._block + low, data - low, value)
        self._accelerator.fill(self._block + end, high - end, value)
        self._painted = value

    def fill(self, value: int) -> None:
        """Let the data hold ``value``."""
        self._accelerator.fill(self.data, self.nbytes, value)

    def look(self, inspection: Inspection) -> Callable[[], tuple[Damage, Damage]]:
        """Ask for damage to the zones since ``paint``.

        Returns:
            What gives the damage before and after the data, once the inspection was read; zones
            with damage are painted anew the next time.
        """
        assert self._painted is not None
        number = inspection.zones(self._block, self._bounds, self._painted)

        def answer() -> tuple[Damage, Damage]:
            before, after = inspection.damage(number)
            if before.count or after.count:
                self._painted = None
            return before, after

        return answer

    def reaches_edge(self, before: Damage, after: Damage) -> bool:
        """Whether damage goes to a zone's outer end, so that it may go on behind it."""
        low, data, end, high = self._bounds
        near = 64
        return before.distance > data - low - near or after.distance > high - end - near
