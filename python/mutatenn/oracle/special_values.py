"""Counts the values that are no finite numbers and that golden does not have."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import flat, is_float, nan_mask


def new_nan(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.uint32]:
    """Elements that are NaN in the answer and not in golden: (rows, ...) → uint32 (rows,)."""
    return _count(nan_mask(answer) & ~nan_mask(golden))


def new_inf(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.uint32]:
    """Elements that are infinite, of any sign, in the answer only: (rows, ...) → uint32 (rows,)."""
    if not is_float(answer.dtype):
        return np.zeros(answer.shape[0], np.uint32)
    return _count(np.isinf(answer) & ~np.isinf(golden))


def _count(marks: NDArray[np.bool_]) -> NDArray[np.uint32]:
    return np.asarray(flat(marks).sum(axis=1), np.uint32)
