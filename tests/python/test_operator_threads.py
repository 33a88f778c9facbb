"""`drop-sync`, `drop-atomic` and `drop-bounds-predicate`: threads in each other's way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from launch_interpreter import run_launch
from launch_kernels import Axes, flat, launch
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import plant
from mutatenn.transform import DropAtomic, DropBoundsPredicate, DropSync
from operator_kernels import block, each, module

ONE: Axes = [("i", "threadIdx.x", 8)]
TWO: Axes = [("b", "blockIdx.x", 2), ("i", "threadIdx.x", 8)]
SHARED = "s = T.alloc_shared((8,), 'int32')"
SYNC = "T.tvm_storage_sync('shared')"
REVERSE = "s[i] = A[i]\n{}\nC[i] = s[7 - i]"
ADD = "T.cuda.atomic_add(T.address_of(C[0]), A[i])"


def reversing(between: str) -> Any:
    # The allocation stands outside the axis of threads.
    return launch([("b", "blockIdx.x", 1), *ONE], REVERSE.format(between), before=SHARED)


def without_barrier(mod: Any) -> Any:
    """What ``reversing`` gives, with TVM's no-op for the barrier; its parser would drop that."""
    blocks = mod["main"].body
    allocation, threads = blocks.body.seq
    write, _, read = threads.body.seq
    nothing = tirx.Evaluate(tirx.IntImm("int32", 0))
    body = around(threads, tirx.SeqStmt([write, nothing, read]))
    body = around(blocks, tirx.SeqStmt([allocation, body]))
    return tvm.IRModule({"main": mod["main"].with_body(body)})


def around(axis: Any, body: Any) -> Any:
    return tirx.AttrStmt(axis.node, axis.attr_key, axis.value, body)


def becomes(made: Any, before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(made(**arguments)(before), expected)


def count(mod: Any, operator: str) -> int:
    return len(enumerate_mutants(mod, [operator]))


def result(mod: Any, *, lockstep: bool = False) -> list[int]:
    answer = np.zeros(8, "int64")
    run_launch(mod["main"], np.arange(1, 9), np.zeros(8, "int64"), answer, lockstep=lockstep)
    return answer.tolist()


@pytest.mark.parametrize(
    "barrier",
    [
        pytest.param(SYNC, id="of tvm"),
        pytest.param("T.cuda.cta_sync()", id="of a block"),
        pytest.param("T.cuda.warp_sync()", id="of a warp"),
        pytest.param("T.cuda.cluster_sync()", id="of a cluster"),
    ],
)
def test_a_barrier_becomes_nothing(barrier: str) -> None:
    before = reversing(barrier)
    becomes(DropSync, before, without_barrier(before))


@pytest.mark.parametrize("scope", ["shared", "shared.dyn", "warp", "global"])
def test_barriers_are_chosen_by_scope(scope: Any) -> None:
    mod = reversing(f"T.tvm_storage_sync('{scope}')")
    becomes(DropSync, mod, without_barrier(mod), scope=scope)
    other: Any = "warp" if scope != "warp" else "shared"
    with pytest.raises(ValueError, match=rf"\[scope={other}\] does not fit site 0"):
        DropSync(scope=other)(mod)


def test_a_barrier_beside_an_equal_one_is_left_alone() -> None:
    assert count(reversing(f"{SYNC}\n{SYNC}"), "drop-sync") == 0
    assert count(reversing(f"{SYNC}\nT.tvm_storage_sync('warp')"), "drop-sync") == 2
    assert count(reversing(f"{SYNC}\nB[i] = s[i]\n{SYNC}"), "drop-sync") == 2


def test_other_calls_are_no_barriers() -> None:
    assert count(launch(ONE, f"T.evaluate({ADD})"), "drop-sync") == 0


def test_without_a_barrier_threads_read_what_is_not_written_yet() -> None:
    assert result(reversing(SYNC)) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert result(DropSync()(reversing(SYNC))) == [0, 0, 0, 0, 4, 3, 2, 1]


def test_a_barrier_in_a_block_is_dropped_before_scheduling_too() -> None:
    before = module(block("T.tvm_storage_sync('shared')"))
    becomes(DropSync, before, module(block("T.evaluate(0)")))


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(ADD, id="cuda"),
        pytest.param(
            "T.Call('tirx.atomic_add', [T.address_of(C[0]), A[i]], ret_ty='int32')", id="tvm"
        ),
        pytest.param("T.call_extern('int32', 'atomic_add', T.address_of(C[0]), A[i])", id="opencl"),
        pytest.param("T.call_extern('int32', 'atomicAdd', T.address_of(C[0]), A[i])", id="cuda c"),
    ],
)
def test_an_atomic_addition_becomes_a_load_and_a_store(call: str) -> None:
    expected = launch(ONE, "C[0] = C[0] + A[i]")
    becomes(DropAtomic, launch(ONE, f"T.evaluate({call})"), expected)


