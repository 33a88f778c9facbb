"""What comparing a golden buffer with a mutant's says, on whatever device they lie."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mutatenn.device.portable.comparison_record import FLOATS, NOTHING, element_type


@dataclass(frozen=True)
class SpecialValues:
    """How many elements of a buffer are no ordinary numbers; all 0 for integers."""

    nan: int
    positive_infinity: int
    negative_infinity: int
    negative_zero: int


@dataclass(frozen=True)
class Side:
    """What is known of one of the two buffers.

    Attributes:
        special: Counts of its special values.
        argmax: Index of the largest value, the lowest on ties (-0 and +0 are one); None with any
            NaN, as no order is, and without elements.
        leaders: Indices of the k largest values in their order, by the same rule; fewer where
            there are fewer elements, none with any NaN.
        checksum: 64 bits that tell buffers apart, see `docs/comparators.md`.
    """

    special: SpecialValues
    argmax: int | None
    leaders: tuple[int, ...]
    checksum: int


@dataclass(frozen=True)
class Comparison:
    """The difference between two buffers of one type and length.

    A pair of elements that are equal, or both NaN, has the error 0; any other pair with a NaN or
    an infinity is infinitely far apart.

    Attributes:
        dtype: Name of the element type.
        differing: Elements whose bits differ.
        first_differing: Index of the first of them.
        max_abs_error: The largest ``|a - b|``: computed in float64 for float64, in float32 for
            other floats (each is widened first), exactly for integers.
        abs_index: Where it is, the lowest index on ties; None where it is 0.
        max_rel_error: The largest ``|a - b| / max(|a|, tiny)`` with a from golden; ``tiny`` is
            the type's smallest normal number, 1 for integers. The order of these fractions is
            exact, the value is rounded once to float64.
        rel_index: Where it is, the lowest index on ties; None where it is 0.
        ulp: Pairs by their distance in representable values: 0, 1, 2, 3-4, 5-8, ... (bin n > 1
            ends at ``2 ** (n - 1)``). -0 and +0 are no step apart, nor are two NaN.
        one_nan: Pairs of which one is NaN and the other is not; they are in no bin.
        golden: What is known of a.
        mutant: What is known of b.
    """

    dtype: str
    differing: int
    first_differing: int | None
    max_abs_error: float | int
    abs_index: int | None
    max_rel_error: float
    rel_index: int | None
    ulp: tuple[int, ...]
    one_nan: int
    golden: Side
    mutant: Side

    @classmethod
    def from_record(cls, record: np.void, dtype: str | np.dtype[Any]) -> Comparison:
        """Read a record (dtype `RECORD`, scalar) about elements of type ``dtype``.

        Raises:
            ValueError: elements of the type cannot be compared.
        """
        name = element_type(dtype)
        return cls(
            dtype=name,
            differing=int(record["differing"]),
            first_differing=_index(record["first_differing"]),
            max_abs_error=_number(record["abs_error"], name),
            abs_index=_index(record["abs_index"]),
            max_rel_error=_quotient(record, name),
            rel_index=_index(record["rel_index"]),
            ulp=tuple(map(int, record["ulp"])),
            one_nan=int(record["one_nan"]),
            golden=_side(record, 0),
            mutant=_side(record, 1),
        )


def _index(value: np.int64) -> int | None:
    return None if value == NOTHING else int(value)


def _side(record: np.void, side: int) -> Side:
    return Side(
        special=SpecialValues(*map(int, record["classes"][side])),
        argmax=_index(record["top_index"][side]),
        leaders=tuple(int(index) for index in record["leaders"][side] if index != NOTHING),
        checksum=int(record["checksum"][side]),
    )


def _number(bits: np.uint64, name: str) -> float | int:
    if name == "float64":
        return float(np.uint64(bits).view(np.float64))
    if name in FLOATS:
        return float(np.uint32(bits).view(np.float32))
    return int(bits)


def _quotient(record: np.void, name: str) -> float:
    if record["rel_index"] == NOTHING:
        return 0.0
    error = _number(record["rel_error"], name)
    if error == float("inf"):
        return error
    try:
        return float(Fraction(error) / Fraction(_number(record["rel_scale"], name)))
    except OverflowError:
        return float("inf")
