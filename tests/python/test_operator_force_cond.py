"""`force-cond`: conditions that always or never hold, in each place where TVM has one."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import ForceCond
from operator_kernels import block, changed_places, each, module, run

BRANCH = each("if {}:\n    C[i] = A[i]\nelse:\n    C[i] = B[i]")
SELECT = each("C[i] = T.Select({}, A[i], B[i])")
PLACES = [
    pytest.param("if", BRANCH, "A[i] < B[i]", id="if"),
    pytest.param("select", SELECT, "A[i] < B[i]", id="select"),
    pytest.param("predicate", block("C[v] = A[v]", "T.where({})"), "i < 7", id="predicate"),
]
LOOP = "while A[0] < B[0]:\n    A[0] = A[0] + T.float32(1)"


def assert_becomes(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(ForceCond(**arguments)(before), expected)


@pytest.mark.parametrize("to", ["true", "false"])
@pytest.mark.parametrize(("where", "text", "condition"), PLACES)
def test_a_condition_becomes_constant(where: Any, text: str, condition: str, to: Any) -> None:
    before = module(text.format(condition))
    expected = module(text.format(f"T.bool({to == 'true'})"))
    assert_becomes(before, expected, to=to)
    assert_becomes(before, expected, to=to, where=where)


@pytest.mark.parametrize(("to", "literal"), [("true", "True"), ("false", "False")])
def test_the_condition_of_a_call_becomes_constant_and_the_call_stays(to: Any, literal: str) -> None:
    # TVMScript's parser would evaluate the call that is expected.
    before = module(each("C[i] = T.if_then_else(A[i] < B[i], A[i], B[i])"))
    mutant = ForceCond(to=to, where="if-then-else")(before)
    assert f"C[i] = T.if_then_else(T.bool({literal}), A[i], B[i])" in mutant.script()
    assert changed_places(before["main"], mutant["main"])[0].endswith(".value.args[0]")


def test_the_first_choice_is_never() -> None:
    assert_becomes(module(BRANCH.format("A[i] < B[i]")), module(BRANCH.format("T.bool(False)")))


def test_a_truth_value_may_be_given_as_one() -> None:
    before = module(SELECT.format("A[i] < B[i]"))
    assert_becomes(before, module(SELECT.format("T.bool(True)")), to=True)


def test_a_while_is_only_made_to_end() -> None:
    before = module(LOOP)
    assert_becomes(before, module(LOOP.replace("A[0] < B[0]", "T.bool(False)")))
    with pytest.raises(ValueError, match=r"\[to=true\] does not fit site 0 .* to=false"):
        ForceCond(to="true")(before)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(block("C[v] = A[v]"), id="absent predicate"),
        pytest.param(SELECT.format("T.bool(True)"), id="literal"),
        pytest.param(each("C[i] = T.Cast('float32', A[i] < B[i])"), id="stored comparison"),
    ],
)
def test_what_is_no_condition_is_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        ForceCond()(module(text))


def test_a_condition_around_a_forced_one_is_a_place_of_its_own() -> None:
    text = each("if {}:\n    if {}:\n        C[i] = A[i]")
    before = module(text.format("A[i] < B[i]", "A[i] < B[0]"))
    assert_becomes(before, module(text.format("T.bool(False)", "A[i] < B[0]")), site=0)
    assert_becomes(before, module(text.format("A[i] < B[i]", "T.bool(False)")), site=1)
    assert_becomes(before, module(text.format("T.bool(False)", "T.bool(False)")), site="all")


@pytest.mark.parametrize(
    ("condition", "others", "kept"),
    [
        ("A[i] < B[i]", ["swap-cmp"], ["to=true"]),
        ("A[i] < B[i]", ["drop-guard"], ["to=false"]),
        ("A[i] < B[i] and A[i] < 1.0", ["swap-cmp", "drop-guard"], ["to=false"]),
        ("A[i] < B[i]", [], ["to=false", "to=true"]),
    ],
)
def test_what_another_operator_makes_too_is_redundant(
    condition: str, others: list[str], kept: list[str]
) -> None:
    found = enumerate_mutants(module(BRANCH.format(condition)), ["force-cond", *others])
    assert [m.replacement for m in found if m.operator == "force-cond"] == kept


def test_a_mutant_compiles_and_takes_one_branch_only() -> None:
    original = module(BRANCH.format("A[i] < B[i]"))
    assert run(original, range(8), [4] * 8).tolist() == [0, 1, 2, 3, 4, 4, 4, 4]
    assert run(ForceCond(to="true")(original), range(8), [4] * 8).tolist() == list(range(8))
    assert run(ForceCond(to="false")(original), range(8), [4] * 8).tolist() == [4] * 8


def test_a_block_that_never_runs_compiles_and_leaves_its_output() -> None:
    original = module(block("C[v] = A[v]", "T.where(i < 7)"))
    assert run(ForceCond()(original), [1] * 8).tolist() == [0] * 8
