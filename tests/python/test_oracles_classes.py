"""Oracles on classes: which answers they fail, and which models they refuse beforehand."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from mutatenn.errors import InputError
from mutatenn.oracle import RowFinding, RowOracle, parse_oracle

GOLDEN = np.array([[1, 5, 3, 2]], np.float32)
ON_CLASSES = ["top1", "topk:k=2", "rank", "rank:measure=kendall"]


def _judge(text: str, golden: Any, answer: Any, labels: Any = None) -> RowFinding:
    oracle = parse_oracle(text)
    assert isinstance(oracle, RowOracle)
    labels = None if labels is None else np.array(labels, np.int64)
    return oracle.judge([np.asarray(golden)], [np.asarray(answer)], labels)


def _refusal(text: str, shapes: list[tuple[int, ...]], labels: Any = None) -> str:
    with pytest.raises(InputError) as caught:
        parse_oracle(text).require(shapes, labels)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_top1_fails_where_another_class_comes_first() -> None:
    golden = np.repeat(GOLDEN, 3, axis=0)
    answer = np.array([[1, 5, 3, 2], [1, 2, 3, 0], [-9, 1, 0, 0]], np.float32)
    assert _judge("top1", golden, answer).failed.tolist() == [False, True, False]


def test_a_tie_goes_to_the_lowest_index() -> None:
    golden = np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 0.0]])
    answer = np.array([[2.0, 2.0, 0.0], [0.0, 2.0, 2.0]])
    assert _judge("top1", golden, answer).failed.tolist() == [True, False]


@pytest.mark.parametrize("text", ON_CLASSES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ml_dtypes.bfloat16])
def test_any_nan_fails_and_decides_alone_where_nothing_else_changed(text: str, dtype: Any) -> None:
    golden = np.repeat(GOLDEN, 2, axis=0).astype(dtype)
    # In the second row the order of the others is another one too.
    answer = np.array([[np.nan, 5, 3, 2], [np.nan, 2, 3, 5]]).astype(dtype)
    finding = _judge(text, golden, answer)
    assert finding.failed.tolist() == [True, True]
    assert finding.nan.tolist() == [True, False]


@pytest.mark.parametrize("text", [*ON_CLASSES, "topk:k=2,ordered=true"])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float16, ml_dtypes.bfloat16])
def test_scores_of_every_type_are_ranked(text: str, dtype: Any) -> None:
    golden = GOLDEN.astype(dtype)
    assert not _judge(text, golden, golden + golden).failed.any()
    assert _judge(text, golden, np.roll(golden, 1, axis=1)).failed.all()


def test_topk_compares_sets_or_lists() -> None:
    swapped = np.array([[1, 3, 5, 2]], np.float32)
    assert not _judge("topk:k=2", GOLDEN, swapped).failed.any()
    assert _judge("topk:k=2,ordered=true", GOLDEN, swapped).failed.all()
    assert _judge("topk:k=1", GOLDEN, swapped).failed.all()


def test_rank_fails_below_its_minimum_and_not_at_it() -> None:
    # Kendall: one of six pairs turned round, (5 - 1) / 6.
    swapped = np.array([[1, 5, 2, 3]], np.float32)
    assert not _judge("rank:measure=kendall,min=0.6666", GOLDEN, swapped).failed.any()
    assert _judge("rank:measure=kendall,min=0.6667", GOLDEN, swapped).failed.all()
    # RBO: the agreements are 1, 1/2, 1, 1, so half of the second weight is missing.
    assert not _judge("rank:p=0.5,min=0.875", GOLDEN, swapped).failed.any()
    assert _judge("rank:p=0.5,min=0.8751", GOLDEN, swapped).failed.all()


@pytest.mark.parametrize("text", ["rank:min=1", "rank:measure=kendall,min=1"])
def test_the_same_order_reaches_a_minimum_of_one(text: str) -> None:
    golden = np.random.default_rng(1).normal(size=(20, 1000))
    assert not _judge(text, golden, golden * 3 - 1).failed.any()


def test_label_blames_no_mutant_for_what_golden_got_wrong() -> None:
    golden = np.array([[0.0, 1], [0, 1], [0, 1], [0, 1]])
    answer = np.array([[0.0, 1], [1, 0], [1, 0], [0, 1]])
    finding = _judge("label", golden, answer, [1, 1, 0, 0])
    assert finding.failed.tolist() == [False, True, False, False]


def test_label_fails_for_a_nan_on_inputs_that_golden_got_right() -> None:
    golden = np.array([[0.0, 1], [0, 1]])
    answer = np.array([[np.nan, 1], [np.nan, 1]])
    finding = _judge("label", golden, answer, [1, 0])
    assert finding.failed.tolist() == [True, False]
    assert finding.nan.tolist() == [True, False]


def test_a_chosen_output_alone_is_looked_at() -> None:
    oracle = parse_oracle("top1:output=1")
    assert isinstance(oracle, RowOracle)
    golden = [np.array([[0.0, 1], [0, 1]]), np.array([[0.0, 1], [0, 1]])]
    answer = [np.array([[1.0, 0], [0, 1]]), np.array([[0.0, 1], [1, 0]])]
    assert oracle.judge(golden, answer).failed.tolist() == [False, True]


@pytest.mark.parametrize("text", [*ON_CLASSES, "topk"])
def test_golden_scores_with_a_nan_are_refused_by_name(text: str) -> None:
    golden = np.arange(18.0).reshape(3, 6)
    golden[1:, 2] = np.nan
    oracle = parse_oracle(text)
    said = oracle.refuses_golden([golden], None, ["a.png", "b.png", "c.png"])
    assert oracle.name in said
    assert "b.png (and on 1 more inputs), which holds NaN" in said
    assert oracle.refuses_golden([golden[:1]], None, ["a.png"]) == ""


@pytest.mark.parametrize("text", [*ON_CLASSES, "label", "accuracy:min=0.5"])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (1, 3, 8, 1)])
def test_a_model_without_classes_is_refused(text: str, shape: tuple[int, ...]) -> None:
    assert f"{shape}; use exact, allclose or ulp" in _refusal(text, [shape], np.array([0]))


@pytest.mark.parametrize("text", [*ON_CLASSES, "label", "accuracy:min=0.5"])
def test_a_model_of_several_outputs_is_refused_unless_one_is_chosen(text: str) -> None:
    shapes: list[tuple[int, ...]] = [(1, 4, 4), (1, 10)]
    assert "has 2, of shapes (1, 4, 4), (1, 10); choose one" in _refusal(text, shapes)
    chosen = f"{text}{',' if ':' in text else ':'}output=1"
    parse_oracle(chosen).require(shapes, np.array([9]))


def test_an_output_that_is_not_there_is_refused() -> None:
    assert "end at 1" in _refusal("top1:output=2", [(1, 10), (1, 10)])


@pytest.mark.parametrize("shape", [(10,), (1, 10), (4, 10), (1, 8, 8, 10)])
def test_classes_may_stand_on_the_last_axis_of_any_shape(shape: tuple[int, ...]) -> None:
    parse_oracle("top1").require([shape], None)


@pytest.mark.parametrize(("text", "most"), [("topk:k=5", 4), ("topk:k=6,ordered=true", 5)])
def test_a_topk_that_no_answer_can_fail_is_refused(text: str, most: int) -> None:
    assert f"k of at most {most}" in _refusal(text, [(1, 5)])
    parse_oracle(text).require([(1, 7)], None)


@pytest.mark.parametrize("text", ["label", "accuracy:min=0.9", "accuracy:drop=0.1"])
def test_missing_labels_are_refused(text: str) -> None:
    assert "needs labels; give --labels" in _refusal(text, [(1, 10)], None)


@pytest.mark.parametrize("text", ["label", "accuracy:min=0.9"])
def test_labels_do_not_fit_a_batch_of_several_images(text: str) -> None:
    assert "holds 4" in _refusal(text, [(4, 10)], np.array([1, 2]))


@pytest.mark.parametrize(("labels", "wrong"), [([0, 10], "10"), ([-1, 3], "-1")])
def test_a_label_that_is_no_class_of_the_model_is_refused(labels: list[int], wrong: str) -> None:
    message = _refusal("label", [(1, 10)], np.array(labels))
    assert f"the label {wrong} " in message
    assert "0 to 9" in message


def test_judging_labels_without_any_is_an_error_and_no_verdict() -> None:
    with pytest.raises(ValueError, match="do not fit the labels"):
        _judge("label", GOLDEN, GOLDEN)
