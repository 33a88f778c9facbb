"""`swap-operands`: differences, quotients, remainders, shifts and powers the other way round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import SwapOperands
from operator_kernels import block, body_of, each, kernel, module, run, storing, with_body

ON_INTEGERS = {
    "sub": "{} - {}",
    "div": "T.truncdiv({}, {})",
    "floordiv": "{} // {}",
    "floormod": "{} % {}",
    "mod": "T.truncmod({}, {})",
    "shift-left": "T.shift_left({}, {})",
    "shift-right": "T.shift_right({}, {})",
}
ON_FLOATS = {
    "sub": "{} - {}",
    "div": "{} / {}",
    "pow": "T.pow({}, {})",
    "atan2": "T.atan2({}, {})",
    "fmod": "T.fmod({}, {})",
    "copysign": "T.copysign({}, {})",
    "nextafter": "T.nextafter({}, {})",
}


def computed(text: str, dtype: str) -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def assert_swapped(text: str, name: Any, dtype: str) -> None:
    before, expected = (computed(text.format(*pair), dtype) for pair in (OPERANDS, OPERANDS[::-1]))
    tvm.ir.assert_structural_equal(SwapOperands(from_=name)(before), expected)


OPERANDS = ("A[i]", "B[i]")


@pytest.mark.parametrize("name", ON_INTEGERS)
def test_operands_that_are_integers_are_exchanged(name: str) -> None:
    assert_swapped(ON_INTEGERS[name], name, "int32")


@pytest.mark.parametrize("name", ON_FLOATS)
def test_operands_that_are_floats_are_exchanged(name: str) -> None:
    assert_swapped(ON_FLOATS[name], name, "float32")


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_a_comparison_is_exchanged_and_redundant_by_swap_cmp(sign: str) -> None:
    before, expected = (
        module(each(f"if {text}:\n    C[i] = A[i]"))
        for text in (f"A[i] {sign} B[i]", f"B[i] {sign} A[i]")
    )
    tvm.ir.assert_structural_equal(SwapOperands()(before), expected)
    both = ["swap-operands", "swap-cmp"]
    assert {mutant.operator for mutant in enumerate_mutants(before, both)} == {"swap-cmp"}


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("A[i] + B[i]", "float32"),
        ("A[i] * B[i]", "float16"),
        ("T.max(A[i], B[i])", "float32"),
        ("A[i] - A[i]", "float32"),
        ("T.hypot(A[i], B[i])", "float32"),
        ("T.floordiv(0, B[i])", "int32"),
        ("T.shift_left(40, B[i])", "int32"),
        ("T.Cast('int32', A[i] == B[i])", "int32"),
    ],
)
def test_what_is_commutative_equal_or_undefined_is_left_alone(text: str, dtype: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        SwapOperands()(computed(text, dtype))


def test_a_float_zero_may_be_divided_by_as_ieee_defines_it() -> None:
    zero = tirx.FloatImm("float32", 0)
    before, expected = (
        storing(lambda a, _: tirx.Div(zero, a)),
        storing(lambda a, _: tirx.Div(a, zero)),
    )
    tvm.ir.assert_structural_equal(SwapOperands()(before), expected)


def test_an_index_and_a_vector_are_places() -> None:
    before = module(block("C[v] = A[7 - v]"))
    tvm.ir.assert_structural_equal(SwapOperands()(before), module(block("C[v] = A[v - 7]")))
    func = kernel("C[T.Ramp(0, 1, 8)] = A[T.Ramp(0, 1, 8)] - B[T.Ramp(0, 1, 8)]")
    stored = body_of(func)
    swapped = tirx.Sub(stored.value.b, stored.value.a)
    expected = with_body(func, tirx.BufferStore(stored.buffer, swapped, stored.indices))
    mutant = SwapOperands()(tvm.IRModule({"main": func}))["main"]
    tvm.ir.assert_structural_equal(mutant, expected)


def test_a_mutant_compiles_and_computes_the_difference_the_other_way() -> None:
    original = computed("A[i] - B[i] * 2.0", "float32")
    a, b = np.arange(8, dtype="float32"), np.full(8, 3, "float32")
    assert run(original, a, b).tolist() == (a - 6).tolist()
    assert run(SwapOperands()(original), a, b).tolist() == (6 - a).tolist()
