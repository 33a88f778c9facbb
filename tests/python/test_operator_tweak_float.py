"""`tweak-float`: literals zeroed, negated, scaled, and moved along the numbers of their type."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import tvm
from hypothesis import given, settings
from hypothesis import strategies as st
from tvm import tirx

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import TweakFloat
from operator_kernels import body_of, each, kernel, module, run, storing

DTYPES: dict[str, Any] = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


def computed(literal: str, dtype: str = "float32") -> Any:
    return module(each(f"C[i] = T.min(A[i], T.{dtype}({literal}))"), dtype)


def offered(mod: Any, *others: str) -> list[str]:
    found = enumerate_mutants(mod, ["tweak-float", *others])
    return [mutant.replacement for mutant in found if mutant.operator == "tweak-float"]


def literal_of(mod: Any) -> float:
    """The bound that a kernel clamps to."""
    return float(body_of(mod["main"]).body.value.b.value)


def tweaked(literal: float, dtype: str, **arguments: Any) -> float:
    mod = storing(lambda a, _: tirx.Min(a, tirx.FloatImm(dtype, literal)), dtype)
    return literal_of(TweakFloat(**arguments)(mod))


@pytest.mark.parametrize(
    ("arguments", "literal"),
    [
        ({"action": "zero"}, "0.0"),
        ({"action": "one"}, "1.0"),
        ({"action": "negate"}, "-2.0"),
        ({"action": "relative", "delta": 0.25}, "2.5"),
        ({"delta": -0.5}, "1.0"),
        ({"action": "ulp"}, str(2 + 2**-22)),
        ({"ulps": -2}, str(2 - 2**-22)),
        ({}, "0.0"),
    ],
)
def test_a_literal_becomes_another(arguments: dict[str, Any], literal: str) -> None:
    tvm.ir.assert_structural_equal(TweakFloat(**arguments)(computed("2.0")), computed(literal))


def test_by_default_a_number_is_zeroed_negated_moved_and_scaled_and_zero_becomes_one() -> None:
    assert offered(computed("2.0")) == [
        "action=zero",
        "action=negate",
        "action=ulp,ulps=1",
        "action=relative,delta=0.01",
    ]
    assert offered(computed("0.0")) == offered(computed("-0.0")) == ["action=one"]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(DTYPES)), st.floats(allow_nan=False), st.sampled_from([1, -1]))
def test_a_unit_in_the_last_place_is_the_next_number_of_the_type(
    dtype: str, number: float, step: int
) -> None:
    kind = DTYPES[dtype]
    with np.errstate(all="ignore"):
        rounded = kind(number)
        if np.isinf(rounded) and not math.isinf(number):
            return  # TVM has no such literal
        expected = np.nextafter(rounded, kind(step * np.inf))
    if expected == rounded:
        return  # beyond infinity there is nothing
    assert tweaked(number, dtype, ulps=step) == float(expected)


@pytest.mark.parametrize("ulps", [1, -1, 128, -300])
def test_bfloat16_has_eight_bits_of_significand(ulps: int) -> None:
    mod = computed("1.0", "bfloat16")
    bits = 0x3F80 + ulps
    expected = np.array([bits << 16], np.uint32).view(np.float32)[0]
    assert literal_of(TweakFloat(ulps=ulps)(mod)) == float(expected)


def test_a_literal_is_rounded_to_its_type_before_it_moves() -> None:
    """TVM keeps 0.1 as a double, also where the type is float32."""
    assert tweaked(0.1, "float32", ulps=1) == float(np.nextafter(np.float32(0.1), np.float32(1)))
    assert tweaked(0.1, "float16", ulps=1) == float(np.nextafter(np.float16(0.1), np.float16(1)))


def test_the_largest_number_moves_to_infinity_and_back() -> None:
    largest = float(np.finfo(np.float32).max)
    assert tweaked(largest, "float32", ulps=1) == math.inf
    assert tweaked(math.inf, "float32", ulps=-1) == largest
    assert tweaked(-math.inf, "float32", action="negate") == math.inf


@pytest.mark.parametrize(
    ("literal", "dtype", "arguments"),
    [
        pytest.param("0.0", "float32", {"action": "negate"}, id="the negative of zero"),
        pytest.param("0.0", "float32", {"action": "zero"}, id="zero of zero"),
        pytest.param("1.0", "float32", {"action": "one"}, id="one of one"),
        pytest.param("2.0", "float32", {"delta": 1e-9}, id="a part below the last place"),
        pytest.param("2.0", "float32", {"ulps": 0}, id="no step"),
        pytest.param("65504.0", "float16", {"delta": 0.5}, id="beyond float16"),
        pytest.param("3e38", "bfloat16", {"delta": 0.5}, id="beyond bfloat16"),
    ],
)
def test_what_changes_nothing_or_leaves_the_type_is_refused(
    literal: str, dtype: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="does not fit site 0"):
        TweakFloat(**arguments)(computed(literal, dtype))


def test_a_number_of_steps_has_its_limits() -> None:
    with pytest.raises(ValueError, match="'ulps' cannot be '4294967296'; give an integer from"):
        TweakFloat(ulps=1 << 32)


@pytest.mark.parametrize(
    "text",
    ["A[i] * T.float32('nan')", "A[i]", "T.call_pure_extern('float32', 'expf', T.float32(2))"],
)
def test_nan_and_arguments_of_other_calls_are_left_alone(text: str) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        TweakFloat()(module(each(f"C[i] = {text}")))


def test_padding_and_arguments_of_functions_are_places() -> None:
    text = "C[i] = T.if_then_else(i < 4, T.exp({}), {})"
    before = module(each(text.format("T.float32(2)", "T.float32(0)")))
    inner = module(each(text.format("T.float32(0)", "T.float32(0)")))
    outer = module(each(text.format("T.float32(2)", "T.float32(1)")))
    tvm.ir.assert_structural_equal(TweakFloat(site=0)(before), inner)
    tvm.ir.assert_structural_equal(TweakFloat(site=1)(before), outer)


def test_every_lane_of_a_vector_changes() -> None:
    text = "C[T.Ramp(0, 1, 8)] = A[T.Ramp(0, 1, 8)] * T.Broadcast(T.float32({}), 8)"
    before, expected = (tvm.IRModule({"main": kernel(text.format(x))}) for x in ("2.0", "-2.0"))
    tvm.ir.assert_structural_equal(TweakFloat(action="negate")(before), expected)


@pytest.mark.parametrize(
    ("text", "other", "gone"),
    [
        ("A[i] * 2.0", "negate-expr", "action=negate"),
        ("A[i] + 2.0", "swap-arith", "action=negate"),
        ("A[i] + 2.0", "drop-operand", "action=zero"),
    ],
)
def test_what_another_operator_makes_is_left_to_it(text: str, other: str, gone: str) -> None:
    mod = module(each(f"C[i] = {text}"))
    assert set(offered(mod)) - set(offered(mod, other)) == {gone}


def test_a_mutant_compiles_and_multiplies_by_its_literal() -> None:
    original = module(each("C[i] = A[i] * 3.0"))
    a = np.arange(8, dtype="float32")
    assert run(original, a).tolist() == (a * 3).tolist()
    assert run(TweakFloat(action="negate")(original), a).tolist() == (a * -3).tolist()
    up = np.nextafter(np.float32(3), np.float32(4))
    assert run(TweakFloat(action="ulp")(original), a).tolist() == (a * up).tolist()
