"""Smallest sets that hit everything: exact by integer programming, greedy beyond a size."""

from __future__ import annotations

import dataclasses
import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

EXACT_CELLS = 2_000_000
"""Most ones of a reduced matrix that is solved exactly: about 100 MB and a minute in HiGHS."""
EXACT_SECONDS = 60.0
"""What an exact solution may take; the best one until then is taken, with its bound."""
MOST_COMPARED = 5_000
"""Most different columns that are compared with each other to leave some out."""

Matrix = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Cover:
    """Rows that together have a one in every column.

    Attributes:
        rows: their indices, ascending.
        method: ``exact``: no smaller set exists; ``greedy``: at most ``factor`` times the smallest;
            ``best``: the best found in the time that exactness was given.
        at_least: a proved lower bound of the smallest set's size.
        factor: ln(columns) + 1, what the greedy choice guarantees.
    """

    rows: tuple[int, ...]
    method: Literal["exact", "greedy", "best"]
    at_least: int
    factor: float


def smallest_cover(
    matrix: Matrix, most_cells: int = EXACT_CELLS, seconds: float = EXACT_SECONDS
) -> Cover:
    """The smallest set of rows that covers every column.

    Columns that a choice for another covers anyway are left out first, which changes no smallest
    set. Greedy is Chvátal's (Mathematics of Operations Research 4(3), 1979): the row that covers
    most of what is left; its set is at most H(n) <= ln n + 1 times the smallest for n columns.

    Args:
        matrix: which row covers which column, bool (rows, columns).
        most_cells: solve exactly up to so many ones, after the reduction.
        seconds: and for so long.

    Raises:
        ValueError: some column has no row.
    """
    if not matrix.any(axis=0).all():
        raise ValueError("a column that no row covers")
    columns = matrix.shape[1]
    if not columns:
        return Cover((), "exact", 0, 1.0)
    reduced = _reduced(matrix)
    greedy = _greedy(reduced)
    factor = math.log(columns) + 1
    at_least = max(1, math.ceil(len(greedy) / (math.log(reduced.shape[1]) + 1) - 1e-9))
    if at_least == len(greedy):
        return Cover(greedy, "exact", at_least, factor)
    if int(reduced.sum()) > most_cells:
        return Cover(greedy, "greedy", at_least, factor)
    solved = _solved(reduced, seconds)
    if solved is None:
        return Cover(greedy, "best", at_least, factor)
    rows, bound = solved
    best = rows if len(rows) < len(greedy) else greedy
    at_least = max(at_least, bound)
    return Cover(best, "exact" if at_least == len(best) else "best", at_least, factor)


def _reduced(matrix: Matrix) -> Matrix:
    """One of equal columns, and none that holds another: whoever covers that covers it too."""
    distinct = np.unique(np.packbits(matrix, axis=0), axis=1)
    columns = np.unpackbits(distinct, axis=0, count=matrix.shape[0]).astype(np.bool_)
    if columns.shape[1] > MOST_COMPARED:
        return columns
    # Fewest ones first: a column can only hold those before it.
    columns = columns[:, np.argsort(columns.sum(axis=0), kind="stable")]
    sizes = columns.sum(axis=0)
    kept: list[int] = []
    compared = np.empty(columns.T.shape, np.float32)
    for index in range(columns.shape[1]):
        column = columns[:, index].astype(np.float32)
        if (compared[: len(kept)] @ column == sizes[kept]).any():
            continue
        compared[len(kept)] = column
        kept.append(index)
    return np.asarray(columns[:, kept], np.bool_)


def _greedy(matrix: Matrix) -> tuple[int, ...]:
    left = matrix.copy()
    chosen: list[int] = []
    while left.any():
        best = int(left.sum(axis=1).argmax())
        chosen.append(best)
        left[:, left[best]] = False
    return tuple(sorted(chosen))


def _solved(matrix: Matrix, seconds: float) -> tuple[tuple[int, ...], int] | None:
    """The rows that HiGHS chooses, and its lower bound; ``None`` where it found none in time."""
    rows, columns = matrix.shape
    cover = LinearConstraint(csc_array(matrix.T.astype(float)), lb=np.ones(columns))
    found = milp(
        np.ones(rows),
        integrality=np.ones(rows),
        bounds=Bounds(0, 1),
        constraints=cover,
        options={"time_limit": seconds},
    )
    if found.x is None:
        return None
    chosen = tuple(int(row) for row in np.flatnonzero(np.round(found.x)))
    if not matrix[list(chosen)].any(axis=0).all():
        return None
    bound = found.mip_dual_bound  # sizes are whole: above k means at least k + 1
    return chosen, len(chosen) if found.status == 0 else math.ceil((bound or 0) - 1e-6)
