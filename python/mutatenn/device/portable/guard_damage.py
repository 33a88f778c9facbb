"""What was written over a guard zone of a device's buffer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

DAMAGE = np.dtype([("changed", "<u8"), ("last", "<i8"), ("first", "<i8")])
"""The record in which a device tells it."""


class GuardDamage(NamedTuple):
    """Bytes that no longer hold the pattern: how many, and their offsets in the buffer.

    Behind the data the farthest one is the last, before the data the first; both are -1 where the
    zone is intact.
    """

    changed: int
    last: int
    first: int

    @classmethod
    def from_record(cls, record: np.void) -> GuardDamage:
        """Read a record of dtype `DAMAGE`."""
        return cls(int(record["changed"]), int(record["last"]), int(record["first"]))


def require_zone(begin: int, end: int, size: int, pattern: int) -> None:
    """Refuse a zone that is not within the buffer, or a pattern that is no byte.

    Raises:
        ValueError: with what is wrong.
    """
    if not 0 <= begin <= end <= size:
        raise ValueError(f"bytes {begin} to {end} are no zone of a buffer of {size} bytes")
    if not 0 <= pattern <= 255:
        raise ValueError(f"the pattern {pattern} is no byte; it has to be from 0 to 255")
