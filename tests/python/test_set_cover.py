"""The smallest cover, against every subset of small matrices."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutatenn.analysis.set_cover import Matrix, smallest_cover


@st.composite
def coverable(draw: st.DrawFn) -> Matrix:
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(0, 9))
    bits = draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns))
    matrix = np.array(bits, np.bool_).reshape(rows, columns)
    return np.asarray(matrix[:, matrix.any(axis=0)], np.bool_)


def covers(matrix: Matrix, rows: tuple[int, ...]) -> bool:
    return bool(matrix[list(rows)].any(axis=0).all())


def by_trying_all(matrix: Matrix) -> int:
    rows = range(matrix.shape[0])
    return next(
        size
        for size in range(len(rows) + 1)
        if any(covers(matrix, chosen) for chosen in itertools.combinations(rows, size))
    )


@given(coverable())
@settings(deadline=None)
def test_the_exact_cover_is_as_small_as_any(matrix: Matrix) -> None:
    found = smallest_cover(matrix)
    assert covers(matrix, found.rows) and found.method == "exact"
    assert len(found.rows) == found.at_least == by_trying_all(matrix)


@given(coverable())
@settings(deadline=None)
def test_the_greedy_cover_keeps_its_bounds(matrix: Matrix) -> None:
    found = smallest_cover(matrix, most_cells=0)
    smallest = by_trying_all(matrix)
    assert covers(matrix, found.rows)
    assert found.at_least <= smallest <= len(found.rows) <= math.floor(found.factor * smallest)
    assert found.method == "greedy" or len(found.rows) == smallest


def test_integer_programming_finds_what_greed_misses() -> None:
    matrix = np.random.default_rng(0).random((14, 30)) < 0.25
    matrix = matrix[:, matrix.any(axis=0)]
    greedy, exact = smallest_cover(matrix, most_cells=0), smallest_cover(matrix)
    assert greedy.method == "greedy" and len(greedy.rows) > len(exact.rows)
    assert exact.method == "exact" and exact.at_least == by_trying_all(matrix)


def test_a_thousand_rows_and_columns_are_solved_or_bounded() -> None:
    matrix = np.random.default_rng(5).random((300, 1000)) < 0.02
    matrix[0, ~matrix.any(axis=0)] = True
    found = smallest_cover(matrix, seconds=2)
    assert covers(matrix, found.rows)
    assert found.at_least <= len(found.rows)
    assert found.method in ("exact", "best")


def test_a_column_without_a_row_has_no_cover() -> None:
    with pytest.raises(ValueError, match="no row covers"):
        smallest_cover(np.zeros((2, 1), np.bool_))
