"""`negate-cond`: whole conditions, in each place where TVM has one."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.transform import NegateCond
from operator_kernels import block, each, module, run

PLACES = [
    pytest.param("if", each("if {}:\n    C[i] = A[i]"), "A[i] < B[i]", id="if"),
    pytest.param("while", "while {}:\n    A[0] = A[0] + T.float32(1)", "A[0] < B[0]", id="while"),
    pytest.param("select", each("C[i] = T.Select({}, A[i], B[i])"), "A[i] < B[i]", id="select"),
    pytest.param(
        "if-then-else",
        each("C[i] = T.if_then_else({}, A[i], B[i])"),
        "A[i] < B[i]",
        id="if-then-else",
    ),
    pytest.param("predicate", block("C[v] = A[v]", "T.where({})"), "i < 7", id="predicate"),
]
EVERYWHERE = """
while A[0] < B[0]:
    A[0] = A[0] + T.float32(1)
for i in range(8):
    with T.sblock('compute'):
        v = T.axis.spatial(8, i)
        T.where(i < 7)
        if A[v] < B[v]:
            C[v] = T.if_then_else(v < 3, T.Select(A[v] < 1.0, A[v], B[v]), B[v])
"""


def assert_becomes(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(NegateCond(**arguments)(before), expected)


@pytest.mark.parametrize(("where", "text", "condition"), PLACES)
def test_a_condition_is_negated(where: str, text: str, condition: str) -> None:
    before, expected = (module(text.format(c)) for c in (condition, f"T.Not({condition})"))
    assert_becomes(before, expected)
    assert_becomes(before, expected, where=where)


@pytest.mark.parametrize(("where", "text", "condition"), PLACES)
def test_where_leaves_other_conditions_alone(where: str, text: str, condition: str) -> None:
    before = module(text.format(condition))
    others: set[Any] = {"if", "while", "select", "if-then-else", "predicate"} - {where}
    for other in others:
        with pytest.raises(ValueError, match=rf"\[where={other}\] does not fit site 0"):
            NegateCond(where=other)(before)


@pytest.mark.parametrize(
    ("site", "where"),
    list(enumerate(["while", "predicate", "if", "if-then-else", "select"])),
)
def test_every_kind_of_condition_has_its_number(site: int, where: Any) -> None:
    mod = module(EVERYWHERE)
    assert_becomes(mod, NegateCond(site=site, where=where)(mod), site=site)


def test_a_conjunction_is_negated_as_a_whole() -> None:
    text = each("if {}:\n    C[i] = A[i]")
    condition = "A[i] < B[i] and A[i] < B[0]"
    before, expected = (module(text.format(c)) for c in (condition, f"T.Not({condition})"))
    assert_becomes(before, expected, site="all")


def test_a_block_without_a_predicate_has_no_condition() -> None:
    with pytest.raises(ValueError, match="negate-cond has no site 0 in the module: there are 0"):
        NegateCond()(module(block("C[v] = A[v]")))


def test_a_comparison_that_is_stored_is_no_condition() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        NegateCond()(module(each("C[i] = T.Cast('float32', A[i] < B[i])")))


def test_a_mutant_compiles_and_takes_the_other_branch() -> None:
    original = module(each("C[i] = T.if_then_else(A[i] < B[i], T.float32(1), T.float32(2))"))
    assert run(original, range(8), [4] * 8).tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    assert run(NegateCond()(original), range(8), [4] * 8).tolist() == [2, 2, 2, 2, 1, 1, 1, 1]


def test_a_negated_predicate_compiles_and_runs_the_block_elsewhere() -> None:
    original = module(block("C[v] = A[v]", "T.where(i < 6)"))
    assert run(original, [1] * 8).tolist() == [1, 1, 1, 1, 1, 1, 0, 0]
    assert run(NegateCond()(original), [1] * 8).tolist() == [0, 0, 0, 0, 0, 0, 1, 1]


def test_a_condition_that_encloses_a_mutated_one_is_mutated_too() -> None:
    """The predecessor skipped it silently: it looked for the outer `if` by identity."""
    text = each("if {}:\n    if {}:\n        C[i] = A[i]")
    outer, inner = "A[i] < B[i]", "A[i] < B[0]"
    before = module(text.format(outer, inner))
    assert_becomes(before, module(text.format(f"T.Not({outer})", inner)), site=0)
    assert_becomes(before, module(text.format(outer, f"T.Not({inner})")), site=1)
    assert_becomes(before, module(text.format(f"T.Not({outer})", f"T.Not({inner})")), site="all")
