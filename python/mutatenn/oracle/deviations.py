"""How far the values of an answer are from golden's, one value per row.

Every function takes ``golden`` and ``answer`` of one type and shape (rows, *output shape) and
computes in float64, for integers from their exact difference. A pair of elements is the *same* when
both are equal, both NaN, or the same infinity. A NaN or infinity against anything else is
infinitely far.
"""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import flat, is_float, widened


def distance(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.float64]:
    """``|a - g|`` of each element, 0 for the same pair: float64 (rows, elements)."""
    reference, given = widened(flat(golden)), widened(flat(answer))
    if not is_float(golden.dtype):
        return integer_distance(reference, given).astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        far = np.abs(given - reference)
    same = (given == reference) | (np.isnan(given) & np.isnan(reference))
    return np.where(same, 0.0, np.where(np.isnan(far), np.inf, far))


def integer_distance(reference: NDArray[Any], given: NDArray[Any]) -> NDArray[np.uint64]:
    """``|a - g|`` of int64 or of uint64 values, exactly: uint64, in their shape."""
    # Modulo 2**64 the difference of the larger and the smaller never overflows.
    one, other = reference.astype(np.uint64), given.astype(np.uint64)
    return np.where(given > reference, other - one, one - other)


def max_abs_error(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.float64]:
    """``max |a - g|`` over the elements of a row: float64 (rows,)."""
    return np.asarray(distance(golden, answer).max(axis=1, initial=0.0), np.float64)


def max_rel_error(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.float64]:
    """``max |a - g| / max(|g|, tiny)``, each element relative to itself: float64 (rows,).

    ``tiny`` is the smallest normal number of the outputs' float type, 1 for integers: beside a
    golden 0 any difference is large, in float64 up to infinity.
    """
    far = distance(golden, answer)
    scale = np.maximum(_magnitude(golden), _tiny(golden.dtype))
    with np.errstate(invalid="ignore", over="ignore"):
        relative = np.where(np.isinf(far), np.inf, far / scale)
    return np.asarray(relative.max(axis=1, initial=0.0), np.float64)


def within(
    golden: NDArray[Any], answer: NDArray[Any], rtol: float, atol: float
) -> NDArray[np.bool_]:
    """Rows where ``|a - g| <= atol + rtol * |g|`` for every element: bool (rows,).

    The rule of ``numpy.isclose`` with golden as the reference and ``equal_nan``.
    """
    with np.errstate(over="ignore"):
        bound = atol + rtol * _magnitude(golden)
    far = distance(golden, answer)
    return np.asarray(((far <= bound) & np.isfinite(far)).all(axis=1), np.bool_)


def relative_l2(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.float64]:
    """``||a - g|| / ||g||`` with Euclidean norms over a row: float64 (rows,).

    The norm of golden counts its finite elements. 0 where nothing differs, infinity where golden
    is zero and the answer is not.
    """
    far, size = _norm(distance(golden, answer)), _norm(_magnitude(golden))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.where(far == 0, 0.0, far / size)


def cosine(golden: NDArray[Any], answer: NDArray[Any]) -> NDArray[np.float64]:
    """Cosine of the angle between both answers, ``a . g / (|a| |g|)``: float64 (rows,).

    From -1 to 1. Elements that are the same infinity or both NaN are left out; with any other of
    them the value is NaN. Two zero vectors have 1, one has 0.
    """
    reference = widened(flat(golden)).astype(np.float64)
    given = widened(flat(answer)).astype(np.float64)
    same = ~np.isfinite(given) & (distance(golden, answer) == 0)
    one, other = np.where(same, 0.0, reference), np.where(same, 0.0, given)
    with np.errstate(invalid="ignore"):
        unit, unit_other = _unit(one), _unit(other)
        value = (unit * unit_other).sum(axis=1)
        zero, zero_other = ~one.any(axis=1), ~other.any(axis=1)
    return np.where(zero & zero_other, 1.0, np.clip(value, -1.0, 1.0))


def _magnitude(golden: NDArray[Any]) -> NDArray[np.float64]:
    """``|g|`` of each element, 0 for NaN and infinity: float64 (rows, elements)."""
    values = widened(flat(golden)).astype(np.float64)
    return np.where(np.isfinite(values), np.abs(values), 0.0)


def _tiny(dtype: np.dtype[Any]) -> float:
    return float(ml_dtypes.finfo(dtype).tiny) if is_float(dtype) else 1.0


def _largest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest magnitude of each row, 1 where that is 0: float64 (rows, 1)."""
    largest = np.abs(values).max(axis=1, initial=0.0, keepdims=True)
    return np.where(largest == 0, 1.0, largest)


def _norm(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Euclidean norm of each row, scaled so that no square overflows: float64 (rows,)."""
    largest = _largest(values)
    infinite = np.isinf(largest)
    scale = np.where(infinite, 1.0, largest)
    root = np.sqrt(np.square(np.where(infinite, 0.0, values / scale)).sum(axis=1))
    return np.where(infinite[:, 0], np.inf, root * scale[:, 0])


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled = values / _largest(values)
    length = np.sqrt(np.square(scaled).sum(axis=1, keepdims=True))
    return scaled / np.where(length == 0, 1.0, length)
