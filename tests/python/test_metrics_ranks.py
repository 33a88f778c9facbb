"""RBO agrees with its definition as an infinite sum, Kendall's tau with scipy's."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from mutatenn.oracle.inversions import inversions
from mutatenn.oracle.metrics import Ranking, kendall_tau, rbo
from oracle_strategies import Pair, numbers, pairs, properties


def _order(scores: NDArray[Any]) -> list[int]:
    values = numbers(scores)
    return sorted(range(len(values)), key=lambda index: (-values[index], index))


def _rbo(one: list[int], other: list[int], p: float) -> float:
    """(1 - p) * sum of p^(d-1) * agreement at depth d, the last agreement going on for ever."""
    total, weight, agreement = 0.0, 1 - p, 0.0
    for depth in range(1, len(one) + 1):
        agreement = len(set(one[:depth]) & set(other[:depth])) / depth
        total += weight * agreement
        weight *= p
    return total + agreement * weight / (1 - p)


def _has_nan(array: NDArray[Any]) -> bool:
    return any(math.isnan(value) for value in numbers(array))


@properties
@given(pairs(images=2), st.floats(0.05, 0.95))
def test_rbo_is_the_weighted_mean_of_the_agreements_at_all_depths(pair: Pair, p: float) -> None:
    golden, answer = pair
    for row, found in enumerate(rbo(golden, answer, p)):
        if _has_nan(golden[row]) or _has_nan(answer[row]):
            assert math.isnan(found)
            continue
        images = zip(golden[row], answer[row], strict=True)
        expected = min(_rbo(_order(one), _order(other), p) for one, other in images)
        assert found == pytest.approx(expected, abs=1e-12)


def test_rbo_of_a_swap_at_the_top_is_what_a_pencil_gives() -> None:
    # Agreements 0, 1, 1, ...: all but the first weight, 1 - p.
    assert rbo(np.array([[3.0, 2, 1]]), np.array([[2.0, 3, 1]]), 0.75)[0] == pytest.approx(0.75)


def test_rbo_of_a_swap_at_the_bottom_weighs_less() -> None:
    golden, answer = np.array([[4.0, 3, 2, 1]]), np.array([[4.0, 3, 1, 2]])
    # Agreements 1, 1, 2/3, 1, ...: a third of the third weight is missing.
    assert rbo(golden, answer, 0.5)[0] == pytest.approx(1 - 0.125 / 3)


@properties
@given(pairs(special=False))
def test_the_same_order_has_an_rbo_and_a_tau_of_exactly_one(pair: Pair) -> None:
    golden = pair[0]
    assert (rbo(golden, golden) == 1).all()
    assert (kendall_tau(golden, golden) == 1).all()


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, 1.5, math.nan])
def test_a_persistence_out_of_range_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        rbo(np.zeros((1, 2)), np.zeros((1, 2)), p)


@properties
@given(pairs(images=2))
def test_tau_is_scipys_tau_b_of_the_scores(pair: Pair) -> None:
    golden, answer = pair
    for row, found in enumerate(kendall_tau(golden, answer)):
        if _has_nan(golden[row]) or _has_nan(answer[row]):
            assert math.isnan(found)
            continue
        taus = []
        for one, other in zip(golden[row], answer[row], strict=True):
            left, right = numbers(one), numbers(other)
            if len(set(left)) == 1 or len(set(right)) == 1:
                taus.append(1.0 if len(set(left)) == len(set(right)) == 1 else 0.0)
                continue
            # scipy turns integers into float64; the order is all that counts.
            ranks = [[sorted(set(side)).index(value) for value in side] for side in (left, right)]
            taus.append(float(scipy.stats.kendalltau(*ranks, variant="b").statistic))
        assert found == pytest.approx(min(taus), abs=1e-12)


def test_tau_of_a_thousand_classes_is_scipys() -> None:
    generator = np.random.default_rng(7)
    golden = generator.normal(size=(5, 1000)).round(2)
    answer = (golden + generator.normal(size=golden.shape)).round(2)
    expected = [scipy.stats.kendalltau(*row).statistic for row in zip(golden, answer, strict=True)]
    np.testing.assert_allclose(kendall_tau(golden, answer), expected, rtol=0, atol=1e-12)


def test_tau_compares_ranks_and_not_the_numbers_of_the_classes() -> None:
    # The first classes are 9 and 10: as text they would come the other way round.
    golden, answer = np.zeros((1, 12)), np.zeros((1, 12))
    golden[0, [9, 10]] = 2, 1
    answer[0, [9, 10]] = 4, 3
    assert kendall_tau(golden, answer)[0] == 1


def test_tau_of_the_reversed_order_is_minus_one() -> None:
    golden = np.arange(11, dtype=np.int16)[np.newaxis]
    assert kendall_tau(golden, -golden).tolist() == [-1]


def test_where_all_classes_tie_in_one_answer_only_tau_is_zero() -> None:
    stuck, golden = np.full((1, 4), 0.25), np.array([[0.1, 0.2, 0.3, 0.4]])
    assert kendall_tau(golden, stuck).tolist() == [0]
    assert kendall_tau(stuck, golden).tolist() == [0]
    assert kendall_tau(stuck, stuck * 2).tolist() == [1]


def test_a_single_class_is_always_in_order() -> None:
    golden, answer = np.array([[1.0]]), np.array([[-5.0]])
    assert rbo(golden, answer).tolist() == [1]
    assert kendall_tau(golden, answer).tolist() == [1]


def test_no_rows_have_no_ranks() -> None:
    none = np.zeros((0, 3), np.float32)
    assert rbo(none, none).shape == kendall_tau(none, none).shape == (0,)


@properties
@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(0, 3), st.integers(1, 20)), elements=st.integers(0, 19)
    )
)
def test_inversions_are_the_pairs_in_the_wrong_order(values: NDArray[np.int64]) -> None:
    values = values % values.shape[1]
    expected = [sum(a > b for a, b in itertools.combinations(row, 2)) for row in values.tolist()]
    assert inversions(values).tolist() == expected


def test_more_values_than_16_bits_hold_are_counted() -> None:
    n = 40_000
    assert inversions(np.arange(n)[np.newaxis, ::-1]).tolist() == [n * (n - 1) // 2]


def test_a_ranking_at_hand_serves_as_well_as_the_output() -> None:
    golden, answer = np.array([[1.0, 2, 3]]), np.array([[1.0, 3, 2]])
    assert rbo(Ranking.of(golden), Ranking.of(answer)) == rbo(golden, answer)
    assert kendall_tau(Ranking.of(golden), answer) == kendall_tau(golden, answer)
