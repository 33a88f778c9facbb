"""The record in which a comparator tells what it found, the same from every comparator."""

from __future__ import annotations

from typing import Any

import numpy as np

BINS = 66
"""Bins of ULP distances: 0, 1, 2, 3-4, 5-8, ... up to 2**64."""
MOST = 16
"""How many leaders a record holds at most."""
NOTHING = -1
"""The index of what is not there."""

RECORD = np.dtype(
    [
        ("differing", "<u8"),
        ("first_differing", "<i8"),
        ("abs_error", "<u8"),
        ("abs_index", "<i8"),
        ("rel_error", "<u8"),
        ("rel_scale", "<u8"),
        ("rel_index", "<i8"),
        ("top", "<i8", (2,)),
        ("top_index", "<i8", (2,)),
        ("checksum", "<u8", (2,)),
        ("ulp", "<u8", (BINS,)),
        ("one_nan", "<u8"),
        ("classes", "<u8", (2, 4)),
        ("leaders", "<i8", (2, MOST)),
    ]
)
"""Golden is 0 and the mutant is 1 where there are two.

``abs_error`` and the fraction ``rel_error / rel_scale`` are bits of float64 for float64, bits of
float32 for the other floats, and numbers for integers. ``top`` is the largest value's place among
those of its type, 0 for zero; ``classes`` are NaN, +infinity, -infinity and -0.
"""

FLOATS = {"float64": 64, "float32": 32, "bfloat16": 16, "float16": 16}
"""Bits of each float type."""
INTEGERS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64, "uint8": 8}
"""Bits of each integer type."""
_ALIASES = {"bool": "uint8"}


class Incomparable(ValueError):
    """A device does not compare such elements; the message says why."""


def element_type(dtype: str | np.dtype[Any]) -> str:
    """The name of an element type as the comparators know it; truth values are bytes.

    Raises:
        Incomparable: elements of the type cannot be compared.
    """
    name = dtype if isinstance(dtype, str) else dtype.name
    name = _ALIASES.get(name, name)
    if name not in FLOATS and name not in INTEGERS:
        known = ", ".join([*FLOATS, *INTEGERS, *_ALIASES])
        raise Incomparable(f"buffers of {name} cannot be compared; the types are {known}")
    return name


def element_bytes(dtype: str | np.dtype[Any]) -> int:
    """Bytes of an element."""
    name = element_type(dtype)
    return (FLOATS | INTEGERS)[name] // 8


def require_request(dtype: str | np.dtype[Any], count: int, k: int) -> str:
    """Name of the element type; refuses what no comparator does.

    Raises:
        Incomparable: the type is unknown, or there are too many elements.
        ValueError: ``k`` is out of range.
    """
    if not 0 <= count < 2**32 - 1:
        raise Incomparable(f"buffers of {count} elements cannot be compared; compare them in parts")
    if not 0 <= k <= MOST:
        raise ValueError(f"k is {k}; it has to be from 0 to {MOST}")
    return element_type(dtype)


def require_part(begin: int, end: int, size: int) -> None:
    """Refuse bytes that are not within a buffer of ``size`` bytes.

    Raises:
        ValueError: with the numbers.
    """
    if not 0 <= begin <= end <= size:
        raise ValueError(f"bytes {begin} to {end} are no part of a buffer of {size} bytes")
