"""Accuracy over the set: counted in whole images, compared without rounding."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mutatenn.oracle import SetFinding, SetOracle, parse_oracle
from oracle_strategies import properties


def _answers(right: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Scores of two classes that put class 1 first where ``right``."""
    return np.stack([~right, right], axis=1).astype(np.float32)


def _first(right: int, total: int) -> NDArray[np.bool_]:
    return np.arange(total) < right


def _judge(text: str, before: int, after: int, total: int) -> SetFinding:
    oracle = parse_oracle(text)
    assert isinstance(oracle, SetOracle)
    golden, answer = _answers(_first(before, total)), _answers(_first(after, total))
    return oracle.judge([golden], [answer], np.ones(total, np.int64))


@properties
@given(st.integers(1, 300), st.data())
def test_a_drop_of_exactly_the_bound_is_no_failure(total: int, data: st.DataObject) -> None:
    percent = data.draw(st.integers(0, 99))
    before = data.draw(st.integers(0, total))
    after = data.draw(st.integers(0, total))
    finding = _judge(f"accuracy:drop={percent / 100}", before, after, total)
    assert finding.failed == ((before - after) * 100 > percent * total)


@properties
@given(st.integers(1, 300), st.data())
def test_an_accuracy_of_exactly_the_bound_is_no_failure(total: int, data: st.DataObject) -> None:
    percent = data.draw(st.integers(1, 100))
    right = data.draw(st.integers(0, total))
    finding = _judge(f"accuracy:min={percent / 100}", total, right, total)
    assert finding.failed == (right * 100 < percent * total)


def test_93_and_92_right_of_100_are_a_drop_of_a_hundredth_and_no_more() -> None:
    assert 0.93 - 0.92 > 0.01  # what floats would say
    assert not _judge("accuracy:drop=0.01", 93, 92, 100).failed
    assert _judge("accuracy:drop=0.01", 93, 91, 100).failed


def test_no_drop_at_all_can_be_asked_for() -> None:
    assert not _judge("accuracy:drop=0", 50, 50, 100).failed
    assert _judge("accuracy:drop=0", 50, 49, 100).failed


def test_an_accuracy_that_rises_is_no_drop() -> None:
    assert not _judge("accuracy:drop=0", 50, 60, 100).failed


def test_the_sentence_holds_the_counts() -> None:
    said = _judge("accuracy:drop=0.01", 94, 90, 100).sentence
    assert said == "accuracy:drop=0.01 fails: 90 of 100 inputs are right, golden 94"
    said = _judge("accuracy:min=0.5", 94, 90, 100).sentence
    assert said == "accuracy:min=0.5 holds: 90 of 100 inputs are right"


def test_a_nan_is_not_right_and_decides_alone_where_nothing_else_went_wrong() -> None:
    oracle = parse_oracle("accuracy:min=0.75")
    assert isinstance(oracle, SetOracle)
    golden = _answers(np.ones(4, np.bool_))
    labels = np.ones(4, np.int64)
    answer = golden.copy()
    answer[:2, 0] = math.nan
    finding = oracle.judge([golden], [answer], labels)
    assert (finding.failed, finding.nan) == (True, True)
    answer[:2] = [1, 0]
    answer[2, 0] = math.nan
    finding = oracle.judge([golden], [answer], labels)
    assert (finding.failed, finding.nan) == (True, False)


def test_an_image_that_is_wrong_under_one_pattern_is_wrong() -> None:
    oracle = parse_oracle("accuracy:min=0.5")
    assert isinstance(oracle, SetOracle)
    golden = [_answers(np.ones(4, np.bool_))]
    one, other = [_answers(_first(2, 4))], [_answers(~_first(1, 4))]
    labels = np.ones(4, np.int64)
    assert not oracle.judge(golden, one, labels).failed
    assert not oracle.judge(golden, other, labels).failed
    finding = oracle.judge(golden, one, labels, other)
    assert finding.failed
    assert "1 of 4" in finding.sentence


def test_a_minimum_that_golden_misses_is_refused() -> None:
    oracle, labels = parse_oracle("accuracy:min=0.93"), np.ones(100, np.int64)
    names = [str(row) for row in range(100)]
    assert oracle.refuses_golden([_answers(_first(93, 100))], labels, names) == ""
    said = oracle.refuses_golden([_answers(_first(92, 100))], labels, names)
    assert "92 of 100" in said
    assert "original" in said


def test_a_drop_never_refuses_golden() -> None:
    golden = [_answers(_first(1, 100))]
    assert parse_oracle("accuracy:drop=0").refuses_golden(golden, np.ones(100, int), []) == ""


def test_an_empty_set_drops_nothing() -> None:
    assert not _judge("accuracy:drop=0", 0, 0, 0).failed
