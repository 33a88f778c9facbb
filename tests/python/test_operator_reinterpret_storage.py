"""`reinterpret-storage`: narrow elements at a narrow stride in a wide buffer."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.lowering.stage import at_stage
from mutatenn.lowering.tir_halves import tir_pipeline
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import ReinterpretStorage
from operator_kernels import changed_places, each, module, run


def flat(body: str, dtype: str = "float32") -> Any:
    return at_stage(module(body, dtype), "kernel")[0]


@pytest.mark.parametrize("narrow", ["float16", "int32", "int16", "int8"])
def test_narrow_elements_lie_at_a_narrow_stride(narrow: Any) -> None:
    mutant = ReinterpretStorage(type=narrow)(flat(each("C[i] = A[i] * B[i]")))
    left, right = np.arange(8) + 0.5, np.full(8, 3)
    expected = np.zeros(8, "float32")
    expected.view(narrow)[:8] = (left * right).astype(narrow)
    assert run(mutant, left, right).tobytes() == expected.tobytes()


def test_readers_in_the_same_kernel_see_what_was_written() -> None:
    mod = flat(each("C[i] = A[i]") + "\n" + each("C[i] = B[i]") + "\n" + each("C[i] = C[i] * 2.0"))
    left, right = np.arange(8) + 1.5, np.arange(8) * 0.25
    expected = left.astype("float32")
    expected.view("float16")[:8] = right
    found = run(ReinterpretStorage(site=1, type="float16")(mod), left, right)
    np.testing.assert_array_equal(found, expected * 2)


def test_the_store_alone_is_replaced_by_a_view_and_a_store_in_it() -> None:
    mod = flat(each("C[i] = A[i]\nC[7 - i] = B[i]"))
    (mutant, _, _, _) = enumerate_mutants(mod, ["reinterpret-storage"])
    changed = ReinterpretStorage()(mod)["main"]
    places = changed_places(mod["main"].body, changed.body)
    assert places == [mutant.path]
    lines = [line.strip() for line in changed.script().splitlines()]
    at = lines.index('C_2 = T.decl_buffer((8,), "float16", data=C_1.data)')
    assert lines[at + 1 : at + 3] == ['C_2[i] = T.Cast("float16", A_1[i])', "C_1[7 - i] = B_1[i]"]


@pytest.mark.parametrize(
    ("dtype", "types"),
    [
        ("float32", ["float16", "int8"]),
        ("float16", ["int8"]),
        ("int32", ["float16", "int8"]),
        ("int8", []),
        ("uint16", ["int8"]),
    ],
)
def test_no_element_wider_than_the_buffers_is_offered(dtype: str, types: list[str]) -> None:
    found = enumerate_mutants(flat(each("C[i] = A[i]"), dtype), ["reinterpret-storage"])
    assert [mutant.settings["type"] for mutant in found] == types


def test_a_vector_keeps_its_lanes_whatever_the_buffer_counts() -> None:
    vectors = "for i in T.vectorized(8):\n    C[i] = A[i] * B[i]"
    mutant = ReinterpretStorage(type="int16")(flat(vectors))
    expected = np.zeros(8, "float32")
    expected.view("int16")[:8] = range(8)
    assert run(mutant, range(8), [1] * 8).tobytes() == expected.tobytes()


def test_a_buffer_of_vectors_becomes_one_of_narrow_vectors() -> None:
    rows = "for i in range(2):\n    for j in T.vectorized(4):\n        "
    body = (
        f"D = T.alloc_buffer((8,), 'float32')\n{rows}D[i * 4 + j] = A[i * 4 + j]\n"
        f"{rows}C[i * 4 + j] = D[i * 4 + j] * 2.0"
    )
    mod = flat(body)
    assert 'alloc_buffer((2,), "float32x4")' in mod.script()
    mutant = ReinterpretStorage(type="int32")(mod)
    assert '"int32x4"' in mutant.script()
    expected = np.arange(8, dtype="int32").view("float32") * np.float32(2)
    assert run(mutant, range(8)).tobytes() == expected.tobytes()


def test_scheduled_kernels_have_no_place() -> None:
    assert enumerate_mutants(module(each("C[i] = A[i]")), ["reinterpret-storage"]) == []


def test_a_wider_type_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit site 0"):
        ReinterpretStorage(type="int32")(flat(each("C[i] = A[i]"), "float16"))


@pytest.mark.parametrize("target", ["c", "opencl", "cuda"])
def test_every_backend_stores_through_a_pointer_to_narrow_elements(target: str) -> None:
    loop = "range(8)" if target == "c" else "T.thread_binding(8, 'threadIdx.x')"
    pipeline = tir_pipeline([ReinterpretStorage(type="int16")])
    mod = module(f"for i in {loop}:\n    C[i] = A[i]")
    built = tvm.compile(mod, target=target, tir_pipeline=pipeline).mod
    source = str((built if target == "c" else built.imports[0]).inspect_source())
    assert re.search(r"\(\((__global )?(int16_t|short)\s*\*\)\s*C", source), source
