"""Errors, norms and angles agree with exact fractions, NumPy and scipy."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import scipy.spatial.distance
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mutatenn.oracle.deviations import within
from mutatenn.oracle.metrics import (
    cosine,
    max_abs_error,
    max_rel_error,
    new_inf,
    new_nan,
    relative_l2,
)
from oracle_strategies import FLOATS, INTEGERS, Pair, numbers, pairs, properties


def _distance(golden: Any, answer: Any) -> Fraction | float:
    """|a - g| exactly; infinity for what cannot be subtracted and is not the same."""
    if answer == golden or (math.isnan(answer) and math.isnan(golden)):
        return 0
    if not (math.isfinite(answer) and math.isfinite(golden)):
        return math.inf
    return abs(Fraction(answer) - Fraction(golden))


def _float(value: Any) -> float:
    """The value as a float, infinity beyond the largest."""
    return math.inf if value > Fraction(np.finfo(np.float64).max) else float(value)


def _rows(pair: Pair) -> list[list[tuple[Any, Any]]]:
    both = zip(*pair, strict=True)
    return [list(zip(numbers(one), numbers(other), strict=True)) for one, other in both]


@properties
@given(pairs())
def test_the_largest_absolute_error_is_that_of_exact_fractions(pair: Pair) -> None:
    expected = [float(max(_distance(g, a) for g, a in row)) for row in _rows(pair)]
    np.testing.assert_allclose(max_abs_error(*pair), expected, rtol=1e-15)


@properties
@given(pairs())
def test_the_largest_relative_error_is_relative_to_each_golden_element(pair: Pair) -> None:
    dtype = pair[0].dtype
    tiny = 1 if dtype.kind in "biu" else Fraction(float(ml_dtypes.finfo(dtype).tiny))
    expected = []
    for row in _rows(pair):
        errors: list[float] = []
        for golden, answer in row:
            far = _distance(golden, answer)
            if far in (0, math.inf):
                errors.append(float(far))
            else:
                errors.append(_float(far / max(abs(Fraction(golden)), tiny)))
        expected.append(max(errors))
    np.testing.assert_allclose(max_rel_error(*pair), expected, rtol=1e-14)


@properties
@given(pairs(FLOATS), st.sampled_from([0.0, 1e-5, 0.1]), st.sampled_from([0.0, 1e-8, 0.5]))
def test_closeness_is_numpys_with_equal_nan(pair: Pair, rtol: float, atol: float) -> None:
    golden, answer = (array.astype(np.float64) for array in pair)
    close = np.isclose(answer, golden, rtol=rtol, atol=atol, equal_nan=True)
    assert within(*pair, rtol, atol).tolist() == close.all(axis=(1, 2)).tolist()


@properties
@given(pairs(INTEGERS), st.integers(0, 3))
def test_integers_are_close_by_their_exact_difference(pair: Pair, atol: int) -> None:
    expected = [all(abs(g - a) <= atol for g, a in row) for row in _rows(pair)]
    assert within(*pair, 0.0, float(atol)).tolist() == expected


def test_no_tolerance_is_wide_enough_for_a_nan() -> None:
    golden = np.array([[1e308], [1.0], [np.inf]])
    answer = np.array([[np.nan], [np.inf], [1.0]])
    assert within(golden, answer, 1e10, 1e100).tolist() == [False, False, False]


@properties
@given(pairs(special=False))
def test_relative_l2_is_numpys_norm_of_the_difference_over_that_of_golden(pair: Pair) -> None:
    for row, (golden, answer) in enumerate(zip(*pair, strict=True)):
        one = np.array([float(value) for value in numbers(golden)])
        differences = zip(numbers(golden), numbers(answer), strict=True)
        far = float(np.linalg.norm([float(a - g) for g, a in differences]))
        size = float(np.linalg.norm(one))
        expected = 0.0 if far == 0 else math.inf if size == 0 else far / size
        assert relative_l2(*pair)[row] == pytest.approx(expected, rel=1e-12)


@properties
@given(pairs(special=False))
def test_the_cosine_is_one_minus_scipys_distance(pair: Pair) -> None:
    for row, (golden, answer) in enumerate(zip(*pair, strict=True)):
        one, other = (np.array(numbers(array), np.float64) for array in (golden, answer))
        if one.any() and other.any():
            expected = 1 - scipy.spatial.distance.cosine(one, other)
        else:
            expected = 0.0 if one.any() or other.any() else 1.0
        assert cosine(*pair)[row] == pytest.approx(expected, abs=1e-9)


def test_the_cosine_of_a_vector_with_a_multiple_and_with_its_opposite() -> None:
    golden = np.array([[1.0, 2, -3]])
    assert cosine(golden, golden * 7)[0] == pytest.approx(1, abs=1e-15)
    assert cosine(golden, -golden)[0] == pytest.approx(-1, abs=1e-15)
    assert cosine(golden, np.array([[3.0, 0, 1]]))[0] == pytest.approx(0, abs=1e-15)


def test_norms_of_huge_and_of_tiny_numbers_neither_overflow_nor_vanish() -> None:
    golden = np.array([[3e200, 4e200], [3e-200, 4e-200]])
    np.testing.assert_allclose(relative_l2(golden, golden * 2), [1, 1])
    np.testing.assert_allclose(cosine(golden, golden[:, ::-1]), [24 / 25, 24 / 25])


def test_a_nan_or_infinity_that_golden_lacks_is_infinitely_far() -> None:
    golden = np.array([[1.0, 2.0]] * 4, np.float32)
    answer = np.array([[np.nan, 2], [1, np.inf], [1, -np.inf], [1, 2]], np.float32)
    for measure in (max_abs_error, max_rel_error, relative_l2):
        assert measure(golden, answer).tolist() == [math.inf, math.inf, math.inf, 0]
    assert np.isnan(cosine(golden, answer)).tolist() == [True, True, True, False]


def test_a_nan_or_infinity_that_golden_has_too_is_no_difference() -> None:
    golden = np.array([[np.nan, -np.inf, 3, 4]], np.float32)
    answer = np.array([[np.nan, -np.inf, 4, 3]], np.float32)
    assert max_abs_error(golden, answer).tolist() == [1]
    assert relative_l2(golden, answer)[0] == pytest.approx(math.sqrt(2) / 5)
    assert cosine(golden, answer)[0] == pytest.approx(24 / 25)


def test_zeros_of_both_signs_are_equal() -> None:
    golden, answer = np.array([[0.0]]), np.array([[-0.0]])
    for measure in (max_abs_error, max_rel_error, relative_l2):
        assert measure(golden, answer).tolist() == [0]
    assert cosine(golden, answer).tolist() == [1]


def test_beside_a_golden_zero_any_difference_is_large() -> None:
    golden, answer = np.array([[0.0, 1.0]], np.float32), np.array([[1e-10, 1.0]], np.float32)
    assert max_rel_error(golden, answer)[0] > 1e20


@properties
@given(pairs())
def test_new_nan_and_infinities_are_those_that_golden_lacks(pair: Pair) -> None:
    rows = _rows(pair)
    nan = [sum(math.isnan(a) and not math.isnan(g) for g, a in row) for row in rows]
    inf = [sum(math.isinf(a) and not math.isinf(g) for g, a in row) for row in rows]
    assert new_nan(*pair).tolist() == nan
    assert new_inf(*pair).tolist() == inf


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (3,)])
@pytest.mark.parametrize("measure", [max_abs_error, max_rel_error, relative_l2, new_nan, new_inf])
def test_no_rows_no_elements_and_scalars_have_no_error(measure: Any, shape: tuple[int]) -> None:
    same: NDArray[Any] = np.ones(shape, np.float32)
    assert measure(same, same).tolist() == [0] * shape[0]


@pytest.mark.parametrize("name", ["int4", "uint4"])
def test_integers_of_four_bits_are_numbers(name: str) -> None:
    dtype = np.dtype(getattr(ml_dtypes, name))
    golden, answer = np.array([[1, 2]]).astype(dtype), np.array([[1, 5]]).astype(dtype)
    assert max_abs_error(golden, answer).tolist() == [3]


def test_complex_outputs_are_refused() -> None:
    with pytest.raises(TypeError, match="complex64"):
        max_abs_error(np.zeros((1, 1), np.complex64), np.ones((1, 1), np.complex64))
