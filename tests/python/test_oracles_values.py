"""Oracles on values judge every output of any model, and tell NaN from a wrong value."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given

from mutatenn.oracle import RowOracle, parse_oracle
from oracle_strategies import FLOATS, Pair, pairs, properties

TEXTS = ["exact", "allclose:rtol=0.1,atol=0.1", "ulp:max=2"]
NUMBERS: Any = np.float32


def _oracle(text: str) -> RowOracle:
    oracle = parse_oracle(text)
    assert isinstance(oracle, RowOracle)
    return oracle


def _failed(text: str, golden: Any, answer: Any, dtype: Any = np.float32) -> list[bool]:
    one, other = (np.array(values).astype(dtype) for values in (golden, answer))
    found: list[bool] = _oracle(text).judge([one], [other]).failed.tolist()
    return found


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("shapes", [[()], [(1, 3, 8, 8)], [(1, 1)], [(1, 4), (2,)]])
def test_every_model_will_do(text: str, shapes: list[tuple[int, ...]]) -> None:
    parse_oracle(text).require(shapes, None)


@pytest.mark.parametrize("text", TEXTS)
def test_a_wrong_value_in_any_output_fails(text: str) -> None:
    golden = [np.ones((3, 2), NUMBERS), np.ones((3, 1, 4), NUMBERS)]
    answer = [array.copy() for array in golden]
    answer[0][0, 1] = 5
    answer[1][2, 0, 3] = 5
    finding = _oracle(text).judge(golden, answer)
    assert finding.failed.tolist() == [True, False, True]
    assert not finding.nan.any()


def test_exact_is_bit_for_bit() -> None:
    assert _failed("exact", [[0.0], [1.0]], [[-0.0], [1.0]]) == [True, False]


def test_exact_takes_only_the_same_nan() -> None:
    quiet = np.array([[0x7FC00000], [0x7FC00000]], np.uint32).view(np.float32)
    other = np.array([[0x7FC00000], [0x7FC00001]], np.uint32).view(np.float32)
    assert _oracle("exact").judge([quiet], [other]).failed.tolist() == [False, True]


def test_another_nan_than_goldens_is_a_wrong_value_beside_a_new_nan() -> None:
    golden = np.array([[0x7FC00000, 0x3F800000]], np.uint32).view(np.float32)
    answer = np.array([[0x7FC00001, 0x7FC00000]], np.uint32).view(np.float32)
    finding = _oracle("exact").judge([golden], [answer])
    assert (finding.failed.tolist(), finding.nan.tolist()) == ([True], [False])


@properties
@given(pairs(FLOATS))
def test_exact_compares_the_bytes_of_each_row(pair: Pair) -> None:
    golden, answer = pair
    expected = [one.tobytes() != other.tobytes() for one, other in zip(*pair, strict=True)]
    assert _oracle("exact").judge([golden], [answer]).failed.tolist() == expected


@properties
@given(pairs(FLOATS))
def test_allclose_is_numpys_on_each_row(pair: Pair) -> None:
    golden, answer = (array.astype(np.float64) for array in pair)
    expected = [
        not np.allclose(other, one, rtol=0.01, atol=0.25, equal_nan=True)
        for one, other in zip(golden, answer, strict=True)
    ]
    oracle = _oracle("allclose:rtol=0.01,atol=0.25")
    assert oracle.judge([pair[0]], [pair[1]]).failed.tolist() == expected


def test_allclose_is_relative_to_golden() -> None:
    text = "allclose:rtol=0.1,atol=0"
    assert _failed(text, [[1.0], [0.9]], [[0.9], [1.0]], np.float64) == [False, True]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_ulp_accepts_as_many_steps_as_it_says(dtype: Any) -> None:
    start = np.array([[1.0]]).astype(dtype)
    step = float(ml_dtypes.finfo(dtype).eps)
    for steps, fails in ((0, False), (2, False), (3, True)):
        answer = np.array([[1.0 + steps * step]]).astype(dtype)
        assert _oracle("ulp:max=2").judge([start], [answer]).failed.tolist() == [fails]


def test_integer_outputs_are_judged_by_their_difference() -> None:
    assert _failed("ulp:max=2", [[5], [5]], [[7], [8]], np.uint8) == [False, True]
    assert _failed("allclose:rtol=0,atol=2", [[5], [5]], [[3], [2]], np.int64) == [False, True]
    assert _failed("exact", [[5], [5]], [[5], [6]], np.int32) == [False, True]


def test_integers_beyond_the_exact_floats_are_told_apart() -> None:
    large = 2**60
    assert _failed("allclose:rtol=0,atol=0", [[large]], [[large + 1]], np.int64) == [True]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
@pytest.mark.parametrize("text", TEXTS)
def test_a_new_nan_fails_and_is_said_to_decide_alone(text: str, dtype: Any) -> None:
    golden = np.array([[1.0, 2.0]] * 3).astype(dtype)
    answer = np.array([[np.nan, 2.0], [np.nan, 9.0], [1.0, 9.0]]).astype(dtype)
    finding = _oracle(text).judge([golden], [answer])
    assert finding.failed.tolist() == [True, True, True]
    assert finding.nan.tolist() == [True, False, False]


def test_nan_in_one_output_does_not_hide_a_wrong_value_in_another() -> None:
    golden = [np.zeros((2, 1), NUMBERS), np.zeros((2, 1), NUMBERS)]
    answer = [np.full((2, 1), np.nan, NUMBERS), np.array([[0], [7]], NUMBERS)]
    assert _oracle("exact").judge(golden, answer).nan.tolist() == [True, False]


@pytest.mark.parametrize("text", TEXTS)
def test_a_nan_that_golden_has_too_is_accepted(text: str) -> None:
    golden = np.array([[np.nan, np.inf, 1.0]], NUMBERS)
    assert parse_oracle(text).refuses_golden([golden], None, ["a"]) == ""


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_where_golden_has_a_nan_or_an_infinity_fails_by_value(text: str) -> None:
    golden = np.array([[np.nan], [np.inf], [-np.inf]], NUMBERS)
    finding = _oracle(text).judge([golden], [np.ones((3, 1), NUMBERS)])
    assert finding.failed.all()
    assert not finding.nan.any()


@pytest.mark.parametrize("text", TEXTS)
def test_no_rows_and_scalar_outputs_are_judged_too(text: str) -> None:
    none = np.zeros((0, 4), NUMBERS)
    assert _oracle(text).judge([none], [none]).failed.shape == (0,)
    assert _failed(text, [1.0, 2.0], [1.0, 3.0]) == [False, True]


@pytest.mark.parametrize("text", TEXTS)
def test_wide_outputs_are_judged_piece_by_piece_with_the_same_result(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(5)
    golden = generator.normal(size=(17, 6)).astype(NUMBERS)
    answer = np.where(generator.random((17, 1)) < 0.5, golden, golden + 1)
    answer[4] = np.nan
    whole = _oracle(text).judge([golden], [answer])
    monkeypatch.setattr("mutatenn.oracle.outputs.PIECE", 20)
    cut = _oracle(text).judge([golden], [answer])
    np.testing.assert_array_equal(cut.failed, whole.failed)
    np.testing.assert_array_equal(cut.nan, whole.nan)
