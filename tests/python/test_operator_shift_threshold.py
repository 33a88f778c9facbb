"""`shift-threshold`: bounds moved on either side, in integers, in floats, and in float32."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import ShiftThreshold
from operator_kernels import block, each, module, run

SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def guard(condition: str, dtype: str = "int32") -> Any:
    return module(each(f"if {condition}:\n    C[i] = A[i]"), dtype)


def assert_becomes(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(ShiftThreshold(**arguments)(before), expected)


def offered(mod: Any, others: tuple[str, ...] = (), **settings: str) -> list[str]:
    found = enumerate_mutants(mod, ["shift-threshold", *others], settings)
    return [m.replacement for m in found if m.operator == "shift-threshold"]


ON_INTEGERS = [
    ("add", 1, "{} + 1"),
    ("add", -3, "{} + -3"),
    ("sub", 2, "{} - 2"),
    ("mul", 3, "{} * 3"),
    ("div", 2, "{} // 2"),
    ("percent", 50, "{0} + {0} * 50 // 100"),
    ("percent", -25, "{0} + {0} * -25 // 100"),
]


@pytest.mark.parametrize(("action", "amount", "text"), ON_INTEGERS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_bound_of_integers_moves_and_stays_an_integer(
    side: Any, action: Any, amount: int, text: str
) -> None:
    left, right = "A[i]", "B[i]"
    if side == "left":
        left = text.format(left)
    else:
        right = text.format(right)
    expected = guard(f"{left} < {right}")
    assert_becomes(guard("A[i] < B[i]"), expected, side=side, action=action, amount=amount)


@pytest.mark.parametrize(
    ("action", "amount", "text"),
    [
        ("add", 0.5, "{} + T.float32(0.5)"),
        ("sub", 0.5, "{} - T.float32(0.5)"),
        ("mul", 2, "{} * T.float32(2)"),
        ("div", 4, "{} / T.float32(4)"),
        ("percent", 50, "{} * T.float32(1.5)"),
        ("percent", -50, "{} * T.float32(0.5)"),
    ],
)
def test_a_bound_of_floats_moves(action: Any, amount: float, text: str) -> None:
    before, expected = (guard(f"A[i] < {b}", "float32") for b in ("B[i]", text.format("B[i]")))
    assert_becomes(before, expected, action=action, amount=amount)


@pytest.mark.parametrize("name", SIGNS)
def test_every_comparison_has_a_bound(name: Any) -> None:
    before, expected = (guard(f"A[i] {SIGNS[name]} {b}") for b in ("B[i]", "B[i] + 2"))
    assert_becomes(before, expected, from_=name, action="add", amount=2)


@pytest.mark.parametrize(
    ("action", "amount", "literal"),
    [("add", 1, 8), ("sub", 1, 6), ("mul", 2, 14), ("div", 2, 3), ("percent", 50, 10)],
)
def test_a_literal_bound_is_a_literal_again(action: Any, amount: int, literal: int) -> None:
    assert_becomes(guard("i < 7"), guard(f"i < {literal}"), action=action, amount=amount)


def test_a_bound_that_is_a_literal_is_the_one_that_moves() -> None:
    before = module(block("C[v] = A[v]", "T.where(1 <= i and i < 7)"))
    assert_becomes(before, module(block("C[v] = A[v]", "T.where(2 <= i and i < 7)")), site=0)
    assert_becomes(before, module(block("C[v] = A[v]", "T.where(1 <= i and i < 8)")), site=1)


def test_float_compares_both_sides_as_float32() -> None:
    """What the predecessor did to every operand, and what truncation makes of its threshold."""
    before = guard("i < 7")
    expected = guard("T.Cast('float32', i) < T.Cast('float32', 7) + T.float32(0.5)")
    assert_becomes(before, expected, action="add", amount=0.5, float=True)
    floats = guard("A[i] < B[i]", "float32")
    shifted = guard("A[i] < B[i] + T.float32(0.5)", "float32")
    assert_becomes(floats, shifted, action="add", amount=0.5, float=True)


@pytest.mark.parametrize(
    ("dtype", "condition", "settings"),
    [
        pytest.param("int32", "A[i] < B[i]", {"amount": 0.5}, id="a fraction of integers"),
        pytest.param("int32", "A[i] < B[i]", {"action": "add", "amount": 0}, id="adding 0"),
        pytest.param("int32", "A[i] < B[i]", {"action": "mul", "amount": 1}, id="times 1"),
        pytest.param("float32", "A[i] < B[i]", {"action": "div", "amount": 0}, id="by 0"),
        pytest.param("float32", "A[i] < 0.0", {"action": "mul"}, id="a literal 0 doubled"),
        pytest.param("uint8", "A[i] < T.uint8(0)", {"action": "sub"}, id="below unsigned 0"),
        pytest.param("int8", "A[i] < T.int8(127)", {"action": "add"}, id="above int8"),
        pytest.param("int8", "A[i] < B[i]", {"amount": 200}, id="an amount beyond int8"),
    ],
)
def test_what_changes_nothing_or_does_not_fit_the_type_is_refused(
    dtype: str, condition: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShiftThreshold(**settings)(guard(condition, dtype))


def test_booleans_have_no_bound() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        ShiftThreshold()(guard("T.EQ(T.bool(True), T.bool(False))"))


@pytest.mark.parametrize("amount", ["half", "nan", "1,5", "inf"])
def test_an_amount_that_is_no_number_is_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match=rf"'amount' cannot be '{amount}'; give a number"):
        ShiftThreshold(amount=amount)


def test_an_amount_in_another_spelling_is_the_same_mutant() -> None:
    mod = guard("A[i] < B[i]", "float32")
    spellings = ("0.25", ".25", "2.5e-1", "+0.250")
    ids = {
        mutant.id
        for spelling in spellings
        for mutant in enumerate_mutants(mod, ["shift-threshold"], {"amount": spelling})
        if mutant.settings["action"] == "add"
    }
    assert len(ids) == 1


def test_an_amount_that_is_not_offered_is_planted_by_its_own_id() -> None:
    mod = guard("A[i] < B[i]")
    settings = {"action": "add", "amount": "5"}
    (mutant,) = enumerate_mutants(mod, ["shift-threshold"], settings)
    assert_becomes(mod, guard("A[i] < B[i] + 5"), site=mutant.id, **settings)


def test_by_default_a_bound_is_added_to_subtracted_from_multiplied_and_divided() -> None:
    assert offered(guard("i < 7")) == [
        f"action={action},amount={amount},side=right"
        for action, amount in (("add", 1), ("sub", 1), ("mul", 2), ("div", 2))
    ]
    # 1 * 2 is 1 + 1, and 1 // 2 is 1 - 1.
    assert offered(guard("1 <= i")) == [
        "action=add,amount=1,side=left",
        "action=sub,amount=1,side=left",
    ]


@pytest.mark.parametrize(
    ("condition", "redundant"),
    [("i < 7", "add"), ("i >= 7", "add"), ("i <= 7", "sub"), ("i > 7", "sub")],
)
def test_a_bound_of_integers_moved_to_its_neighbour_is_what_swap_cmp_makes(
    condition: str, redundant: str
) -> None:
    kept = [text.split(",")[0] for text in offered(guard(condition), ("swap-cmp",))]
    other = {"add": "sub", "sub": "add"}[redundant]
    assert kept == [f"action={other}", "action=mul", "action=div"]


def test_a_mutant_compiles_and_answers_otherwise_between_the_bounds_alone() -> None:
    original = guard("A[i] < 4.0", "float32")
    mutant = ShiftThreshold(action="add", amount=2)(original)
    assert run(original, range(1, 9)).tolist() == [1, 2, 3, 0, 0, 0, 0, 0]
    assert run(mutant, range(1, 9)).tolist() == [1, 2, 3, 4, 5, 0, 0, 0]


def test_a_percentage_is_subtracted_on_the_left_as_on_the_right() -> None:
    """The predecessor added it on the left (its left `sub_perc`)."""
    original = guard("A[i] < 4.0", "float32")
    less = ShiftThreshold(side="left", action="percent", amount=-50)(original)
    assert run(less, range(1, 9)).tolist() == [1, 2, 3, 4, 5, 6, 7, 0]


def test_integers_compared_as_float32_compile_and_decide_alike_up_to_a_fraction() -> None:
    original = guard("A[i] < 4")
    mutant = ShiftThreshold(action="add", amount=0.5, float=True)(original)
    assert run(original, range(8), dtype="int32").tolist() == [0, 1, 2, 3, 0, 0, 0, 0]
    assert run(mutant, range(8), dtype="int32").tolist() == [0, 1, 2, 3, 4, 0, 0, 0]
