"""What the properties of mutants are checked by sees the faults that it is there for."""

from __future__ import annotations

from typing import Any

import pytest
from tvm import tirx

from mutant_properties import check_mutant, check_place, check_type, differences
from mutatenn.mutation.enumeration import enumerate_mutants
from operator_kernels import body_of, each, module, with_body

STORE = ".block.body.body"


def kernel(text: str) -> Any:
    return module(each(text))["main"]


def test_a_change_beside_the_place_is_seen() -> None:
    one, other = kernel("C[i] = A[i] + B[i]"), kernel("C[i] = A[i] - B[i]")
    loop, two = body_of(one), tirx.IntImm("int32", 2)
    shorter = tirx.For(loop.loop_var, loop.min, two, loop.kind, loop.body)
    check_place(one, with_body(one, shorter), ".block.body.extent")
    with pytest.raises(AssertionError, match="differ, beside"):
        check_place(one, with_body(one, shorter), f"{STORE}.value")
    with pytest.raises(AssertionError):
        check_place(one, other, f"{STORE}.value")  # other buffers and variables, everywhere


def test_a_change_of_nothing_is_seen() -> None:
    one = kernel("C[i] = A[i]")
    with pytest.raises(AssertionError, match="nothing differs"):
        check_place(one, one, STORE)


def test_another_field_of_the_function_is_seen() -> None:
    one = kernel("C[i] = A[i]")
    marked = one.with_attr("marked", "yes")
    assert [place.partition("[")[0] for place, _, _ in differences(one, marked)] != []
    with pytest.raises(AssertionError, match="differ, beside"):
        check_place(one, marked, "")


def test_a_buffer_that_is_exchanged_in_one_of_two_places_is_seen() -> None:
    one = kernel("C[i] = A[i] + A[0]")
    loop = body_of(one)
    new = tirx.decl_buffer((8,), "float32", "new")
    value = loop.body.value

    def with_loads(*sources: Any) -> Any:
        loads = [
            tirx.BufferLoad(source, load.indices)
            for source, load in zip(sources, (value.a, value.b), strict=True)
        ]
        store = tirx.BufferStore(loop.body.buffer, tirx.Add(*loads), loop.body.indices)
        return with_body(one, tirx.For(loop.loop_var, loop.min, loop.extent, loop.kind, store))

    old = value.a.source
    with pytest.raises(AssertionError, match="stands beside"):
        check_place(one, with_loads(new, old), ".block.body")
    check_place(one, with_loads(one.params[1], old), f"{STORE}.value.a")


def test_another_type_is_seen() -> None:
    one = kernel("C[i] = A[i] + B[i]")
    loop = body_of(one)
    cast = tirx.Cast("float16", loop.body.value)
    store = tirx.BufferStore(loop.body.buffer, tirx.Cast("float32", cast), loop.body.indices)
    rounded = with_body(one, tirx.For(loop.loop_var, loop.min, loop.extent, loop.kind, store))
    check_type(one, rounded, f"{STORE}.value")
    half = tirx.BufferStore(tirx.decl_buffer((8,), "float16"), cast, loop.body.indices)
    narrow = with_body(one, tirx.For(loop.loop_var, loop.min, loop.extent, loop.kind, half))
    with pytest.raises(AssertionError, match=r"float32 has become .*float16"):
        check_type(one, narrow, f"{STORE}.value")


def test_a_mutant_of_another_place_is_seen() -> None:
    mod = module(each("C[i] = A[i] + B[i] * A[0]"))
    first, *_, last = enumerate_mutants(mod, ["swap-arith"])
    assert check_mutant(mod, first)
    with pytest.raises(AssertionError, match="beside"):
        check_place(mod["main"], mod["main"].with_body(body_of(mod["main"])), last.path)
