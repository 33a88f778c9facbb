"""`negate-expr`: signs of what is loaded, stored, returned by a function or held by a variable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import NegateExpr
from operator_kernels import block, each, module, run


def computed(text: str, dtype: str = "float32") -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def assert_becomes(before: str, expected: str, dtype: str = "float32", **settings: Any) -> None:
    mutant = NegateExpr(**settings)(computed(before, dtype))
    tvm.ir.assert_structural_equal(mutant, computed(expected, dtype))


def kept(text: str, *others: str, dtype: str = "float32") -> list[str]:
    """Paths that are left with other operators at hand."""
    found = enumerate_mutants(computed(text, dtype), ["negate-expr", *others])
    places = [mutant.path for mutant in found if mutant.operator == "negate-expr"]
    return [path.split(".body.value")[-1] for path in places]


@pytest.mark.parametrize(
    ("where", "before", "expected"),
    [
        ("load", "A[i]", "A[i] * T.float32(-1)"),
        ("call", "T.exp(A[i])", "T.exp(A[i]) * T.float32(-1)"),
        ("stored", "A[i] + B[i]", "(A[i] + B[i]) * T.float32(-1)"),
        ("var", "T.Cast('float32', i)", "T.Cast('float32', i * -1)"),
    ],
)
def test_each_kind_of_number_is_negated(where: Any, before: str, expected: str) -> None:
    assert_becomes(before, expected, where=where, site="all")


@pytest.mark.parametrize("dtype", ["int8", "int64", "float16", "float64"])
def test_the_literal_has_the_type_of_the_number(dtype: str) -> None:
    assert_becomes("A[i]", f"A[i] * T.{dtype}(-1)", dtype)


def test_the_variable_of_a_guard_is_a_place_and_its_literal_is_not() -> None:
    text = "if {} < 7:\n    C[i] = T.float32(2)"
    before, expected = (module(each(text.format(i))) for i in ("i", "i * -1"))
    tvm.ir.assert_structural_equal(NegateExpr()(before), expected)
    assert len(enumerate_mutants(before, ["negate-expr"])) == 1


def test_indices_bindings_and_bounds_are_left_alone() -> None:
    text = "for j in range(i, i + 1):\n    C[j + i] = T.float32(1)"
    with pytest.raises(ValueError, match="there are 0"):
        NegateExpr()(module(each(text)))
    bound = module(block("C[v] = T.float32(1)"))
    with pytest.raises(ValueError, match="there are 0"):
        NegateExpr()(bound)


@pytest.mark.parametrize("dtype", ["uint8", "bool"])
def test_what_has_no_sign_is_left_alone(dtype: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        NegateExpr()(computed("A[i]", dtype))


def test_arguments_of_other_calls_and_results_thrown_away_are_left_alone() -> None:
    call = "T.evaluate(T.call_extern('int32', 'abs', i))"
    with pytest.raises(ValueError, match="there are 0"):
        NegateExpr()(module(each(call)))


def test_one_sign_of_several_that_are_the_same_is_kept() -> None:
    assert kept("A[i] * B[i]") == [".a"]
    assert kept("A[i] + B[i]", "swap-arith") == ["", ".a"]
    assert kept("A[i] - B[i]", "swap-arith", "swap-operands") == [".a"]
    # A floor quotient is not the same with either sign.
    assert kept("A[i] // B[i]", dtype="int32") == ["", ".a", ".b"]


def test_a_mutant_compiles_and_subtracts() -> None:
    original = computed("A[i] + B[i]")
    a, b = np.arange(8, dtype="float32"), np.full(8, 3, "float32")
    assert run(original, a, b).tolist() == (a + b).tolist()
    assert run(NegateExpr(site=1)(original), a, b).tolist() == (b - a).tolist()


def test_the_negative_of_zero_is_negative_zero() -> None:
    assert np.signbit(run(NegateExpr()(computed("A[i]")), np.zeros(8))).all()
