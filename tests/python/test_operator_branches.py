"""`swap-branches`, `drop-else` and `drop-guard`: branches exchanged, and lost."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropElse, DropGuard, SwapBranches
from operator_kernels import block, each, module, run

IF = "if {}:\n    {}"
ELSE = IF + "\nelse:\n    {}"
CONDITION = "A[i] < B[i]"
YES, NO = "C[i] = A[i]", "C[i] = B[i]"
CALL, SELECT = "C[i] = T.if_then_else({}, {}, {})", "C[i] = T.Select({}, {}, {})"
PADDED = "T.if_then_else(1 <= v and v < 7, A[v - 1], T.float32(0))"


def chosen(text: str, *parts: str) -> Any:
    return module(each(text.format(*parts)))


def assert_becomes(made: Any, before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(made(**arguments)(before), expected)


CHOICES = [
    pytest.param("if", ELSE, YES, NO, id="if"),
    pytest.param("select", SELECT, "A[i]", "B[i]", id="select"),
    pytest.param("if-then-else", CALL, "A[i]", "B[i]", id="if_then_else"),
]


@pytest.mark.parametrize(("where", "text", "yes", "no"), CHOICES)
def test_branches_are_exchanged(where: Any, text: str, yes: str, no: str) -> None:
    before, expected = chosen(text, CONDITION, yes, no), chosen(text, CONDITION, no, yes)
    assert_becomes(SwapBranches, before, expected)
    assert_becomes(SwapBranches, before, expected, where=where)


@pytest.mark.parametrize(("where", "text", "yes", "no"), CHOICES)
def test_equal_branches_are_left_alone(where: str, text: str, yes: str, no: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        SwapBranches()(chosen(text, CONDITION, yes, yes))


def test_an_else_is_dropped() -> None:
    assert_becomes(DropElse, chosen(ELSE, CONDITION, YES, NO), chosen(IF, CONDITION, YES))


@pytest.mark.parametrize("made", [SwapBranches, DropElse])
def test_an_if_without_an_else_is_left_alone(made: Any) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        made()(chosen(IF, CONDITION, YES))


def test_a_value_keeps_both_its_sides() -> None:
    for text in (CALL, SELECT):
        with pytest.raises(ValueError, match="there are 0"):
            DropElse()(chosen(text, CONDITION, "A[i]", "B[i]"))


GUARDS = [
    pytest.param("if", chosen(IF, CONDITION, YES), chosen(YES), id="if"),
    pytest.param("if", chosen(ELSE, CONDITION, YES, NO), chosen(YES), id="if with else"),
    pytest.param(
        "if-then-else", chosen(CALL, CONDITION, "A[i]", "B[i]"), chosen(YES), id="if_then_else"
    ),
    pytest.param(
        "predicate",
        module(block("C[v] = A[v]", "T.where(1 <= i and i < 7)")),
        module(block("C[v] = A[v]")),
        id="predicate",
    ),
    pytest.param(
        "if-then-else",
        module(block(f"C[v] = {PADDED}")),
        module(block("C[v] = A[v - 1]")),
        id="padding",
    ),
]


@pytest.mark.parametrize(("where", "before", "expected"), GUARDS)
def test_what_a_guard_protects_stays_without_it(where: Any, before: Any, expected: Any) -> None:
    assert_becomes(DropGuard, before, expected)
    assert_becomes(DropGuard, before, expected, where=where)


@pytest.mark.parametrize(("where", "before", "expected"), GUARDS)
def test_where_leaves_other_guards_alone(where: str, before: Any, expected: Any) -> None:
    others: set[Any] = {"if", "if-then-else", "predicate"} - {where}
    for other in others:
        with pytest.raises(ValueError, match=rf"\[where={other}\] does not fit site 0"):
            DropGuard(where=other)(before)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(each(SELECT.format(CONDITION, "A[i]", "B[i]")), id="select"),
        pytest.param(block("C[v] = A[v]"), id="no predicate"),
        pytest.param("while A[0] < B[0]:\n    A[0] = A[0] + T.float32(1)", id="while"),
        pytest.param(each(IF.format("T.bool(True)", YES)), id="literal"),
    ],
)
def test_what_is_no_guard_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        DropGuard()(module(text))


def test_nested_guards_are_dropped_one_by_one_or_all() -> None:
    inner = IF.format("A[i] < B[0]", YES).replace("\n", "\n    ")
    before = chosen(IF, CONDITION, inner)
    assert_becomes(DropGuard, before, chosen(IF, "A[i] < B[0]", YES), site=0)
    assert_becomes(DropGuard, before, chosen(IF, CONDITION, YES), site=1)
    assert_becomes(DropGuard, before, chosen(YES), site="all")


def test_a_guard_of_several_statements_among_others_leaves_them_in_order() -> None:
    text = "A[i] = B[i]\nif A[i] < 4.0:\n    C[i] = A[i]\n    C[i] = C[i] + B[i]\nB[i] = A[i]"
    original = module(each(text))
    assert run(original, [0] * 8, range(8)).tolist() == [0, 2, 4, 6, 0, 0, 0, 0]
    mutant = DropGuard()(original)
    assert run(mutant, [0] * 8, range(8)).tolist() == [0, 2, 4, 6, 8, 10, 12, 14]


@pytest.mark.parametrize(
    ("condition", "dtype", "kept"),
    [
        ("A[i] < B[i]", "int32", ["swap-cmp"]),
        ("A[i] < B[i]", "float32", ["swap-branches", "swap-cmp"]),
        ("A[i] < B[i] and A[i] < B[0]", "int32", ["swap-branches", "swap-cmp"]),
    ],
)
def test_a_negation_is_redundant_beside_the_exchange_that_does_the_same(
    condition: str, dtype: str, kept: list[str]
) -> None:
    mod = module(each(ELSE.format(condition, YES, NO)), dtype)
    found = enumerate_mutants(mod, ["negate-cond", "swap-branches", "swap-cmp"])
    assert sorted({mutant.operator for mutant in found}) == kept


def test_exchanged_branches_compile_and_give_the_other_value() -> None:
    original = chosen(ELSE, CONDITION, YES, NO)
    assert run(original, range(8), [4] * 8).tolist() == [0, 1, 2, 3, 4, 4, 4, 4]
    mutant = SwapBranches()(original)
    assert run(mutant, range(8), [4] * 8).tolist() == [4, 4, 4, 4, 4, 5, 6, 7]


def test_a_dropped_else_compiles_and_leaves_elements_unwritten() -> None:
    mutant = DropElse()(chosen(ELSE, CONDITION, YES, NO))
    assert run(mutant, range(8), [4] * 8).tolist() == [0, 1, 2, 3, 0, 0, 0, 0]


def test_a_dropped_padding_guard_compiles_and_reads_what_it_kept_out() -> None:
    original = module(block(f"C[v] = {PADDED}"))
    assert run(original, [9] * 8).tolist() == [0, 9, 9, 9, 9, 9, 9, 0]
    assert run(DropGuard()(original), [9] * 8).tolist()[1:] == [9] * 7
