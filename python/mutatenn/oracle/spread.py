"""How far two answers to the same inputs are from each other, neither of which is the right one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import Flags, Outputs, bits_differ, flat, nan_mask, pieces, widened
from mutatenn.oracle.ranking import predictions

Distances = NDArray[np.float64]
"""A number per input, shape (rows,)."""


@dataclass(frozen=True, eq=False)
class Spread:
    """Two answers of one model output, input by input.

    Attributes:
        absolute: largest difference of two elements; NaN on both sides is none, on one side
            infinitely much, as is an infinity that the other does not have.
        relative: ``absolute`` over the largest finite magnitude of either answer.
        equal: whether they are equal bit for bit.
    """

    absolute: Distances
    relative: Distances
    equal: Flags


@dataclass(frozen=True)
class Floor:
    """The largest differences that the original itself shows between two devices."""

    absolute: float
    relative: float

    def beyond(self, spread: Spread, factor: float = 1.0) -> Flags:
        """Inputs that differ by ``factor`` times more, absolutely and relatively: bool (rows,)."""
        absolute, relative = factor * self.absolute, factor * self.relative
        more = (spread.absolute > absolute) & (spread.relative > relative)
        return np.asarray(more, np.bool_)


def spread(first: NDArray[Any], second: NDArray[Any]) -> Spread:
    """Compare two answers of one output, each ``[rows, *shape]`` and of the same type."""
    rows = first.shape[0]
    absolute, scale = np.zeros(rows), np.zeros(rows)
    for piece in pieces([first], np.arange(rows)):
        one, other = flat(first[piece]), flat(second[piece])
        absolute[piece] = distances(one, other).max(axis=1, initial=0.0)
        scale[piece] = np.maximum(_magnitude(one), _magnitude(other))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        relative = np.where(absolute > 0, absolute / scale, 0.0)
    return Spread(absolute, relative, ~bits_differ(first, second))


def floor_of(found: Spread) -> Floor:
    """The largest differences of a spread."""
    most = [float(values.max(initial=0.0)) for values in (found.absolute, found.relative)]
    return Floor(most[0], most[1])


def beyond_floors(
    first: Outputs, second: Outputs, floors: Sequence[Floor], factor: float = 1.0
) -> Flags:
    """Inputs that differ by more than ``factor`` times the floor in any output: bool (rows,)."""
    found = np.zeros(first[0].shape[0], np.bool_)
    for one, other, floor in zip(first, second, floors, strict=True):
        found |= floor.beyond(spread(one, other), factor)
    return found


def distances(first: NDArray[Any], second: NDArray[Any]) -> Distances:
    """|first - second| of each element, in float64, as ``Spread.absolute`` says of NaN."""
    one, other = (widened(array).astype(np.float64) for array in (first, second))
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.where(one == other, 0.0, np.abs(one - other))
    nan = nan_mask(first), nan_mask(second)
    apart = np.where(nan[0] & nan[1], 0.0, np.where(nan[0] ^ nan[1], math.inf, apart))
    return np.asarray(apart, np.float64)


def magnitude(array: NDArray[Any]) -> float:
    """The largest finite magnitude of any element; 0 where there is none."""
    return float(_magnitude(array.reshape(1, -1))[0])


def top1_differs(first: Outputs, second: Outputs, output: int) -> Flags:
    """Inputs of which any first class differs: bool (rows,).

    Args:
        first: answers, one array per model output of shape (rows, *output shape).
        second: others to the same inputs.
        output: index of the output that holds scores of classes.
    """
    one, other = predictions(first[output]), predictions(second[output])
    return np.asarray((one != other).any(axis=1), np.bool_)


def _magnitude(rows: NDArray[Any]) -> Distances:
    sizes = np.abs(widened(rows).astype(np.float64))
    finite = np.where(np.isfinite(sizes), sizes, 0.0)
    return np.asarray(finite.max(axis=1, initial=0.0), np.float64)
