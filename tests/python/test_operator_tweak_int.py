"""`tweak-int`: integer literals moved by an amount, zeroed or negated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import TweakInt
from operator_kernels import block, each, module, run, storing


def computed(text: str, dtype: str = "int32") -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def offered(mod: Any, *others: str, redundant: bool = True) -> list[str]:
    found = enumerate_mutants(mod, ["tweak-int", *others], redundant=redundant)
    return [mutant.replacement for mutant in found if mutant.operator == "tweak-int"]


@pytest.mark.parametrize(
    ("settings", "literal"),
    [
        ({"action": "add"}, 6),
        ({"action": "sub"}, 4),
        ({"action": "add", "amount": 20}, 25),
        ({"amount": 3}, 8),
        ({"action": "zero"}, 0),
        ({"action": "negate"}, -5),
        ({}, 6),
    ],
)
def test_a_literal_becomes_another(settings: dict[str, Any], literal: int) -> None:
    mutant = TweakInt(**settings)(computed("T.max(A[i], 5)"))
    tvm.ir.assert_structural_equal(mutant, computed(f"T.max(A[i], {literal})"))


@pytest.mark.parametrize(
    ("text", "dtype", "expected"),
    [
        ("A[i] * 5", "int32", ["add", "sub", "zero", "negate"]),
        ("T.max(A[i], 1)", "int32", ["add", "sub", "negate"]),
        ("T.max(A[i], 0)", "int32", ["add", "sub"]),
        ("A[i] + T.int8(127)", "int8", ["sub", "zero", "negate"]),
        ("A[i] + T.int8(-128)", "int8", ["add", "zero"]),
        ("T.max(A[i], T.uint8(0))", "uint8", ["add"]),
        ("A[i] + T.uint8(255)", "uint8", ["sub", "zero"]),
        ("A[i] + T.int64(9223372036854775807)", "int64", ["sub", "zero", "negate"]),
        ("T.truncdiv(A[i], 2)", "int32", ["add", "sub", "negate"]),
        ("A[i] % 8", "int32", ["add", "sub", "negate"]),
        ("T.shift_left(A[i], 31)", "int32", ["sub", "zero"]),
    ],
)
def test_what_is_offered_fits_the_type_and_the_place(
    text: str, dtype: str, expected: list[str]
) -> None:
    names = [text.split(",")[0].removeprefix("action=") for text in offered(computed(text, dtype))]
    assert names == expected


def test_a_divisor_of_one_does_not_become_zero() -> None:
    mod = storing(lambda a, _: tirx.FloorDiv(a, tirx.IntImm("int32", 1)), "int32")
    assert offered(mod) == ["action=add,amount=1", "action=negate"]


@pytest.mark.parametrize("amount", [0, -1, "0.5"])
def test_an_amount_that_is_no_positive_integer_is_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match=r"'amount' cannot be .*; give an integer of 1 or more"):
        TweakInt(amount=amount)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("for i in range(8):\n    C[i] = A[i]", id="an extent and a minimum"),
        pytest.param(
            "for i in range(8):\n    with T.sblock('b'):\n        v = T.axis.spatial(8, 0)\n"
            "        C[v] = A[v]",
            id="what an axis is bound to",
        ),
        pytest.param(each("T.evaluate(T.call_extern('int32', 'abs', 3))"), id="other calls"),
        pytest.param(each("T.evaluate(0)"), id="a value that is thrown away"),
        pytest.param(each("if T.bool(True):\n    C[i] = A[i]"), id="a boolean"),
    ],
)
def test_literals_that_are_not_its_own_are_left_alone(body: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        TweakInt()(module(body))


def test_literals_inside_bounds_and_bindings_are_places() -> None:
    text = "for i in range({}):\n    C[i] = T.float32(1)"
    outer = "for j in range(2):\n    " + text.format("j * {}").replace("\n", "\n    ")
    before, expected = module(outer.format(4)), module(outer.format(5))
    tvm.ir.assert_structural_equal(TweakInt()(before), expected)


def test_guards_and_indices_are_places() -> None:
    before = module(block("C[v] = A[v - 1]", "T.where(1 <= i)"))
    guard = module(block("C[v] = A[v - 1]", "T.where(2 <= i)"))
    index = module(block("C[v] = A[v - 2]", "T.where(1 <= i)"))
    tvm.ir.assert_structural_equal(TweakInt(site=0)(before), guard)
    tvm.ir.assert_structural_equal(TweakInt(site=1)(before), index)


def test_every_lane_of_a_vector_changes() -> None:
    text = "C[T.Ramp(0, 1, 8)] = A[T.Ramp(0, 1, 8)] + T.Broadcast({}, 8)"
    before, expected = (module(text.format(number), "int32") for number in (3, 4))
    site = len(enumerate_mutants(before, ["tweak-int"], {"action": "add"})) - 1
    tvm.ir.assert_structural_equal(TweakInt(site=site)(before), expected)


@pytest.mark.parametrize(
    ("body", "other", "gone"),
    [
        ("if i < 5:\n    C[i] = A[i]", "shift-threshold", {"add", "sub"}),
        ("if 5 < i:\n    C[i] = A[i]", "shift-threshold", {"add", "sub"}),
        ("C[i] = A[i] + 5", "drop-operand", {"zero"}),
        ("C[i] = A[i] - 5", "swap-arith", {"negate"}),
        ("C[i] = A[i] * 2", "drop-operand", {"sub"}),
        ("C[i] = A[i] * 5", "negate-expr", {"negate"}),
    ],
)
def test_what_another_operator_makes_is_left_to_it(body: str, other: str, gone: set[str]) -> None:
    mod = module(each(body), "int32")
    everything = offered(mod, other)
    few = offered(mod, other, redundant=False)
    dropped = set(everything) - set(few)
    assert {text.split(",")[0].removeprefix("action=") for text in dropped} == gone


def test_a_mutant_compiles_and_multiplies_by_its_literal() -> None:
    original = computed("A[i] * 5")
    a = np.arange(8)
    assert run(original, a, dtype="int32").tolist() == (a * 5).tolist()
    for action, factor in (("add", 6), ("sub", 4), ("zero", 0), ("negate", -5)):
        mutant = TweakInt(action=action)(original)  # type: ignore[arg-type]
        assert run(mutant, a, dtype="int32").tolist() == (a * factor).tolist()


def test_the_stride_of_a_vector_compiles_too() -> None:
    original = module("C[T.Ramp(0, 1, 4)] = A[T.Ramp(0, 1, 4)]")
    strides = [m for m in enumerate_mutants(original, ["tweak-int"]) if m.path.endswith("stride")]
    assert len(strides) == 6
    read = next(m for m in strides if "value" in m.path and "add" in m.replacement)
    mutant = TweakInt(site=read.id, action="add", amount=1)(original)
    assert run(mutant, range(8)).tolist() == [0, 2, 4, 6, 0, 0, 0, 0]
