"""The structs of the runner's shared memory, as NumPy dtypes; ``protocol.h`` is their source."""

from __future__ import annotations

import numpy as np

PROTOCOL_VERSION = 5
MAGIC = 0x4E4E544D

HEADER = np.dtype(
    [
        ("magic", "<u4"),
        ("version", "<u4"),
        ("beat", "<u8"),
        ("deadline_ns", "<i8"),
        ("row", "<i4"),
        ("launch", "<i4"),
        ("pattern", "<i4"),
        ("fate", "<i4"),
        ("signal", "<i4"),
        ("buffer", "<i4"),
        ("side", "<i4"),
        ("exhausted", "<i4"),
        ("distance", "<i8"),
        ("address", "<u8"),
        ("writes", "<u4"),
        ("lost_writes", "<u4"),
        ("launches", "<u8"),
        ("pulse", "<u8"),
        ("message", "S416"),
    ]
)

ROW = np.dtype(
    [("state", "<i4"), ("first_launch", "<i4"), ("flags", "<u4"), ("reserved", "<i4")],
)

WRITE = np.dtype(
    [
        ("row", "<i4"),
        ("launch", "<i4"),
        ("buffer", "<i4"),
        ("side", "<i4"),
        ("pattern", "<i4"),
        ("reserved", "<i4"),
        ("distance", "<i8"),
        ("count", "<i8"),
    ]
)

CACHE_HEADER_BYTES = 8

READS_UNINITIALISED = 1
HAS_OUTPUTS_B = 2

FATE_COMPLETED = 1
FATE_CRASH = 2
FATE_HANG = 3
FATE_MEMORY = 4
FATE_ERROR = 5
FATE_UNSTABLE = 6
FATE_LOST = 7
FATE_FAULT = 8
FATE_STEPS = 9
FATES = range(FATE_COMPLETED, FATE_STEPS + 1)

WORKSPACE = -1
UNKNOWN_BUFFER = -2
FLAG_BUFFER = -3
"""In place of a buffer's id, like the two above: the flags of a probe."""
