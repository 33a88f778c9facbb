"""The comparison in plain NumPy: slow, and written from the definitions alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.comparison_record import (
    BINS,
    FLOATS,
    NOTHING,
    RECORD,
    element_bytes,
    require_request,
)

INFINITE = {
    "float64": 0x7FF << 52,
    "float32": 0xFF << 23,
    "bfloat16": 0xFF << 7,
    "float16": 0x1F << 10,
}
"""Bits of infinity."""
TINY = {"float64": -1022, "float32": -126, "bfloat16": -126, "float16": -14}
"""The smallest normal number as a power of two."""
WORDS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
"""Factors of the four words of a chunk of 16 bytes."""


def reference(a: NDArray[Any], b: NDArray[Any], k: int = 0, dtype: str | None = None) -> Comparison:
    """Compare two arrays of one type and size; shapes do not matter.

    Args:
        a: Golden.
        b: The mutant's.
        k: How many leaders to name, up to 16.
        dtype: The element type where the arrays hold bits alone: bfloat16 as uint16.

    Raises:
        ValueError: the type cannot be compared, or the sizes differ.
    """
    name = dtype or a.dtype.name
    return Comparison.from_record(reference_record(a, b, k, name), name)


def reference_record(
    a: NDArray[Any], b: NDArray[Any], k: int = 0, dtype: str | None = None
) -> np.void:
    """The record of `reference`: a scalar of dtype `RECORD`; see there."""
    if a.size != b.size:
        raise ValueError(f"a buffer of {a.size} elements cannot be compared with one of {b.size}")
    name = require_request(dtype or a.dtype.name, a.size, k)
    kind = f"<u{element_bytes(name)}"
    sides = [np.ascontiguousarray(side).reshape(-1).view(kind) for side in (a, b)]
    record = np.zeros((), RECORD)
    different = np.flatnonzero(sides[0] != sides[1])
    record["differing"] = different.size
    record["first_differing"] = different[0] if different.size else NOTHING
    nans = [_nan(bits, name) for bits in sides]
    steps = [_steps(bits, name) for bits in sides]
    _put_errors(record, sides[0][different], sides[1][different], name, different)
    _put_distances(record, steps, nans)
    record["leaders"] = NOTHING
    for side in (0, 1):
        record["checksum"][side] = checksum(sides[side])
        record["classes"][side] = _classes(sides[side], nans[side], name)
        ranked = bool(a.size) and not nans[side].any()
        top = int(steps[side].argmax()) if ranked else NOTHING
        record["top_index"][side] = top
        record["top"][side] = steps[side][top] if ranked else 0
        if ranked and k:
            first = np.argsort(-1 - steps[side], kind="stable")[:k]  # -1 - x never overflows
            record["leaders"][side, : first.size] = first
    return record[()]  # type: ignore[return-value]


def checksum(array: NDArray[Any]) -> int:
    """64 bits of a buffer's bytes, whatever their type; see `docs/comparators.md`."""
    data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    words = np.zeros(-(-data.size // 16) * 16, np.uint8)
    words[: data.size] = data
    chunks = words.view("<u4").astype(np.uint64).reshape(-1, 4)
    mixed = np.arange(len(chunks), dtype=np.uint32)
    mixed ^= mixed >> np.uint32(16)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    weights = mixed.astype(np.uint64) * np.uint64(2) + np.uint64(1)
    sums = (chunks * np.array(WORDS, np.uint64)).sum(axis=1, dtype=np.uint64)
    return int((sums * weights).sum(dtype=np.uint64))


def _magnitude(bits: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(bits & bits.dtype.type(2 ** (8 * bits.itemsize - 1) - 1))


def _nan(bits: NDArray[Any], name: str) -> NDArray[np.bool_]:
    if name not in FLOATS:
        return np.zeros(bits.shape, np.bool_)
    return np.asarray(_magnitude(bits) > INFINITE[name], np.bool_)


def _steps(bits: NDArray[Any], name: str) -> NDArray[np.int64]:
    """Each value's place among those of its type, 0 for zero."""
    if name == "uint8":
        return bits.astype(np.int64)
    signed = bits.view(f"<i{bits.itemsize}").astype(np.int64)
    if name not in FLOATS:
        return signed
    magnitude = _magnitude(bits).astype(np.int64)
    return np.where(signed < 0, -magnitude, magnitude)


def _classes(bits: NDArray[Any], nan: NDArray[np.bool_], name: str) -> list[int]:
    if name not in FLOATS:
        return [0, 0, 0, 0]
    sign = 1 << (8 * bits.itemsize - 1)
    exact = (INFINITE[name], sign | INFINITE[name], sign)
    return [int(nan.sum()), *(int((bits == value).sum()) for value in exact)]


def _put_distances(
    record: NDArray[Any], steps: list[NDArray[np.int64]], nans: list[NDArray[np.bool_]]
) -> None:
    one_nan = nans[0] ^ nans[1]
    record["one_nan"] = int(one_nan.sum())
    apart = _apart(*steps)
    apart[nans[0] & nans[1]] = 0
    # Bin n > 0 is for distances above the power of two with the exponent n - 2, up to the next.
    powers = np.array([0, *(1 << n for n in range(BINS - 2))], np.uint64)
    bins = np.searchsorted(powers, apart[~one_nan], side="left")
    record["ulp"] = np.bincount(bins, minlength=BINS)


def _apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.uint64]:
    left, right = one.view(np.uint64), other.view(np.uint64)
    return np.where(one > other, left - right, right - left)


def _put_errors(
    record: NDArray[Any], a: NDArray[Any], b: NDArray[Any], name: str, indices: NDArray[np.intp]
) -> None:
    """The largest errors of elements that differ."""
    record["abs_index"] = record["rel_index"] = NOTHING
    errors, scales = _errors(a, b, name)
    wrong = np.flatnonzero(errors)
    if not wrong.size:
        return
    errors, scales, indices = errors[wrong], scales[wrong], indices[wrong]
    largest = int(errors.argmax())
    record["abs_error"], record["abs_index"] = _bits(errors[largest]), indices[largest]
    largest = _largest_fraction(errors, scales)
    record["rel_error"], record["rel_scale"] = _bits(errors[largest]), _bits(scales[largest])
    record["rel_index"] = indices[largest]


def _bits(value: Any) -> int:
    return int(value if value.dtype.kind == "u" else value.view(f"<u{value.itemsize}"))


def _errors(a: NDArray[Any], b: NDArray[Any], name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Errors and what they are relative to, as float64, float32 or uint64."""
    if name not in FLOATS:
        steps = _steps(a, name)
        distances = _apart(steps, _steps(b, name))
        return distances, np.maximum(_apart(steps, np.zeros_like(steps)), np.uint64(1))
    golden, mutant = _floats(a, name), _floats(b, name)
    with np.errstate(invalid="ignore", over="ignore"):
        errors = np.abs(golden - mutant)
    infinite = errors.dtype.type(np.inf)
    errors[~np.isfinite(golden) | ~np.isfinite(mutant)] = infinite
    errors[np.isnan(golden) & np.isnan(mutant)] = 0
    tiny = errors.dtype.type(2.0 ** TINY[name])
    scales = np.where(np.isinf(errors), tiny, np.fmax(np.abs(golden), tiny))
    return errors, scales


def _floats(bits: NDArray[Any], name: str) -> NDArray[Any]:
    if name == "bfloat16":
        return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)
    numbers = bits.view(f"<f{bits.itemsize}")
    with np.errstate(invalid="ignore"):
        return numbers.astype(np.float32) if name == "float16" else numbers


def _largest_fraction(errors: NDArray[Any], scales: NDArray[Any]) -> int:
    """The first of the largest of ``errors / scales``, exactly.

    Fractions decide among the few that a rounded quotient leaves.
    """
    infinite = np.isinf(errors) if errors.dtype.kind == "f" else np.zeros(errors.shape, np.bool_)
    if infinite.any():
        return int(infinite.argmax())
    digits, exponents = np.frexp(errors.astype(np.float64))
    other_digits, other_exponents = np.frexp(scales.astype(np.float64))
    quotients, carries = np.frexp(digits / other_digits)
    powers = exponents.astype(np.int64) - other_exponents + carries
    logarithms = np.log2(quotients) + powers
    near = np.flatnonzero(logarithms >= logarithms.max() - 1e-9)
    pairs = np.stack([errors[near], scales[near]], axis=1)
    unique, first = np.unique(pairs, axis=0, return_index=True)
    exact = [Fraction(error.item()) / Fraction(scale.item()) for error, scale in unique]
    best = max(exact)
    return int(near[min(at for at, each in zip(first, exact, strict=True) if each == best)])
