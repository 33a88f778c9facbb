"""Integers on their way through another integer type, where that keeps them."""

from __future__ import annotations

from typing import Any

import tvm_ffi
from tvm import ir, tirx

from mutatenn.mutation.intervals import Interval, Intervals


def kept_bounds(before: Any, after: Any, intervals: Intervals) -> tuple[Interval, str] | None:
    """What bounds an integer that is cast to a type which holds all of it, and back.

    Args:
        before: an expression; of a vector of indices, its first one matters.
        after: what stands in its place.
        intervals: of the scope in which both are evaluated.

    Returns:
        The least and greatest value and the name of the type; ``None`` if ``after`` is no such
        round trip of ``before``, or may change it.
    """
    if isinstance(before, tirx.Ramp) and isinstance(after, tirx.Ramp):
        alike = _same(before.stride, after.stride) and _same(before.lanes, after.lanes)
        return kept_bounds(before.base, after.base, intervals) if alike else None
    if not (isinstance(after, tirx.Cast) and isinstance(after.value, tirx.Cast)):
        return None
    there = after.value
    if not (_same(after.ty, before.ty) and _same(there.value, before)):
        return None
    bounds, domain = intervals.of(before), _values_of(there)
    if bounds is None or domain is None:
        return None
    inside = domain[0] <= bounds[0] and bounds[1] <= domain[1]
    return (bounds, str(there.ty.dtype)) if inside else None


def _same(one: Any, other: Any) -> bool:
    return bool(tvm_ffi.structural_equal(one, other))


def _values_of(expr: Any) -> Interval | None:
    """The least and the greatest value of an expression's type; ``None`` if it is no integer's."""
    kind = str(expr.ty.dtype) if isinstance(expr.ty, ir.PrimType) else ""
    sign, _, digits = kind.partition("int")
    if sign not in ("", "u") or not digits.isdigit():
        return None
    bits = int(digits)
    return (0, (1 << bits) - 1) if sign else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
