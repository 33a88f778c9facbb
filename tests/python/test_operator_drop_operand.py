"""`drop-operand`: terms, factors, divisors and bounds of clamps that are lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropOperand
from operator_kernels import block, each, module, run, storing

OPERATIONS = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "T.truncdiv({}, {})",
    "floordiv": "{} // {}",
    "floormod": "{} % {}",
    "mod": "T.truncmod({}, {})",
    "min": "T.min({}, {})",
    "max": "T.max({}, {})",
}


def computed(text: str, dtype: str = "int32") -> Any:
    return module(each(f"C[i] = {text}"), dtype)


def offered(mod: Any) -> list[str]:
    return [mutant.replacement for mutant in enumerate_mutants(mod, ["drop-operand"])]


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("drop", "kept"), [("right", "A[i]"), ("left", "B[i]")])
def test_the_operand_that_is_named_goes(name: Any, drop: Any, kept: str) -> None:
    before = computed(OPERATIONS[name].format("A[i]", "B[i]"))
    mutant = DropOperand(from_=name, drop=drop)(before)
    tvm.ir.assert_structural_equal(mutant, computed(kept))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "uint8", "int64"])
def test_by_default_the_right_one_goes_whatever_the_type(dtype: str) -> None:
    before = computed("A[i] + B[i]", dtype)
    tvm.ir.assert_structural_equal(DropOperand()(before), computed("A[i]", dtype))
    assert offered(before) == ["drop=right", "drop=left"]


@pytest.mark.parametrize(
    ("node", "dtype", "literal", "on_the_right", "on_the_left"),
    [
        (tirx.Mul, "int32", 1, ["left"], ["right"]),
        (tirx.Add, "int32", 0, ["left"], ["right"]),
        (tirx.Sub, "int32", 0, ["left"], ["right", "left"]),
        (tirx.FloorDiv, "int32", 1, ["left"], ["right", "left"]),
        (tirx.FloorMod, "int32", 1, ["right", "left"], ["right", "left"]),
        (tirx.Mul, "float32", 1, ["left"], ["right"]),
        (tirx.Div, "float32", 1, ["left"], ["right", "left"]),
        (tirx.Sub, "float32", 0, ["left"], ["right", "left"]),
        (tirx.Sub, "float32", -0.0, ["right", "left"], ["right", "left"]),
        (tirx.Add, "float32", 0, ["right", "left"], ["right", "left"]),
        (tirx.Add, "float32", -0.0, ["left"], ["right"]),
    ],
)
def test_an_operand_that_changes_nothing_stays(
    node: Any, dtype: str, literal: float, on_the_right: list[str], on_the_left: list[str]
) -> None:
    neutral = (tirx.IntImm if dtype == "int32" else tirx.FloatImm)(dtype, literal)
    right = storing(lambda a, _: node(a, neutral), dtype)
    left = storing(lambda a, _: node(neutral, a), dtype)
    assert offered(right) == [f"drop={side}" for side in on_the_right]
    assert offered(left) == [f"drop={side}" for side in on_the_left]


def test_of_equal_operands_one_goes_unless_the_other_is_the_whole() -> None:
    assert offered(computed("A[i] + A[i]")) == ["drop=right"]
    assert offered(computed("T.max(A[i], A[i])")) == []


def test_operations_on_booleans_are_left_alone() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        DropOperand()(computed("T.max(A[i], B[i])", "bool"))


def test_an_index_loses_its_offset() -> None:
    before = module(block("C[v] = A[v - 1]"))
    tvm.ir.assert_structural_equal(DropOperand()(before), module(block("C[v] = A[v]")))


def test_a_mutant_compiles_and_loses_its_clamp() -> None:
    original = computed("T.min(A[i], T.float32(3))", "float32")
    a = np.arange(8, dtype="float32")
    assert run(original, a).tolist() == np.minimum(a, 3).tolist()
    assert run(DropOperand(drop="right")(original), a).tolist() == a.tolist()
    assert run(DropOperand(drop="left")(original), a).tolist() == [3] * 8
