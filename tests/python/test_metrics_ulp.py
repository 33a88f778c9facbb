"""Distances in ULP agree with walking from value to value and with listing all values."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutatenn.oracle.metrics import max_ulp
from oracle_strategies import INTEGERS, Pair, numbers, pairs, properties

FARTHEST = 2**64 - 1
LISTED = [
    "float16",
    "bfloat16",
    "float8_e4m3fn",
    "float8_e5m2",
    "float8_e4m3fnuz",
    "float8_e8m0fnu",
]


def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(getattr(ml_dtypes, name, None) or name)


def _far(golden: Any, answer: Any, dtype: Any) -> int:
    return int(max_ulp(np.array([[golden]], dtype), np.array([[answer]], dtype))[0])


@properties
@given(
    st.sampled_from([np.float16, np.float32, np.float64]),
    st.floats(width=16, allow_nan=False),
    st.integers(-40, 40),
)
def test_as_many_ulp_as_there_are_steps_of_nextafter(dtype: Any, start: float, steps: int) -> None:
    value = end = dtype(start)
    taken = 0
    for _ in range(abs(steps)):
        following = np.nextafter(end, dtype(np.inf if steps > 0 else -np.inf))
        taken += bool(following != end)
        end = following
    assert _far(value, end, dtype) == taken
    assert _far(end, value, dtype) == taken


@pytest.mark.parametrize("name", LISTED)
def test_the_distance_is_that_of_the_places_in_a_list_of_all_values(name: str) -> None:
    dtype = _dtype(name)
    patterns = np.arange(256**dtype.itemsize, dtype=f"u{dtype.itemsize}").view(dtype)
    values = sorted({float(value) for value in patterns if not math.isnan(value)})
    places = {value: place for place, value in enumerate(values)}
    generator = np.random.default_rng(3)
    golden, answer = (generator.choice(patterns, 2000)[:, np.newaxis] for _ in range(2))
    expected = []
    for one, other in zip(golden.ravel().tolist(), answer.ravel().tolist(), strict=True):
        left, right = float(one), float(other)
        if math.isnan(left) or math.isnan(right):
            expected.append(0 if math.isnan(left) and math.isnan(right) else FARTHEST)
        else:
            expected.append(abs(places[left] - places[right]))
    assert max_ulp(golden, answer).tolist() == expected


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_zeros_of_both_signs_are_the_same_value(dtype: Any) -> None:
    assert _far(0.0, -0.0, dtype) == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_infinity_follows_the_largest_number(dtype: Any) -> None:
    assert _far(ml_dtypes.finfo(dtype).max, np.inf, dtype) == 1


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_a_nan_is_farthest_from_a_number_and_no_step_from_a_nan(dtype: Any) -> None:
    assert _far(np.nan, np.nan, dtype) == 0
    assert _far(np.nan, 1.0, dtype) == _far(1.0, np.nan, dtype) == FARTHEST


def test_the_smallest_numbers_of_both_signs_are_two_apart() -> None:
    assert _far(-5e-324, 5e-324, np.float64) == 2


def test_the_ends_of_float64_are_told_without_overflow() -> None:
    # 2**52 values in each of the 2046 finite exponents above zero, and one more step to infinity.
    assert _far(-np.inf, np.inf, np.float64) == 2 * (2047 * 2**52)


@properties
@given(pairs(INTEGERS))
def test_of_integers_it_is_the_exact_difference(pair: Pair) -> None:
    expected = [
        max(abs(g - a) for g, a in zip(numbers(one), numbers(other), strict=True))
        for one, other in zip(*pair, strict=True)
    ]
    assert max_ulp(*pair).tolist() == expected


def test_the_largest_distance_of_a_row_counts() -> None:
    golden = np.ones((2, 3), np.float32)
    answer = golden.copy()
    answer[1, 2] = np.nextafter(np.float32(1), np.float32(2))
    assert max_ulp(golden, answer).tolist() == [0, 1]


def test_no_rows_and_no_elements_are_no_distance() -> None:
    assert max_ulp(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0,)
    assert max_ulp(np.zeros((2, 0)), np.zeros((2, 0))).tolist() == [0, 0]
