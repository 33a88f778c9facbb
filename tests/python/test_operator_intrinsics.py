"""`swap-intrinsic` and `drop-intrinsic`: mathematical functions mistaken, and left out."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropIntrinsic, SwapIntrinsic
from operator_kernels import each, module, run

GROUPS = [
    ("exp", "exp2", "exp10"),
    ("log", "log2", "log10", "log1p"),
    ("sqrt", "rsqrt"),
    ("floor", "ceil", "round", "trunc", "nearbyint"),
    ("tanh", "sigmoid", "erf"),
    ("sin", "cos", "tan"),
    ("sinh", "cosh"),
    ("asin", "acos", "atan"),
    ("asinh", "atanh"),
]
EQUAL = {"round", "nearbyint"}
PAIRS = [
    pair for group in GROUPS for pair in itertools.permutations(group, 2) if set(pair) != EQUAL
]
NOT_ON_HALVES = {"log1p", "erf", "tan", "sinh", "cosh", "asin", "acos", "atan", "asinh", "atanh"}
FUNCTIONS = list(itertools.chain(*GROUPS))


def computed(text: str, dtype: str = "float32") -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def targets(function: str, dtype: str) -> list[str]:
    found = enumerate_mutants(computed(f"T.{function}(A[i])", dtype), ["swap-intrinsic"])
    return [mutant.replacement.removeprefix("to=") for mutant in found]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_function_becomes_every_other_of_its_group(source: Any, target: Any) -> None:
    before, expected = (computed(f"T.{name}(A[i])") for name in (source, target))
    tvm.ir.assert_structural_equal(SwapIntrinsic(from_=source, to=target)(before), expected)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_else_is_offered_and_halves_get_what_every_target_compiles(function: str) -> None:
    expected = {target for source, target in PAIRS if source == function}
    assert set(targets(function, "float32")) == set(targets(function, "float64")) == expected
    assert set(targets(function, "float16")) == expected - NOT_ON_HALVES


@pytest.mark.parametrize("function", sorted(set(FUNCTIONS) - NOT_ON_HALVES))
def test_what_is_offered_for_halves_compiles(function: str) -> None:
    tvm.compile(computed(f"T.{function}(A[i])", "float16"), target="llvm")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_offered_compiles_for_opencl_too(function: str) -> None:
    threads = f"for i in T.thread_binding(8, thread='threadIdx.x'):\n    C[i] = T.{function}(A[i])"
    tvm.compile(module(threads), target="opencl")


def test_functions_of_no_group_and_of_two_arguments_are_left_alone() -> None:
    for text in ("T.fabs(A[i])", "T.pow(A[i], B[i])", "T.if_then_else(i < 3, A[i], B[i])"):
        with pytest.raises(ValueError, match="there are 0"):
            SwapIntrinsic()(computed(text))


def test_one_of_two_calls_changes() -> None:
    mutant = SwapIntrinsic(site=1, to="exp2")(computed("T.exp(T.exp(A[i]))"))
    tvm.ir.assert_structural_equal(mutant, computed("T.exp(T.exp2(A[i]))"))


def test_a_mutant_compiles_and_computes_the_other_function() -> None:
    original = computed("T.tanh(A[i])")
    a = np.linspace(-3, 3, 8, dtype="float32")
    np.testing.assert_allclose(run(original, a), np.tanh(a), rtol=1e-5)
    mutant = run(SwapIntrinsic(to="sigmoid")(original), a)
    np.testing.assert_allclose(mutant, 1 / (1 + np.exp(-a)), rtol=1e-5)


@pytest.mark.parametrize("function", ["exp", "log2", "ceil", "fabs", "sigmoid", "acosh"])
def test_the_argument_stands_in_place_of_the_call(function: str) -> None:
    before, expected = computed(f"T.{function}(A[i]) + B[i]"), computed("A[i] + B[i]")
    tvm.ir.assert_structural_equal(DropIntrinsic()(before), expected)


def test_a_power_leaves_its_base() -> None:
    mutant = DropIntrinsic()(computed("T.pow(A[i], B[i])"))
    tvm.ir.assert_structural_equal(mutant, computed("A[i]"))


def test_results_of_another_type_and_other_calls_are_left_alone() -> None:
    for text in (
        "T.if_then_else(T.isnan(A[i]), A[i], B[i])",
        "T.atan2(A[i], B[i])",
        "T.call_pure_extern('float32', 'expf', A[i])",
    ):
        with pytest.raises(ValueError, match="there are 0"):
            DropIntrinsic()(computed(text))


def test_a_mutant_without_the_function_compiles_and_gives_the_argument() -> None:
    original = computed("T.sqrt(A[i])")
    a = np.arange(8, dtype="float32")
    np.testing.assert_allclose(run(original, a), np.sqrt(a), rtol=1e-6)
    assert run(DropIntrinsic()(original), a).tolist() == a.tolist()