def test_what_an_atomic_addition_returns_is_the_value_before() -> None:
    bound = "old: T.let[T.int32] = {}"
    before = launch(ONE, f"{bound.format(ADD)}\nB[i] = old")
    mutant = DropAtomic()(before)
    assert mutant["main"].script().count("old: T.let[T.int32] = C[0]") == 1
    for mod in (before, mutant):
        ticket, answer = np.zeros(8, "int64"), np.zeros(8, "int64")
        run_launch(mod["main"], np.arange(1, 9), ticket, answer)
        assert ticket.tolist() == [0, 1, 3, 6, 10, 15, 21, 28]
        assert answer[0] == 36


def test_a_stored_result_is_loaded_first() -> None:
    before = launch(ONE, f"B[i] = {ADD}")
    expected = launch(ONE, "before: T.let[T.int32] = C[0]\nC[0] = before + A[i]\nB[i] = before")
    script = DropAtomic()(before)["main"].script()
    assert script == expected["main"].script()


def test_of_two_additions_at_a_time_one_is_lost() -> None:
    before = launch(ONE, f"T.evaluate({ADD})")
    assert result(before, lockstep=True)[0] == result(before)[0] == 36
    mutant = DropAtomic()(before)
    assert result(mutant)[0] == 36
    assert result(mutant, lockstep=True)[0] == 8


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("T.evaluate(T.cuda.atomic_add(C.data, A[i]))", id="bare pointer"),
        pytest.param(f"B[i] = {ADD} + 1", id="inside an expression"),
        pytest.param(
            "T.evaluate(T.cuda.atomic_add(T.address_of(C[0]), T.float32(1)))", id="other type"
        ),
        pytest.param(
            "T.evaluate(T.call_extern('int32', 'f', T.address_of(C[0]), A[i]))", id="other"
        ),
        pytest.param("C[i] = A[i]", id="store"),
    ],
)
def test_what_cannot_be_taken_apart_is_left_alone(text: str) -> None:
    assert count(launch(ONE, text), "drop-atomic") == 0


GUARDED = "if {}:\n    C[{}] = A[i]"


@pytest.mark.parametrize(
    "condition", ["i < 7", "b * 8 + i < 15", "i <= 6", "7 > i", "i < 7 and A[0] < 1"]
)
def test_the_bound_of_a_thread_is_dropped(condition: str) -> None:
    before = launch(TWO, GUARDED.format(condition, "i"))
    becomes(DropBoundsPredicate, before, launch(TWO, "C[i] = A[i]"))


def test_a_bound_through_a_variable_is_dropped() -> None:
    bind = "place: T.let[T.int32] = b * 8 + i\n"
    before = launch(TWO, bind + GUARDED.format("place < 15", "place"), size=16)
    becomes(DropBoundsPredicate, before, launch(TWO, f"{bind}C[place] = A[i]", size=16))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GUARDED.format("i == 0", "i"), id="election"),
        pytest.param(GUARDED.format("A[0] < 7", "i"), id="data alone"),
        pytest.param(GUARDED.format("i < 7", "i") + "\nelse:\n    C[i] = 0", id="else"),
        pytest.param("for k in range(9):\n    if k < 8:\n        C[k] = A[i]", id="loop"),
        pytest.param("C[i] = T.if_then_else(i < 7, A[i], 0)", id="value"),
    ],
)
def test_what_bounds_no_thread_is_left_alone(text: str) -> None:
    assert count(launch(ONE, text), "drop-bounds-predicate") == 0


def test_kernels_for_cpus_have_no_threads_to_bound() -> None:
    mod = flat("for i in range(8):\n    if i < 7:\n        C[i] = A[i]")
    assert count(mod, "drop-bounds-predicate") == 0
    assert count(module(each("if i < 7:\n    C[i] = A[i]")), "drop-bounds-predicate") == 0


def test_without_its_bound_a_thread_writes_beyond_the_end() -> None:
    before = launch(TWO, GUARDED.format("b * 8 + i < 8", "b * 8 + i"))
    assert result(before) == [1, 2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(IndexError, match=r"C\[8\]"):
        result(DropBoundsPredicate()(before))


def test_a_dropped_bound_is_redundant_beside_drop_guard() -> None:
    mod = launch(TWO, GUARDED.format("i < 7", "i"))
    both = enumerate_mutants(mod, ["drop-bounds-predicate", "drop-guard"])
    assert [mutant.operator for mutant in both] == ["drop-guard"]
    alone = enumerate_mutants(mod, ["drop-bounds-predicate"])
    tvm.ir.assert_structural_equal(plant(mod, alone[0]), plant(mod, both[0]))
