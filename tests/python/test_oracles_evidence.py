"""The evidence holds every measure of every changed input, compactly, and survives storing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutatenn.errors import InputError
from mutatenn.oracle import Evidence, class_output, evidence, metrics
from mutatenn.oracle.columns import CLASS_COLUMNS, VALUE_COLUMNS, by_name
from oracle_strategies import Pair, pairs, properties

MEASURES: dict[str, Any] = {
    "top1": metrics.top1_agreement,
    "top5_set": metrics.topk_agreement,
    "top5_order": lambda golden, answer: metrics.topk_agreement(golden, answer, ordered=True),
    "top5_jaccard": metrics.jaccard,
    "rbo": metrics.rbo,
    "kendall_tau": metrics.kendall_tau,
    "max_abs_error": metrics.max_abs_error,
    "max_rel_error": metrics.max_rel_error,
    "max_ulp": metrics.max_ulp,
    "relative_l2": metrics.relative_l2,
    "cosine": metrics.cosine,
    "new_nan": metrics.new_nan,
    "new_inf": metrics.new_inf,
}


def _sample() -> Pair:
    golden = np.random.default_rng(2).normal(size=(6, 1, 12)).astype(np.float32)
    answer = golden.copy()
    answer[1] += 0.25
    answer[4, 0, 3] = np.nan
    answer[5] = np.inf
    return golden, answer


def _same(one: Evidence, other: Evidence) -> None:
    assert (one.rows, one.stuck) == (other.rows, other.stuck)
    assert one.records.dtype == other.records.dtype
    assert one.records.tobytes() == other.records.tobytes()


@properties
@given(pairs(least=2))
def test_each_column_is_its_measure_on_every_changed_input(pair: Pair) -> None:
    golden, answer = pair
    changed = np.array(
        [one.tobytes() != other.tobytes() for one, other in zip(*pair, strict=True)], np.bool_
    )
    found = evidence([golden], [answer])
    assert list(found.columns) == list(MEASURES)
    np.testing.assert_array_equal(found.changed, changed)
    for name, measure in MEASURES.items():
        column = found.column(name).reshape(golden.shape[0])
        np.testing.assert_array_equal(column[changed], measure(golden, answer)[changed], name)
        assert (column[~changed] == by_name()[name].neutral).all()


def test_neutral_values_are_what_the_measures_say_of_equal_answers() -> None:
    golden = _sample()[0]
    for column in CLASS_COLUMNS:
        measured = column.measure(metrics.Ranking.of(golden), metrics.Ranking.of(golden))
        np.testing.assert_allclose(measured, column.neutral)
    for each in VALUE_COLUMNS:
        np.testing.assert_allclose(each.measure(golden, golden), each.neutral)


def test_unchanged_inputs_are_not_measured() -> None:
    golden = np.full((3, 4), np.nan, np.float32)
    found = evidence([golden], [golden])
    assert found.records.size == 0
    assert found.column("top1").tolist() == [True] * 3
    assert found.column("max_ulp").tolist() == [[0]] * 3


def test_the_inputs_to_measure_may_be_given() -> None:
    golden, answer = _sample()
    mask = np.array([False, True, False, False, False, False])
    found = evidence([golden], [answer], mask)
    assert found.records["row"].tolist() == [1]


def test_every_output_of_a_model_has_its_own_values() -> None:
    golden: list[Any] = [np.zeros((2, 3), np.float32), np.zeros((2, 1), np.int8)]
    answer: list[Any] = [
        np.array([[0, 0, 0], [0, 0, 2]], np.float32),
        np.array([[7], [0]], np.int8),
    ]
    found = evidence(golden, answer)
    assert "top1" not in found.columns
    assert found.column("max_abs_error").tolist() == [[0, 7], [2, 0]]


def test_an_output_of_classes_may_be_chosen() -> None:
    golden = [np.zeros((2, 3), np.float32), np.array([[0.0, 1], [0, 1]])]
    answer = [golden[0], np.array([[0.0, 1], [1, 0]])]
    assert evidence(golden, answer, output=1).column("top1").tolist() == [True, False]


@pytest.mark.parametrize(
    ("shapes", "index"),
    [
        ([(1, 10)], 0),
        ([(10,)], 0),
        ([(4, 10)], 0),
        ([(1, 1, 1, 10)], 0),
        ([(1, 1)], None),
        ([()], None),
        ([(1, 8, 8, 10)], None),
        ([(1, 10), (1, 10)], None),
    ],
)
def test_a_classifier_has_one_output_of_classes(
    shapes: list[tuple[int, ...]], index: int | None
) -> None:
    assert class_output(shapes) == index


def test_a_model_is_stuck_when_it_gives_one_class_where_golden_gives_several() -> None:
    golden, stuck = np.array([[0.0, 1], [1, 0]]), np.array([[0.0, 2], [0, 3]])
    assert evidence([golden], [stuck]).stuck
    assert not evidence([stuck], [stuck + 1]).stuck
    assert not evidence([golden], [golden + 1]).stuck


def test_stored_evidence_is_read_back() -> None:
    golden, answer = _sample()
    found = evidence([golden], [answer])
    _same(Evidence.from_bytes(found.to_bytes()), found)


@properties
@given(pairs(least=2))
def test_storing_changes_nothing_whatever_the_answers(pair: Pair) -> None:
    found = evidence([pair[0]], [pair[1]])
    again = Evidence.from_bytes(found.to_bytes())
    _same(again, found)
    assert again.to_bytes() == found.to_bytes()


def test_unchanged_inputs_take_no_room() -> None:
    golden = np.zeros((10_000, 10), np.float32)
    answer = golden.copy()
    answer[7] = 1
    assert len(evidence([golden], [answer]).to_bytes()) < 1000


@properties
@given(st.integers(0, 400), st.integers(0, 400))
def test_damaged_evidence_is_refused_in_one_sentence(start: int, length: int) -> None:
    golden, answer = _sample()
    blob = evidence([golden], [answer]).to_bytes()
    cut = blob[: start % len(blob)]
    with pytest.raises(InputError, match="run that mutant again"):
        Evidence.from_bytes(cut)
    zeros = bytes(length + 1)
    with pytest.raises(InputError, match="run that mutant again"):
        Evidence.from_bytes(zeros)


def test_evidence_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    golden, answer = _sample()
    with monkeypatch.context() as patch:
        patch.setattr("mutatenn.oracle.measurement.SCHEMA", 2)
        blob = evidence([golden], [answer]).to_bytes()
    with pytest.raises(InputError, match="version 2, this mutatenn reads version 1"):
        Evidence.from_bytes(blob)


def test_wide_outputs_are_measured_piece_by_piece_with_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    golden, answer = _sample()
    whole = evidence([golden], [answer])
    monkeypatch.setattr("mutatenn.oracle.outputs.PIECE", 20)
    _same(evidence([golden], [answer]), whole)


def test_an_unknown_column_is_an_error() -> None:
    golden, answer = _sample()
    with pytest.raises(KeyError):
        evidence([golden], [answer]).column("row")
