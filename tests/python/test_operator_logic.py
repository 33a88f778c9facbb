"""`swap-logic` and `drop-clause`: connectors exchanged, and their operands lost."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropClause, SwapLogic
from operator_kernels import block, each, module, run

LEFT, RIGHT, THIRD = "A[i] < 4.0", "B[i] < 4.0", "A[i] < B[0]"
LOW, HIGH = [1, 1, 5, 5, 1, 1, 5, 5], [1, 5, 1, 5, 1, 5, 1, 5]
"""Values of A and B: together they meet every pair of outcomes of LEFT and RIGHT."""


def guarded(condition: str) -> Any:
    return module(each(f"C[i] = T.if_then_else({condition}, T.float32(1), T.float32(2))"))


def as_number(condition: str) -> str:
    return f"T.Cast('int32', {condition})"


def both(connector: str) -> Any:
    return guarded(f"{LEFT} {connector} {RIGHT}")


def assert_swapped(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(SwapLogic(**arguments)(before), expected)


def assert_dropped(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(DropClause(**arguments)(before), expected)


@pytest.mark.parametrize(("source", "target"), [("and", "or"), ("or", "and")])
def test_a_connector_becomes_the_other(source: str, target: Any) -> None:
    assert_swapped(both(source), both(target))
    assert_swapped(both(source), both(target), to=target)


@pytest.mark.parametrize(("source", "target", "sign"), [("and", "eq", "=="), ("or", "ne", "!=")])
def test_a_connector_becomes_a_comparison_of_its_operands(
    source: str, target: Any, sign: str
) -> None:
    expected = guarded(f"{as_number(LEFT)} {sign} {as_number(RIGHT)}")
    assert_swapped(both(source), expected, to=target)


@pytest.mark.parametrize(("source", "target"), [("and", "ne"), ("or", "eq")])
def test_a_comparison_that_tells_nothing_new_does_not_fit(source: str, target: Any) -> None:
    with pytest.raises(ValueError, match=rf"\[to={target}\] does not fit site 0"):
        SwapLogic(to=target)(both(source))


@pytest.mark.parametrize("source", ["and", "or"])
def test_a_clause_is_dropped_from_either_side(source: str) -> None:
    assert_dropped(both(source), guarded(LEFT))
    assert_dropped(both(source), guarded(LEFT), drop="right")
    assert_dropped(both(source), guarded(RIGHT), drop="left")


def test_every_connector_of_a_chain_is_a_place_of_its_own() -> None:
    before = guarded(f"({LEFT} and {RIGHT}) or {THIRD}")
    assert_dropped(before, guarded(f"{LEFT} and {RIGHT}"), site=0)
    assert_dropped(before, guarded(f"{LEFT} or {THIRD}"), site=1)
    assert_swapped(before, guarded(f"({LEFT} and {RIGHT}) and {THIRD}"), site=0)
    assert_swapped(before, guarded(f"({LEFT} or {RIGHT}) or {THIRD}"), site=1)
    assert_swapped(before, guarded(f"({LEFT} or {RIGHT}) and {THIRD}"), site="all")


@pytest.mark.parametrize("made", [SwapLogic, DropClause])
def test_from_narrows_to_one_connector(made: Any) -> None:
    with pytest.raises(ValueError, match=r"\[from=or\] does not fit site 0"):
        made(from_="or")(both("and"))


@pytest.mark.parametrize("made", [SwapLogic, DropClause])
def test_a_guard_of_one_comparison_is_left_alone(made: Any) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        made()(guarded(LEFT))


@pytest.mark.parametrize("made", [SwapLogic, DropClause])
def test_arithmetic_of_numbers_is_left_alone(made: Any) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        made()(module(each("C[i] = T.bitwise_and(A[i], B[i])"), "int32"))


def test_the_predicate_of_a_block_is_one_place_of_each() -> None:
    before = module(block("C[v] = A[v]", "T.where(1 <= i and i < 7)"))
    assert_dropped(before, module(block("C[v] = A[v]", "T.where(1 <= i)")))
    assert_swapped(before, module(block("C[v] = A[v]", "T.where(1 <= i or i < 7)")))


def test_a_swapped_connector_is_redundant_beside_dropped_clauses() -> None:
    alone = enumerate_mutants(both("and"), ["swap-logic"])
    assert [mutant.replacement for mutant in alone] == ["to=or", "to=eq"]
    together = enumerate_mutants(both("and"), ["swap-logic", "drop-clause"])
    kept = [mutant.replacement for mutant in together if mutant.operator == "swap-logic"]
    assert kept == ["to=eq"]


def decides(mod: Any) -> list[bool]:
    """Whether the guard holds for (yes, yes), (yes, no), (no, yes) and (no, no)."""
    return [value == 1 for value in run(mod, LOW, HIGH).tolist()[:4]]


@pytest.mark.parametrize(
    ("source", "to", "expected"),
    [
        ("and", "or", [True, True, True, False]),
        ("and", "eq", [True, False, False, True]),
        ("or", "and", [True, False, False, False]),
        ("or", "ne", [False, True, True, False]),
    ],
)
def test_a_swapped_connector_compiles_and_decides_otherwise(
    source: str, to: Any, expected: list[bool]
) -> None:
    assert decides(SwapLogic(to=to)(both(source))) == expected != decides(both(source))


@pytest.mark.parametrize(
    ("drop", "expected"),
    [("right", [True, True, False, False]), ("left", [True, False, True, False])],
)
def test_a_dropped_clause_compiles_and_decides_no_more(drop: Any, expected: list[bool]) -> None:
    assert decides(both("and")) == [True, False, False, False]
    assert decides(DropClause(drop=drop)(both("and"))) == expected
