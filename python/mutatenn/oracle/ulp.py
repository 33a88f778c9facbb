"""Distance between two answers in units in the last place, counted in representable values.

The bits of an IEEE 754 float, read as a sign and a whole number, count the representable values
from zero, so that the difference of two such numbers is the distance of their values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.deviations import integer_distance
from mutatenn.oracle.outputs import flat, is_float, nan_mask, widened

FARTHEST = int(np.iinfo(np.uint64).max)
"""The distance of a NaN from a number."""


def max_ulp(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.uint64]:
    """The largest distance in a row, in steps between neighbouring values: uint64 (rows,).

    -0 and +0 are the same value, infinity follows the largest number, two NaN are no step apart,
    and a NaN is ``FARTHEST`` from a number. For integers it is ``|a - g|``.

    Args:
        golden: shape (rows, *output shape), any real type.
        answer: the same shape and type.
    """
    reference, given = flat(golden), flat(answer)
    steps = integer_distance(_step(reference), _step(given))
    nan, other = nan_mask(reference), nan_mask(given)
    steps = np.where(nan & other, np.uint64(0), steps)
    steps = np.where(nan ^ other, np.uint64(FARTHEST), steps)
    return np.asarray(steps.max(axis=1, initial=0), np.uint64)


def _step(array: NDArray[Any]) -> NDArray[Any]:
    """A whole number for each value that grows by one from one value to the next."""
    if not is_float(array.dtype):
        return widened(array)
    if array.dtype.itemsize == 1:
        return _step_of_byte(array)
    bits = np.ascontiguousarray(array).view(f"i{array.dtype.itemsize}").astype(np.int64)
    smallest = np.int64(-(1 << (8 * array.dtype.itemsize - 1)))
    # Of a negative number the bits without the sign grow downwards from zero.
    return np.where(bits < 0, smallest - bits, bits)


def _step_of_byte(array: NDArray[Any]) -> NDArray[Any]:
    """The same for 8-bit floats, of which some have no sign or no infinity: by listing them all."""
    every = widened(np.arange(256, dtype=np.uint8).view(array.dtype))
    values = np.unique(every[~np.isnan(every)])
    return np.asarray(np.searchsorted(values, widened(array)), np.int64)
