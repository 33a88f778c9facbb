"""Top-1, top-k and Jaccard agree with lists and sets sorted by hand, with ties and with NaN."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mutatenn.oracle.metrics import (
    jaccard,
    predictions,
    same_class_for_every_input,
    top1_agreement,
    topk_agreement,
)
from oracle_strategies import Pair, numbers, pairs, properties


def _order(scores: NDArray[Any]) -> list[int] | None:
    """Classes by score, lowest index first among equals; None when a NaN leaves no order."""
    values = numbers(scores)
    if any(math.isnan(value) for value in values):
        return None
    return sorted(range(len(values)), key=lambda index: (-values[index], index))


def _orders(pair: Pair) -> list[list[tuple[list[int] | None, list[int] | None]]]:
    golden, answer = pair
    rows, images = golden.shape[:2]
    return [
        [(_order(golden[row, image]), _order(answer[row, image])) for image in range(images)]
        for row in range(rows)
    ]


@properties
@given(pairs(images=3))
def test_top1_agrees_with_sorting_by_hand(pair: Pair) -> None:
    expected = [
        all(one is not None and other is not None and one[0] == other[0] for one, other in row)
        for row in _orders(pair)
    ]
    assert top1_agreement(*pair).tolist() == expected


@properties
@given(pairs(images=2), st.data())
def test_the_k_first_agree_with_sets_and_lists_made_by_hand(
    pair: Pair, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, pair[0].shape[-1]))
    as_sets, as_lists, overlaps = [], [], []
    for row in _orders(pair):
        tops = [(one[:k], other[:k]) for one, other in row if one is not None and other is not None]
        whole = len(tops) == len(row)
        as_sets.append(whole and all(set(one) == set(other) for one, other in tops))
        as_lists.append(whole and all(one == other for one, other in tops))
        shares = [len(set(one) & set(other)) / len(set(one) | set(other)) for one, other in tops]
        overlaps.append(min(shares) if whole else math.nan)
    assert topk_agreement(*pair, k).tolist() == as_sets
    assert topk_agreement(*pair, k, ordered=True).tolist() == as_lists
    np.testing.assert_array_equal(jaccard(*pair, k), overlaps)


def test_equal_scores_rank_by_the_lowest_index_first() -> None:
    golden = np.array([[1, 3, 3, 0]], np.float32)
    assert predictions(golden).tolist() == [[1]]
    assert topk_agreement(golden, np.array([[1, 4, 3, 0]], np.float32), 2, ordered=True).all()
    assert not topk_agreement(golden, np.array([[1, 3, 4, 0]], np.float32), 2, ordered=True).any()


def test_zeros_of_both_signs_are_equal_scores() -> None:
    assert predictions(np.array([[-0.0, 0.0], [0.0, -0.0]])).tolist() == [[0], [0]]


def test_the_largest_64_bit_integers_are_told_apart() -> None:
    largest = np.iinfo(np.uint64).max
    assert predictions(np.array([[largest - 1, largest]], np.uint64)).tolist() == [[1]]


def test_a_nan_leaves_no_class() -> None:
    scores = np.array([[np.nan, 1.0], [0.0, np.nan], [0.0, 1.0]], np.float32)
    assert predictions(scores).tolist() == [[-1], [-1], [1]]
    assert top1_agreement(scores, scores).tolist() == [False, False, True]


def test_a_row_of_several_images_counts_with_its_worst() -> None:
    golden = np.array([[[0, 1], [1, 0]]], np.float32)
    answer = np.array([[[0, 1], [0, 1]]], np.float32)
    assert predictions(answer).tolist() == [[1, 1]]
    assert not top1_agreement(golden, answer).any()


def test_five_classes_are_the_top_or_all_if_there_are_fewer() -> None:
    golden = np.arange(8.0)[np.newaxis]
    sixth = np.array([[0, 1, 9, 3, 4, 5, 6, 7.0]])
    assert jaccard(golden, sixth).tolist() == [4 / 6]
    assert jaccard(golden[:, :3], golden[:, 2::-1]).tolist() == [1]


@pytest.mark.parametrize("k", [0, -1, 4])
def test_a_k_out_of_range_is_refused(k: int) -> None:
    scores = np.zeros((1, 3))
    with pytest.raises(ValueError, match="1 to 3"):
        topk_agreement(scores, scores, k)


@pytest.mark.parametrize("shape", [(2,), (2, 0)])
def test_an_output_without_classes_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no classes"):
        predictions(np.zeros(shape))


def test_no_rows_give_no_values() -> None:
    none = np.zeros((0, 4), np.float32)
    assert top1_agreement(none, none).shape == (0,)
    assert jaccard(none, none).shape == (0,)
    assert not same_class_for_every_input(none)


@properties
@given(pairs(images=2))
def test_a_model_is_stuck_when_a_set_of_its_predictions_has_one_member(pair: Pair) -> None:
    classes = [order and order[0] for row in _orders(pair) for order, _ in row]
    whole = [_order(image) is not None for row in pair[0] for image in row]
    expected = len(classes) > 1 and all(whole) and len(set(classes)) == 1
    assert same_class_for_every_input(pair[0]) == expected


def test_one_input_alone_does_not_show_that_a_model_is_stuck() -> None:
    scores = np.array([[0, 1.0], [0, 1.0]])
    assert same_class_for_every_input(scores)
    assert not same_class_for_every_input(scores[:1])
