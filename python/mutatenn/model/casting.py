"""Casts arrays to a model's element type and refuses a cast that would change what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError


def cast(array: NDArray[Any], dtype: np.dtype[Any], where: str) -> NDArray[Any]:
    """Returns ``array`` as C-contiguous ``dtype``.

    Floats are rounded to the nearest value of a narrower float type, NaN and infinities stay.
    Every other cast must keep all values exactly: integers and whole floats that fit.

    Args:
        array: Any shape, any dtype.
        dtype: bool, integer or float.
        where: What the array is, for the error.

    Raises:
        InputError: The values cannot be told in ``dtype``.
    """
    if not _fits(array, dtype):
        raise InputError(
            f"{where} holds {array.dtype} values that do not fit the model's {dtype} without a "
            f"change; store them as {dtype}"
        )
    return np.ascontiguousarray(array.astype(dtype)).reshape(array.shape)


def _fits(array: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    if array.dtype == dtype:
        return True
    if array.dtype.kind not in "biuf" or dtype.kind == "b":
        return False
    if array.size == 0 or array.dtype.kind == "b":
        return True
    if dtype.kind == "f":
        return _fits_float(array, dtype)
    return _fits_integer(array, dtype)


def _fits_float(array: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    if array.dtype.kind == "f":
        with np.errstate(over="ignore"):
            narrowed = array.astype(dtype)
        return bool(np.array_equal(np.isinf(array), np.isinf(narrowed)))
    exact = 2 ** (np.finfo(dtype).nmant + 1)
    largest = min(exact, int(np.finfo(dtype).max))
    return bool(max(abs(int(array.min())), abs(int(array.max()))) <= largest)


def _fits_integer(array: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    if array.dtype.kind == "f" and not (
        np.isfinite(array).all() and np.array_equal(np.trunc(array), array)
    ):
        return False
    # Python integers: a float64 cannot hold the largest int64.
    limits = np.iinfo(dtype)
    return limits.min <= int(array.min()) and int(array.max()) <= limits.max
