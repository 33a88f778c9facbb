"""Accesses out of bounds that a mutation adds, proved before anything runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.mutation.accesses import Access, accesses
from mutatenn.mutation.arithmetic import TRUE, Flags, OpaqueError
from mutatenn.mutation.intervals import Interval, Intervals
from mutatenn.mutation.location import text_of
from mutatenn.mutation.region import Region


@dataclasses.dataclass(frozen=True)
class OutOfBounds:
    """Reads or writes outside a buffer's memory, on one side of it, by one index."""

    buffer: str
    workspace: bool
    """Whether the buffer is the kernel's own, and not a parameter."""
    side: Literal["before", "after"]
    writes: bool
    elements: int
    """From the data's edge to the farthest element; 1 is the adjacent one."""
    bytes: int
    """The same in bytes, to the far end of that element."""
    farthest: bool
    """Whether that is the farthest there is; else the farthest that was looked at."""
    index: str
    """TVMScript of the indices."""
    where: str
    """The loops' variables where it happens, as text; empty where it does not depend on any."""

    def __str__(self) -> str:
        """One sentence."""
        least = "" if self.farthest else "at least "
        plural = "" if self.elements == 1 else "s"
        where = f" at {self.where}" if self.where else ""
        return (
            f"{'writes' if self.writes else 'reads'} {least}{self.elements} element{plural} "
            f"({self.bytes} bytes) {self.side} {self.buffer}, by index `{self.index}`{where}"
        )


def out_of_bounds(original: Iterable[Access], mutant: Any) -> tuple[OutOfBounds, ...]:
    """What a mutant is proved to access out of bounds, and the original is not.

    Every claim is one point of the loops' ranges at which all guards hold and the index is
    outside; guards that read memory, and loops whose extents are no constants, are not followed,
    and nothing is said of what is under them.

    Args:
        original: ``accesses`` of the kernel before the mutation.
        mutant: the PrimFunc after it.

    Returns:
        For each buffer, side, and reading or writing, the farthest.
    """
    before = list(original)
    same = {access.signature for access in before}
    changed = [access for access in accesses(mutant) if access.signature not in same]
    found = _farthest(changed)
    if not found:
        return ()
    earlier = _farthest(before)
    return tuple(
        one
        for key, one in sorted(found.items())
        if key not in earlier or earlier[key].bytes < one.bytes
    )


def _farthest(candidates: Iterable[Access]) -> dict[tuple[str, str, bool], OutOfBounds]:
    found: dict[tuple[str, str, bool], OutOfBounds] = {}
    for access in candidates:
        for one in _beyond(access):
            key = (one.buffer, one.side, one.writes)
            if key not in found or found[key].bytes < one.bytes:
                found[key] = one
    return found


def _beyond(access: Access) -> list[OutOfBounds]:
    """The farthest points outside on either side, if there are any."""
    count = access.memory.bytes // access.itemsize
    most = _reach(access)
    if most is not None and most[0] >= 0 and most[1] < count:
        return []
    try:
        region = Region.around(access.scope, access.indices)
        if not region.understood:
            return []
        place, sure = _place(access, region)
    except OpaqueError:
        return []
    met = region.holds & sure
    sides: tuple[tuple[Literal["before", "after"], NDArray[np.int64], int | None], ...] = (
        ("before", -place, None if most is None else -most[0]),
        ("after", place - count + 1, None if most is None else most[1] - count + 1),
    )
    found = []
    for side, signed, bound in sides:
        distance = np.where(met, signed, 0)
        farthest = int(distance.max())
        if farthest > 0:
            at = np.unravel_index(int(distance.argmax()), distance.shape)
            found.append(
                OutOfBounds(
                    access.memory.name,
                    access.memory.workspace,
                    side,
                    access.writes,
                    farthest,
                    farthest * access.itemsize,
                    region.complete or farthest == bound,
                    ", ".join(text_of(index) for index in access.indices),
                    region.where(tuple(map(int, at))),
                )
            )
    return found


def _reach(access: Access) -> Interval | None:
    """Bounds of the place in elements, the guards not counted; ``None`` if there is no telling."""
    intervals = Intervals(access.scope)
    least = most = 0
    for index, stride in zip(access.indices, access.strides, strict=True):
        bounds = intervals.of(index)
        if bounds is None:
            return None
        least, most = least + bounds[0] * stride, most + bounds[1] * stride
    return least, most


def _place(access: Access, region: Region) -> tuple[NDArray[np.int64], Flags]:
    """Elements from the beginning of the memory, and where that is defined."""
    total: NDArray[np.int64] = np.zeros(1, np.int64)
    sure = TRUE
    for index, stride in zip(access.indices, access.strides, strict=True):
        value = region.evaluate(index)
        # Farther than any memory is large; also keeps the sum from overflowing.
        near = np.abs(value.numbers.astype(float)) * stride < 2**58
        total = total + np.where(near, value.numbers, 0) * stride
        sure = sure & value.defined & near
    return total, sure
