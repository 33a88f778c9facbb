"""Several oracles judge one run: the worse of two patterns, and what the kill is called."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from mutatenn.oracle import Judgement, Oracle, RowOracle, judge, parse_oracle, parse_oracles
from oracle_strategies import FLOATS, Pair, pairs, properties

NAN = float("nan")
GOLDEN = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
NAMES = ["a.png", "b.png"]


def _judge(texts: list[str], answer: Any, answer_b: Any = None, labels: Any = None) -> Judgement:
    given = np.array(answer, np.float32)
    second = None if answer_b is None else [np.array(answer_b, np.float32)]
    labels = None if labels is None else np.array(labels)
    return judge(parse_oracles(texts), [GOLDEN], [given], second, labels)


def test_every_oracle_judges_every_input() -> None:
    found = _judge(["top1", "exact"], [[0, 2], [0, 1]])
    assert found.failed.tolist() == [[False, True], [True, True]]
    assert found.failing.tolist() == [True, True]
    assert found.kills == ("label", "numeric")


def test_golden_answers_survive_all_oracles() -> None:
    texts = ["exact", "allclose", "ulp:max=0", "top1", "topk:k=1", "rank", "label"]
    found = _judge([*texts, "accuracy:min=1", "accuracy:drop=0"], GOLDEN, GOLDEN, [1, 0])
    assert not found.killed
    assert found.kill == ""
    assert found.reason(NAMES) == ""
    assert not found.failing.any()


def test_an_input_fails_when_it_fails_under_either_pattern() -> None:
    found = _judge(["top1"], [[1, 0], [1, 0]], [[0, 1], [0, 1]])
    assert found.failed.tolist() == [[True, True]]


@properties
@given(pairs(FLOATS, least=2), pairs(FLOATS, least=2))
def test_two_patterns_are_judged_as_each_alone_and_joined(one: Pair, other: Pair) -> None:
    rows = min(one[0].shape[0], other[0].shape[0])
    width = min(one[0].shape[2], other[0].shape[2])
    golden, a = (array[:rows, 0, :width].astype(np.float32) for array in one)
    b = other[1][:rows, 0, :width].astype(np.float32)
    golden = np.nan_to_num(golden, posinf=5, neginf=-5)
    oracles = parse_oracles(["top1", "exact", "allclose:atol=1"])
    found = judge(oracles, [golden], [a], [b])
    for index, oracle in enumerate(oracles):
        assert isinstance(oracle, RowOracle)
        first, second = (oracle.judge([golden], [answer]) for answer in (a, b))
        np.testing.assert_array_equal(found.failed[index], first.failed | second.failed)
        values = (first.failed & ~first.nan) | (second.failed & ~second.nan)
        np.testing.assert_array_equal(found.nan[index], found.failed[index] & ~values)


@pytest.mark.parametrize(
    ("answer", "answer_b", "kill"),
    [
        ([[NAN, 1], [1, 0]], None, "nan"),
        ([[NAN, 1], [1, 0]], GOLDEN, "nan"),
        ([[NAN, NAN], [1, NAN]], [[NAN, NAN], [1, 0]], "nan"),
        ([[NAN, NAN], [1, 0]], [[9e30, 0], [1, 0]], "label"),
        ([[NAN, 1], [0, 1]], None, "label"),
        ([[1, 0], [1, 0]], [[NAN, 1], [1, 0]], "label"),
    ],
)
def test_a_kill_is_called_nan_only_when_nothing_but_nan_decided(
    answer: Any, answer_b: Any, kill: str
) -> None:
    assert _judge(["top1"], answer, answer_b).kill == kill


@pytest.mark.parametrize("texts", list(itertools.permutations(["top1", "exact"])))
def test_a_wrong_class_outweighs_a_wrong_value_and_that_a_nan(texts: tuple[str, ...]) -> None:
    assert _judge(list(texts), [[1, 0], [1, 0]]).kill == "label"
    assert _judge(list(texts), [[0, 2], [1, 0]]).kill == "numeric"
    assert _judge(list(texts), [[0, 2], [NAN, 0]]).kill == "numeric"
    assert _judge(list(texts), [[0, 1], [NAN, 0]]).kill == "nan"


def test_rules_on_the_whole_set_kill_too() -> None:
    found = _judge(["accuracy:min=1", "exact"], [[1, 0], [1, 0]], labels=[1, 0])
    assert found.kills == ("label", "numeric")
    assert found.failed.tolist() == [[False, False], [True, False]]
    lenient = _judge(["accuracy:min=0.5"], [[1, 0], [1, 0]], labels=[1, 0])
    assert not lenient.killed
    by_nan = _judge(["accuracy:min=1"], [[NAN, 1], [1, 0]], labels=[1, 0])
    assert by_nan.kill == "nan"


def test_the_reason_names_each_rule_that_failed_and_the_first_input() -> None:
    texts = ["top1", "accuracy:drop=0", "allclose:atol=5"]
    found = _judge(texts, [[0, 1], [0, 1]], labels=[1, 0])
    assert found.reason(NAMES) == (
        "top1 fails on 1 of 2 inputs, first on b.png; "
        "accuracy:drop=0 fails: 1 of 2 inputs are right, golden 2"
    )


def test_models_of_several_outputs_are_judged_on_all() -> None:
    golden = [GOLDEN, np.zeros((2, 3), np.int32)]
    answer = [GOLDEN, np.array([[0, 0, 0], [0, 0, 1]], np.int32)]
    found = judge(parse_oracles(["exact", "top1:output=0"]), golden, answer)
    assert found.failed.tolist() == [[False, True], [False, False]]


def test_what_is_neither_per_input_nor_on_the_set_is_a_defect() -> None:
    class Neither(Oracle):
        name = "neither"
        kind = "label"

        def require(self, shapes: Any, labels: Any) -> None: ...

        def refuses_golden(self, golden: Any, labels: Any, names: Any) -> str:
            return ""

    with pytest.raises(TypeError, match="neither"):
        judge([Neither()], [GOLDEN], [GOLDEN])


def test_no_rows_are_no_kill() -> None:
    none = np.zeros((0, 2), np.float32)
    found = judge([parse_oracle("top1")], [none], [none])
    assert not found.killed
    assert found.failed.shape == (1, 0)
