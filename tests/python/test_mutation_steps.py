"""Counting steps: what a counted kernel tells, and which loops the nest does not tell."""

# ruff: noqa: N803  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

from typing import Any

import pytest
from tvm import tirx
from tvm.script import tirx as T  # noqa: N812

import step_kernels as kernels
from mutatenn.lowering.kernel import SYMBOL, parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.mutation.step_count import COUNTER, count_steps
from mutatenn.mutation.trip_count import never_ends, trip_count


def told(func: Any) -> list[str]:
    """The calls of the counter in the counted build of a kernel, as text, in reading order."""
    script = count_steps(lower_kernel(func, SYMBOL, parse_target("llvm"))).script()
    return [line.strip() for line in script.splitlines() if COUNTER in line]


def call(rounds: str, steps: int) -> str:
    return f'T.call_extern("int32", "{COUNTER}", {rounds}, T.int64({steps}))'


@T.prim_func(s_tir=True)
def static(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i]


@T.prim_func(s_tir=True)
def left_by_inner_break(A: T.Buffer((8,), "float32")):
    for i in range(8):
        for _ in range(4):
            if A[i] > T.float32(0):
                break


@T.prim_func(s_tir=True)
def in_steps(A: T.Buffer((20,), "float32")):
    for i in T.serial(0, 20, step=3):
        A[i] = T.float32(1)


@T.prim_func(s_tir=True)
def in_lanes(A: T.Buffer((64,), "float32")):
    for i in range(4):
        A[T.Ramp(i * 16, 1, 16)] = T.Broadcast(T.float32(1), 16)


def test_a_static_kernel_tells_its_trip_count_once() -> None:
    # Two declarations stand before the loop.
    assert told(static) == [call("T.int64(1)", 10)]


def test_an_extent_is_told_when_the_loop_is_entered() -> None:
    assert told(kernels.extent) == [
        call("T.int64(1)", 2 + 8),
        call('T.Cast("int64", T.Cast("int32", A_1[i]))', 1),
    ]


def test_each_iteration_of_a_while_is_told() -> None:
    assert told(kernels.count_up)[1:] == [call("T.int64(1)", 2)]


def test_a_loop_that_may_be_left_tells_each_iteration() -> None:
    # The comparison's branch and the store.
    assert told(kernels.left_early)[1:] == [call("T.int64(1)", 2)]


def test_a_loop_with_a_break_has_no_static_count() -> None:
    loop = left_by_inner_break.body
    while not isinstance(loop, tirx.For):
        loop = loop.seq[-1] if isinstance(loop, tirx.SeqStmt) else loop.block.body
    assert trip_count(loop) is None
    assert trip_count(loop.body) is None
    assert never_ends(left_by_inner_break, left_by_inner_break) == ""


def test_a_loop_in_steps_runs_as_often_as_it_steps() -> None:
    assert trip_count(in_steps.body) == 7


def test_a_vector_store_counts_its_elements() -> None:
    assert trip_count(in_lanes.body) == 64


@pytest.mark.parametrize("func", [static, kernels.nested], ids=["static", "nested"])
def test_the_original_is_not_changed(func: Any) -> None:
    flat = lower_kernel(func, SYMBOL, parse_target("llvm"))
    before = flat.script()
    count_steps(flat)
    assert flat.script() == before


def test_a_loop_inside_a_block_is_refused() -> None:
    @T.prim_func(s_tir=True)
    def blocked(A: T.Buffer((8,), "float32")):
        with T.sblock("all"):
            for i in range(T.Cast("int32", A[0])):
                A[i] = T.float32(1)

    with pytest.raises(ValueError, match="cannot count the loops inside a SBlockRealize"):
        count_steps(blocked)
