"""The oracles `top1` and `exact`: ties, NaN, and the bits of an answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mutatenn.campaign.oracle import parse_oracle, predictions, require_classifier
from mutatenn.errors import InputError

FLOATS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=5),
    elements=st.floats(width=32, allow_nan=False),
)
NAN = np.float32("nan")


def array(*rows: list[float]) -> np.ndarray:
    return np.array(rows, np.float32)


def bits(*words: int) -> np.ndarray:
    return np.array([words], np.uint32).view(np.float32)


def failed(name: str, golden: np.ndarray, answer: np.ndarray) -> list[bool]:
    found: list[bool] = parse_oracle(name).judge([golden], [answer]).failed.tolist()
    return found


def test_top1_fails_where_the_first_class_differs() -> None:
    golden = array([0, 1, 2], [5, 1, 2])
    assert failed("top1", golden, array([0, 1, 9], [1, 5, 2])) == [False, True]


@given(FLOATS)
def test_ties_go_to_the_lowest_index(values: np.ndarray) -> None:
    classes = values.reshape(-1, values.shape[-1])
    expected = [row.tolist().index(max(row.tolist())) for row in classes]
    assert predictions(values).reshape(-1).tolist() == expected


def test_a_tie_that_is_broken_the_other_way_fails() -> None:
    assert failed("top1", array([1, 1, 0]), array([0, 1, 0])) == [True]
    assert failed("top1", array([1, 1, 0]), array([1, 0, 1])) == [False]


@pytest.mark.parametrize("position", [0, 1, 2])
def test_any_nan_fails_top1(position: int) -> None:
    answer = array([0, 9, 1])
    answer[0, position] = NAN
    judgement = parse_oracle("top1").judge([array([0, 9, 1])], [answer])
    assert judgement.failed.tolist() == judgement.nan.tolist() == [True]


@given(FLOATS)
def test_every_oracle_accepts_the_golden_answer(values: np.ndarray) -> None:
    for name in ("top1", "exact"):
        assert not any(failed(name, values, values.copy()))


@given(FLOATS, st.data())
def test_exact_sees_a_single_changed_bit(values: np.ndarray, data: st.DataObject) -> None:
    answer = values.copy()
    place = data.draw(st.integers(0, values.size - 1))
    answer.reshape(-1).view(np.uint32)[place] ^= np.uint32(1 << data.draw(st.integers(0, 31)))
    found = failed("exact", values, answer)
    assert found.index(True) == place // (values.size // len(values))
    assert sum(found) == 1


def test_exact_tells_the_zeros_apart() -> None:
    assert failed("exact", array([0.0]), array([-0.0])) == [True]


def test_exact_accepts_the_same_nan_and_no_other() -> None:
    golden = bits(0x7FC00000)
    assert failed("exact", golden, bits(0x7FC00000)) == [False]
    assert failed("exact", golden, bits(0x7FC00001)) == [True]


def test_exact_looks_at_every_output() -> None:
    golden = [array([1], [2]), array([3], [4])]
    judgement = parse_oracle("exact").judge(golden, [golden[0], array([3], [5])])
    assert judgement.failed.tolist() == [False, True]


def test_exact_says_where_a_new_nan_is() -> None:
    judgement = parse_oracle("exact").judge([array([1], [2])], [array([1.5], [NAN])])
    assert judgement.failed.tolist() == [True, True]
    assert judgement.nan.tolist() == [False, True]


def test_exact_judges_integers_too() -> None:
    golden = np.array([[1, 2], [3, 4]], np.int64)
    assert failed("exact", golden, np.array([[1, 2], [3, 5]], np.int64)) == [False, True]


def test_an_unknown_oracle_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="choose one of: exact, top1"):
        parse_oracle("top2")


@pytest.mark.parametrize("shapes", [[], [(1, 10), (1, 10)], [(1, 1)], [()]])
def test_answers_without_classes_are_refused(shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(InputError, match="the oracle top1 needs one output with two or more"):
        require_classifier("the oracle top1", shapes)


def test_an_answer_with_classes_is_accepted() -> None:
    require_classifier("the oracle top1", [(1, 2)])
