"""Model outputs as arrays of rows: their numbers made comparable, their NaN found and undone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

Outputs = Sequence[NDArray[Any]]
"""One array per model output, shape (rows, *output shape); a row is one call of the model."""

Flags = NDArray[np.bool_]
"""One bool per row, shape (rows,)."""

PIECE = 1 << 21
"""Elements worked on at a time, so that wide outputs need no memory in proportion to the rows."""


def is_float(dtype: np.dtype[Any]) -> bool:
    """Whether values of ``dtype`` can be NaN: NumPy's floats, bfloat16 and the float8 types."""
    if dtype.kind in "biuc":
        return False
    try:
        ml_dtypes.finfo(dtype)
    except ValueError:
        return False
    return True


def flat(array: NDArray[Any]) -> NDArray[Any]:
    """The same values as (rows, elements in a row); works for no rows and for no elements too."""
    return array.reshape(array.shape[0], math.prod(array.shape[1:]))


def widened(array: NDArray[Any]) -> NDArray[Any]:
    """The same values, exactly, in the widest type of their sort.

    Returns:
        float64 for floats of up to 64 bits, uint64 for uint64, int64 for other integers and bool;
        the shape is ``array``'s.

    Raises:
        TypeError: the values are neither real numbers nor truth values.
    """
    dtype = array.dtype
    if is_float(dtype):
        return array.astype(np.float64)
    if dtype.kind in "bi" or (dtype.kind == "u" and dtype.itemsize < 8):
        return array.astype(np.int64)
    if dtype.kind == "u":
        return array
    try:
        ml_dtypes.iinfo(dtype)
    except ValueError:
        raise TypeError(f"outputs of type {dtype} cannot be compared as numbers") from None
    return array.astype(np.int64)


def nan_mask(array: NDArray[Any]) -> Flags:
    """Where ``array`` is NaN, in its shape; nowhere for integers."""
    if not is_float(array.dtype):
        return np.zeros(array.shape, np.bool_)
    with np.errstate(invalid="ignore"):  # bfloat16 signals at a signalling NaN
        return np.asarray(np.isnan(array), np.bool_)


def has_nan(array: NDArray[Any]) -> Flags:
    """Rows that hold a NaN: shape (rows, ...) → bool (rows,)."""
    return np.asarray(flat(nan_mask(array)).any(axis=1), np.bool_)


def new_nan_rows(golden: Outputs, answer: Outputs) -> Flags:
    """Rows with a NaN, in any output, where the golden answer has none: bool (rows,)."""
    found = np.zeros(golden[0].shape[0], np.bool_)
    for reference, given in zip(golden, answer, strict=True):
        found |= flat(nan_mask(given) & ~nan_mask(reference)).any(axis=1)
    return found


def without_new_nan(golden: Outputs, answer: Outputs) -> list[NDArray[Any]]:
    """The answer with golden's value in place of each NaN that golden does not have."""
    return [
        np.where(nan_mask(given) & ~nan_mask(reference), reference, given)
        for reference, given in zip(golden, answer, strict=True)
    ]


def changed_rows(golden: Outputs, answer: Outputs) -> Flags:
    """Rows whose answer is not golden's bit for bit, in any output: bool (rows,)."""
    changed = np.zeros(golden[0].shape[0], np.bool_)
    for reference, given in zip(golden, answer, strict=True):
        changed |= bits_differ(reference, given)
    return changed


def bits_differ(reference: NDArray[Any], given: NDArray[Any]) -> Flags:
    """Rows of one output that differ in any bit: bool (rows,)."""
    return np.asarray((_bits(reference) != _bits(given)).any(axis=1), np.bool_)


def taken(outputs: Outputs, rows: NDArray[Any]) -> list[NDArray[Any]]:
    """The given rows (indices or a mask) of every output."""
    return [array[rows] for array in outputs]


def pieces(outputs: Outputs, rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Cut row indices into runs of about ``PIECE`` elements over all outputs, a row at least."""
    elements = sum(math.prod(array.shape[1:]) for array in outputs)
    step = max(1, PIECE // max(1, elements))
    for start in range(0, rows.size, step):
        yield rows[start : start + step]


def _bits(array: NDArray[Any]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(flat(array)).view(np.uint8)
