"""`swap-arith`: every operation to every other that its operands allow."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn import _core
from mutatenn.transform import SwapArith
from operator_kernels import each, module, run

TEXTS = {
    "add": "A[i] + B[i]",
    "sub": "A[i] - B[i]",
    "mul": "A[i] * B[i]",
    "div": "A[i] / B[i]",
    "floordiv": "T.floordiv(A[i], B[i])",
    "floormod": "T.floormod(A[i], B[i])",
    "min": "T.min(A[i], B[i])",
    "max": "T.max(A[i], B[i])",
}
ON_INTEGERS = TEXTS | {"div": "T.truncdiv(A[i], B[i])"}
ON_FLOATS = {name: text for name, text in TEXTS.items() if not name.startswith("floor")}
FIRST_CHOICE = {
    "add": "sub",
    "sub": "add",
    "mul": "div",
    "div": "mul",
    "floordiv": "floormod",
    "floormod": "floordiv",
    "min": "max",
    "max": "min",
}
A = [7, -7, 8, 5, 1, 2, 3, 4]
B = [2, 2, -3, 5, 4, 3, 2, 1]


def computed(text: str, dtype: str) -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def assert_becomes(before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(SwapArith(**arguments)(before), expected)


def replacements(mod: Any) -> set[str]:
    return set(_core.enumerate_mutants(mod, ["swap-arith"], {}).replacement)


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(ON_INTEGERS, 2)))
def test_every_operation_on_integers_becomes_every_other(source: str, target: str) -> None:
    before, expected = (computed(ON_INTEGERS[name], "int32") for name in (source, target))
    assert_becomes(before, expected, from_=source, to=target)


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(ON_FLOATS, 2)))
def test_every_operation_on_floats_becomes_every_other(source: str, target: str) -> None:
    before, expected = (computed(ON_FLOATS[name], "float32") for name in (source, target))
    assert_becomes(before, expected, from_=source, to=target)


@pytest.mark.parametrize("source", ON_INTEGERS)
def test_without_a_target_the_inverse_stands_there(source: str) -> None:
    before, expected = (
        computed(ON_INTEGERS[name], "int32") for name in (source, FIRST_CHOICE[source])
    )
    assert_becomes(before, expected)


@pytest.mark.parametrize("source", ON_FLOATS)
def test_floats_are_offered_no_floor_operation(source: str) -> None:
    offered = replacements(computed(ON_FLOATS[source], "float32"))
    assert offered == {f"to={name}" for name in ON_FLOATS if name != source}


@pytest.mark.parametrize("target", ["floordiv", "floormod"])
def test_a_floor_operation_on_floats_is_refused_with_what_fits(target: Any) -> None:
    with pytest.raises(ValueError, match=rf"\[to={target}\] does not fit site 0 .*takes: to=sub"):
        SwapArith(to=target)(computed(TEXTS["add"], "float32"))


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int64", "uint8"])
def test_operands_of_any_width_are_swapped(dtype: str) -> None:
    assert_becomes(computed(TEXTS["add"], dtype), computed(TEXTS["mul"], dtype), to="mul")


def test_the_maximum_of_booleans_is_left_alone() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        SwapArith()(computed("T.max(A[i], B[i])", "bool"))


def test_the_index_of_a_load_is_a_place() -> None:
    before = module("for i in range(7):\n    C[i] = A[i + 1]")
    expected = module("for i in range(7):\n    C[i] = A[T.max(i, 1)]")
    assert_becomes(before, expected, to="max")


def test_the_index_of_a_store_comes_before_its_value() -> None:
    before = module("for i in range(7):\n    C[i + 1] = A[i] + B[i]")
    index = module("for i in range(7):\n    C[i - 1] = A[i] + B[i]")
    value = module("for i in range(7):\n    C[i + 1] = A[i] - B[i]")
    assert_becomes(before, index, site=0)
    assert_becomes(before, value, site=1)


def test_what_a_block_axis_is_bound_to_is_a_place() -> None:
    text = (
        "for i in range(4):\n    with T.sblock('b'):\n        v = T.axis.spatial(8, {})\n"
        "        T.reads(A[v])\n        T.writes(C[v])\n        C[v] = A[v]"
    )
    before, expected = (module(text.format(value)) for value in ("i + 4", "i * 4"))
    assert_becomes(before, expected, to="mul")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sub", np.subtract(A, B)),
        ("mul", np.multiply(A, B)),
        ("floordiv", np.floor_divide(A, B)),
        ("floormod", np.mod(A, B)),
        ("min", np.minimum(A, B)),
        ("div", np.trunc(np.divide(A, B))),
    ],
)
def test_a_mutant_compiles_and_computes_the_other_operation(target: Any, expected: Any) -> None:
    original = computed(TEXTS["add"], "int32")
    assert run(original, A, B, "int32").tolist() == np.add(A, B).tolist()
    assert run(SwapArith(to=target)(original), A, B, "int32").tolist() == expected.tolist()
