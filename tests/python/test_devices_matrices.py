"""Noise floor and matrices of made-up answers have the numbers that one works out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from device_axes import scores
from mutatenn.analysis.devices.matrices import Ground
from mutatenn.analysis.devices.noise import noise_entries
from mutatenn.oracle import Outputs, parse_oracles
from mutatenn.oracle.floors import noise_floors, pairs
from mutatenn.oracle.spread import Floor, spread

PAIR = ("llvm", "c")
GOLDEN: dict[str, Outputs] = {
    "llvm": [scores([4.0, 1.0], [1.0, 2.0], [8.0, 0.0], [0.0, 1.0])],
    "c": [scores([4.0, 1.0], [1.0, 2.25], [7.0, 0.0], [0.0, 1.0])],
}
LABELS = np.asarray([0, 1, 0, 0], np.int64)


def ground(*oracles: str) -> Ground:
    return Ground(GOLDEN, noise_floors(GOLDEN, PAIR), parse_oracles(oracles), LABELS)


def test_every_two_devices_are_a_pair_in_the_given_order() -> None:
    assert pairs(["a", "b", "c"]) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_spread_is_the_largest_difference_of_each_input() -> None:
    found = spread(GOLDEN["llvm"][0], GOLDEN["c"][0])
    assert found.absolute.tolist() == [0.0, 0.25, 1.0, 0.0]
    assert found.relative.tolist() == [0.0, 0.25 / 2.25, 1.0 / 8.0, 0.0]
    assert found.equal.tolist() == [True, False, False, True]


def test_nan_on_both_sides_is_no_difference_and_on_one_an_infinite_one() -> None:
    one = scores([math.nan, 1.0], [math.nan, 1.0], [math.inf, 1.0], [math.inf, 1.0], [-0.0, 1.0])
    other = scores([math.nan, 1.0], [2.0, 1.0], [math.inf, 1.0], [-math.inf, 1.0], [0.0, 1.0])
    found = spread(one, other)
    assert found.absolute.tolist() == [0.0, math.inf, 0.0, math.inf, 0.0]
    assert found.equal.tolist() == [True, False, True, False, False]


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.bool_, np.float16])
def test_spread_takes_every_type(dtype: type) -> None:
    one: NDArray[Any] = np.asarray([[0, 1], [1, 1]], dtype)
    other: NDArray[Any] = np.asarray([[0, 0], [1, 1]], dtype)
    assert spread(one, other).absolute.tolist() == [1.0, 0.0]


def test_the_noise_floor_is_told_for_each_pair_and_output() -> None:
    entry = {"devices": ["llvm", "c"], "output": 0, "inputs": 4, "top1_differs": 0}
    entry |= {"absolute": 1.0, "relative": 0.125, "bitwise_equal": 2}
    assert noise_entries(GOLDEN, ["llvm", "c", "not run yet"]) == [entry]


def test_a_golden_class_that_differs_is_counted() -> None:
    other = {**GOLDEN, "c": [scores([0.0, 1.0], [1.0, 2.0], [8.0, 0.0], [1.0, 0.0])]}
    assert noise_entries(other, PAIR)[0]["top1_differs"] == 2


def test_an_infinite_noise_floor_is_null_in_json() -> None:
    other = {**GOLDEN, "c": [scores([math.nan, 1.0], [1.0, 2.0], [8.0, 0.0], [0.0, 1.0])]}
    entry = noise_entries(other, PAIR)[0]
    assert entry["absolute"] is None
    assert entry["relative"] is None


def test_what_is_no_classifier_has_no_first_class() -> None:
    two = {device: [outputs[0], outputs[0]] for device, outputs in GOLDEN.items()}
    assert [one["top1_differs"] for one in noise_entries(two, PAIR)] == [None, None]


def test_beyond_the_noise_is_more_in_both_measures() -> None:
    floor = Floor(absolute=1.0, relative=0.125)
    one = scores([0.0, 0.0], [100.0, 0.0], [1.0, 0.0], [8.0, 0.0])
    other = scores([0.5, 0.0], [102.0, 0.0], [3.0, 0.0], [9.0, 0.0])
    # Small but all of it; large but of much; beyond in both; just at the floor's absolute.
    assert floor.beyond(spread(one, other)).tolist() == [False, False, True, False]


def test_both_matrices_of_a_mutant() -> None:
    answers: dict[str, Outputs] = {
        "llvm": [scores([1.0, 4.0], [1.0, 2.0], [8.0, 0.0], [0.0, 1.0])],
        "c": [scores([4.0, 1.0], [1.0, 2.25], [0.0, 7.0], [0.0, 1.0])],
    }
    found = ground("top1", "label", "allclose:rtol=0,atol=0.5", "accuracy:drop=0.1").cells(
        "m", answers, {}
    )
    names = list(found.failing["llvm"])
    assert [found.failing["llvm"][name] for name in names] == [0.25, 0.25, 0.25, 1.0]
    assert [found.failing["c"][name] for name in names] == [0.25, 0.25, 0.25, 1.0]
    cell = found.between[PAIR]
    # Inputs 0 and 2 have another class; both are right on one device only; 0.25 is within 0.5.
    assert [cell.disputed[name] for name in names] == [0.5, 0.5, 0.5, 0.0]
    assert cell.top1 == 0.5
    assert cell.absolute == 8.0
    assert cell.beyond == 0.5


def test_outcomes_of_a_rule_on_the_whole_set_are_compared() -> None:
    wrong = [scores([1.0, 4.0], [1.0, 2.0], [8.0, 0.0], [0.0, 1.0])]
    found = ground("accuracy:drop=0.1").cells("m", {"llvm": wrong, "c": GOLDEN["c"]}, {})
    name = "accuracy:drop=0.1"
    assert (found.failing["llvm"][name], found.failing["c"][name]) == (1.0, 0.0)
    assert found.between[PAIR].disputed[name] == 1.0


def test_differences_at_the_noise_floor_are_not_beyond_it() -> None:
    found = ground("exact").cells("m", GOLDEN, {})
    assert found.between[PAIR].beyond == 0.0
    assert found.between[PAIR].disputed["exact"] == 0.5
    assert found.failing == {"llvm": {"exact": 0.0}, "c": {"exact": 0.0}}


def test_a_rule_that_is_not_symmetric_is_asked_in_both_directions() -> None:
    # |a - b| = 1 <= rtol * |golden| holds for 8 (1 <= 1.04) and not for 7 (1 > 0.91).
    rule = "allclose:rtol=0.13,atol=0"
    one, other = scores([8.0, 0.0]), scores([7.0, 0.0])
    golden: dict[str, Outputs] = {"llvm": [one], "c": [other]}
    oracles = parse_oracles([rule])
    both = Ground(golden, noise_floors(golden, PAIR), oracles, None).cells("m", golden, {})
    swapped: dict[str, Outputs] = {"llvm": [other], "c": [one]}
    back = Ground(swapped, noise_floors(swapped, PAIR), oracles, None).cells("m", swapped, {})
    assert list(both.between[PAIR].disputed.values()) == [1.0]
    assert list(back.between[PAIR].disputed.values()) == [1.0]


def test_nan_of_other_bits_in_the_same_place_is_no_dispute() -> None:
    quiet = np.asarray([0x7FC00000, 0xFFC00000], np.uint32).view(np.float32)
    answers: dict[str, Outputs] = {}
    for device, nan in zip(PAIR, quiet, strict=True):
        given = GOLDEN["llvm"][0].copy()
        given[0, 0, 0] = nan
        answers[device] = [given]
    found = ground("top1").cells("m", answers, {})
    assert found.failing == {"llvm": {"top1": 0.25}, "c": {"top1": 0.25}}
    assert found.between[PAIR].disputed == {"top1": 0.0}


def test_a_mutant_is_judged_by_the_worse_of_two_fill_patterns() -> None:
    worse = [scores([1.0, 4.0], [2.0, 1.0], [8.0, 0.0], [0.0, 1.0])]
    found = ground("top1").cells("m", GOLDEN, {"c": worse})
    assert found.failing == {"llvm": {"top1": 0.0}, "c": {"top1": 0.5}}
    assert found.between[PAIR].disputed == {"top1": 0.0}


def test_a_mutant_without_answers_on_a_device_has_no_cell_there() -> None:
    found = ground("top1").cells("m", {"c": GOLDEN["c"]}, {})
    assert list(found.failing) == ["c"]
    assert found.between == {}
