"""`narrow-index`: indices that wrap round, and the proof that some do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx
from tvm.script import from_source
from tvm.script import tirx as T  # noqa: N812

from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.transform import NarrowIndex


def kernel(statement: str, extent: int = 300, loops: str = "for i in range(8):") -> Any:
    """A module of one flat kernel over A of some length and C of eight elements."""
    source = (
        f"@T.prim_func\ndef main(A: T.Buffer(({extent},), 'float32'), "
        f"C: T.Buffer((8,), 'float32')):\n    {loops}\n        {statement}\n"
    )
    return tvm.IRModule({"main": from_source(source, {"T": T})})


def offered(mod: Any) -> list[tuple[str, str]]:
    found = enumerate_mutants(mod, ["narrow-index"])
    return [(mutant.path, mutant.settings["type"]) for mutant in found]


@pytest.mark.parametrize("narrow", ["int16", "int8", "uint8"])
def test_an_index_goes_through_the_type(narrow: Any) -> None:
    expected = f"C[i] = A[T.Cast('int32', T.Cast('{narrow}', i * 40))]"
    mutant = NarrowIndex(type=narrow)(kernel("C[i] = A[i * 40]", 40000))
    tvm.ir.assert_structural_equal(mutant, kernel(expected, 40000))


def test_a_wrapped_index_reads_another_element() -> None:
    mutant = NarrowIndex(type="uint8")(kernel("C[i] = A[i * 40]"))
    numbers, result = np.arange(300, dtype="f4"), np.zeros(8, "f4")
    tensor = tvm.runtime.tensor(result)
    tvm.compile(mutant, target="llvm")["main"](tvm.runtime.tensor(numbers), tensor)
    assert tensor.numpy().tolist() == [i * 40 % 256 for i in range(8)]


def test_an_axis_that_fits_the_type_and_a_literal_are_left_alone() -> None:
    assert offered(kernel("C[i] = A[i * 40]")) == [(".body.value.indices[0]", "int8")]
    assert offered(kernel("C[i] = A[i * 40]", 128)) == []
    assert offered(kernel("C[i] = A[i * 40]", 129)) == [(".body.value.indices[0]", "int8")]
    assert offered(kernel("C[i] = A[299]")) == []


def test_the_first_of_a_vector_of_indices_is_narrowed() -> None:
    before = kernel("C[T.Ramp(0, 1, 8)] = A[T.Ramp(i * 40, 1, 8)]")
    index = before["main"].body.body.value.indices[0]
    (mutant,) = enumerate_mutants(before, ["narrow-index"])
    changed = plant(before, mutant)["main"].body.body.value.indices[0]
    narrowed = tirx.Cast("int32", tirx.Cast("int8", index.base))
    tvm.ir.assert_structural_equal(changed, tirx.Ramp(narrowed, index.stride, index.lanes))
    small = kernel("C[T.Ramp(0, 1, 8)] = A[T.Ramp(i * 16, 1, 8)]", 300)
    assert said(small) is not None
    assert said(before) is None


def said(mod: Any, **settings: str) -> Any:
    (mutant,) = enumerate_mutants(mod, ["narrow-index"], settings)
    return prove_equivalent(mod["main"], plant(mod, mutant)["main"], mutant.path)


@pytest.mark.parametrize(
    ("narrow", "extent", "proved"),
    [("int8", 128, True), ("int8", 129, False), ("uint8", 256, True), ("uint8", 257, False)],
)
def test_an_index_whose_bounds_fit_the_type_is_proved_to_stay(
    narrow: str, extent: int, proved: bool
) -> None:
    proof = said(kernel("C[0] = A[i]", 300, f"for i in range({extent}):"), type=narrow)
    assert (proof is not None) == proved
    if proof is not None:
        assert (proof.kind, f"which {narrow} holds" in proof.reason) == ("equal", True)


def test_a_negative_index_is_not_proved_to_stay_in_an_unsigned_type() -> None:
    mod = kernel("C[0] = A[T.max(i - 1, 0)]")
    assert said(mod, type="uint8") is not None
    assert said(kernel("C[0] = A[i - 1]"), type="uint8") is None


def test_an_index_that_wraps_below_the_buffer_is_told_before_it_runs() -> None:
    mod = kernel("C[i] = A[i * 40]")
    mutant = NarrowIndex(type="int8")(mod)["main"]
    (one,) = out_of_bounds(accesses(mod["main"]), mutant)
    # 160, 200 and 240 become -96, -56 and -16.
    assert (one.buffer, one.side, one.writes, one.elements) == ("A", "before", False, 96)
    unsigned = NarrowIndex(type="uint8")(mod)["main"]
    assert out_of_bounds(accesses(mod["main"]), unsigned) == ()
