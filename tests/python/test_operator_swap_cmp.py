"""`swap-cmp`: every comparison to every other, in every place, in both readings."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.transform import SwapCmp
from operator_kernels import block, each, module, run

SYMBOLS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
FIRST_CHOICE = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt", "eq": "ne", "ne": "eq"}
MIRROR = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
PAIRS = list(itertools.permutations(SYMBOLS, 2))
TIE = [0, 1, 2, 3, 4, 5, 6, 7]
FOURS = [4] * 8


def guard(comparison: str, dtype: str = "float32") -> Any:
    """``if A[i] <comparison> B[i]: C[i] = A[i]``."""
    condition = f"A[i] {SYMBOLS[comparison]} B[i]"
    return module(each(f"if {condition}:\n    C[i] = A[i]"), dtype)


def assert_becomes(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(SwapCmp(**arguments)(before), expected)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_comparison_becomes_every_other(source: str, target: str) -> None:
    assert_becomes(guard(source), guard(target), from_=source, to=target)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_comparison_of_integers_becomes_every_other(source: str, target: str) -> None:
    assert_becomes(guard(source, "int32"), guard(target, "int32"), from_=source, to=target)


@pytest.mark.parametrize("source", SYMBOLS)
def test_without_a_target_the_boundary_moves_by_one(source: str) -> None:
    assert_becomes(guard(source), guard(FIRST_CHOICE[source]))


@pytest.mark.parametrize(
    ("source", "target"), [pair for pair in PAIRS if pair[0] not in ("eq", "ne")]
)
def test_a_comparison_is_also_read_from_right_to_left(source: str, target: str) -> None:
    assert_becomes(guard(MIRROR[source]), guard(MIRROR[target]), from_=source, to=target)


def test_less_than_read_as_greater_than_becomes_less_or_equal() -> None:
    assert_becomes(guard("lt"), guard("le"), from_="gt", to="ge")


def test_without_a_reading_the_one_in_which_the_target_is_a_change_holds() -> None:
    assert_becomes(guard("le"), guard("ge"), to="le")


def test_a_comparison_cannot_become_itself() -> None:
    with pytest.raises(ValueError, match=r"does not fit site 0 in the module, which takes: to=le"):
        SwapCmp(from_="lt", to="lt")(guard("lt"))


def test_another_kind_of_comparison_than_asked_for_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"swap-cmp \[from=eq\] does not fit site 0"):
        SwapCmp(from_="eq")(guard("lt"))


def selected(condition: str) -> str:
    return each(f"C[i] = T.Select({condition}, A[i], B[i])")


def conditional(condition: str) -> str:
    return each(f"C[i] = T.if_then_else({condition}, A[i], B[i])")


def predicate(condition: str) -> str:
    return block("C[v] = A[v]", f"T.where({condition})")


def branch(condition: str) -> str:
    return each(f"if {condition}:\n    C[i] = A[i]\nelse:\n    C[i] = B[i]")


def loop(condition: str) -> str:
    return f"while {condition}:\n    A[0] = A[0] + T.float32(1)"


PLACES = [
    pytest.param(branch, "A[i] {} B[i]", 0, id="if"),
    pytest.param(branch, "T.likely(A[i] {} B[i])", 0, id="likely"),
    pytest.param(branch, "A[i] {} B[i] and A[i] == B[0]", 0, id="left of and"),
    pytest.param(branch, "A[i] == B[0] and A[i] {} B[i]", 1, id="right of and"),
    pytest.param(branch, "A[i] == B[0] or A[i] {} B[i]", 1, id="right of or"),
    pytest.param(branch, "not A[i] {} B[i]", 0, id="not"),
    pytest.param(selected, "A[i] {} B[i]", 0, id="select"),
    pytest.param(conditional, "A[i] {} B[i]", 0, id="if_then_else"),
    pytest.param(conditional, "T.likely(1 <= i and i {} 7)", 1, id="and in if_then_else"),
    pytest.param(predicate, "i {} 7", 0, id="block predicate"),
    pytest.param(predicate, "1 <= i and i {} 7", 1, id="and in a block predicate"),
    pytest.param(loop, "A[0] {} B[0]", 0, id="while"),
]


@pytest.mark.parametrize(("place", "condition", "site"), PLACES)
def test_a_comparison_is_found_wherever_it_is_executed(
    place: Any, condition: str, site: int
) -> None:
    before, expected = (module(place(condition.format(sign))) for sign in ("<", "!="))
    assert_becomes(before, expected, site=site, to="ne")


def test_a_comparison_inside_a_comparison_is_a_place_of_its_own() -> None:
    before = module(each("if T.Select(A[i] < B[i], A[i], B[i]) < 1.0:\n    C[i] = A[i]"))
    inner = module(each("if T.Select(A[i] <= B[i], A[i], B[i]) < 1.0:\n    C[i] = A[i]"))
    both = module(each("if T.Select(A[i] <= B[i], A[i], B[i]) <= 1.0:\n    C[i] = A[i]"))
    assert_becomes(before, inner, site=1)
    assert_becomes(before, both, site="all")


def test_a_mutant_compiles_and_answers_otherwise_at_a_tie_alone() -> None:
    original = guard("lt")
    mutant = SwapCmp(to="le")(original)
    differs = run(original, TIE, FOURS) != run(mutant, TIE, FOURS)
    assert np.flatnonzero(differs).tolist() == [4]
