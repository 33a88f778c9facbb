"""`tweak-thread-extent`, `swap-thread-axis`, `swap-block-thread`: launches of another shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm

from launch_interpreter import run_launch
from launch_kernels import Axes, flat, launch
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import plant
from mutatenn.transform import SwapBlockThread, SwapThreadAxis, TweakThreadExtent
from operator_kernels import each, module

X: Any = "threadIdx.x"
Y, BLOCK = "threadIdx.y", "blockIdx.x"
COPY = "C[i * 4 + j] = A[i * 4 + j]"
SHARED = "s = T.alloc_shared((8,), 'int32')"
THROUGH = f"s[i * 4 + j] = A[i * 4 + j]\nT.tvm_storage_sync('shared')\n{COPY.replace('A', 's')}"


def pair(one: str, first: int, other: str, second: int, body: str = COPY, before: str = "") -> Any:
    """A launch with the variable ``i`` along one axis, and ``j`` along another inside."""
    return launch([("i", one, first), ("j", other, second)], body, before=before)


def becomes(made: Any, before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(made(**arguments)(before), expected)


def found(mod: Any, operator: str) -> list[str]:
    return [mutant.replacement for mutant in enumerate_mutants(mod, [operator])]


def result(mod: Any) -> list[int]:
    answer = np.zeros(8, "int64")
    run_launch(mod["main"], np.arange(1, 9), np.zeros(8, "int64"), answer)
    return answer.tolist()


@pytest.mark.parametrize(
    ("arguments", "extent"),
    [({"change": "add"}, 5), ({"change": "sub"}, 3), ({"change": "half"}, 2), ({"to": 7}, 7)],
)
def test_an_extent_changes(arguments: Any, extent: int) -> None:
    before, expected = pair(BLOCK, 2, X, 4), pair(BLOCK, 2, X, extent)
    becomes(TweakThreadExtent, before, expected, site=1, axis=X, **arguments)


def test_by_default_an_extent_takes_three_values_once_each() -> None:
    assert found(launch([("i", X, 8)], "C[i] = A[i]"), "tweak-thread-extent") == [
        "change=add",
        "change=sub",
        "change=half",
    ]
    assert found(launch([("i", X, 2)], "C[i] = A[i]"), "tweak-thread-extent") == [
        "change=add",
        "change=sub",
    ]
    assert found(launch([("i", X, 1)], "C[i] = A[i]"), "tweak-thread-extent") == ["change=add"]


def test_extents_are_chosen_by_their_axis() -> None:
    with pytest.raises(ValueError, match=r"\[axis=threadIdx.x\] does not fit site 0"):
        TweakThreadExtent(axis=X)(pair(BLOCK, 2, X, 4))


def test_an_extent_is_not_set_to_itself() -> None:
    with pytest.raises(ValueError, match=r"\[to=8\] does not fit site 0"):
        TweakThreadExtent(to=8)(launch([("i", X, 8)], "C[i] = A[i]"))


def test_an_axis_bound_again_inside_changes_with_it() -> None:
    def nested(extent: int) -> Any:
        again = f"with T.launch_thread('{X}', {extent}) as j:\n    C[j] = A[i]"
        return launch([("i", X, extent)], again)

    assert len(enumerate_mutants(nested(8), ["tweak-thread-extent"])) == 3
    becomes(TweakThreadExtent, nested(8), nested(4), change="half")


def test_an_axis_bound_twice_side_by_side_is_left_alone() -> None:
    twice = "with T.launch_thread('threadIdx.x', 4) as {0}:\n    C[{0}] = A[{0}]"
    body = f"{twice.format('i')}\n{twice.format('j')}"
    assert found(launch([("b", BLOCK, 1)], body), "tweak-thread-extent") == ["change=add"]
    # They are two launches where nothing is bound around them.
    assert len(found(flat(body), "tweak-thread-extent")) == 6


def test_threads_that_are_missing_leave_elements_unwritten() -> None:
    before = pair(BLOCK, 2, X, 4)
    assert result(before) == [1, 2, 3, 4, 5, 6, 7, 8]
    fewer = TweakThreadExtent(site=1, change="half")(before)
    assert result(fewer) == [1, 2, 0, 0, 5, 6, 0, 0]
    with pytest.raises(IndexError):
        result(TweakThreadExtent(site=0, change="add")(before))


SWAPS = pytest.mark.parametrize(
    ("made", "one", "other"),
    [
        pytest.param(SwapThreadAxis, Y, X, id="threads"),
        pytest.param(SwapThreadAxis, "blockIdx.y", BLOCK, id="blocks"),
        pytest.param(SwapBlockThread, BLOCK, X, id="block and thread"),
        pytest.param(SwapBlockThread, "threadIdx.z", "blockIdx.z", id="thread and block"),
    ],
)


@SWAPS
def test_the_launch_stays_and_its_axes_are_exchanged(made: Any, one: str, other: str) -> None:
    becomes(made, pair(one, 2, other, 4), pair(other, 4, one, 2))


@SWAPS
def test_extents_move_with_their_variables(made: Any, one: str, other: str) -> None:
    becomes(made, pair(one, 2, other, 4), pair(other, 2, one, 4), extents="move")


@SWAPS
def test_exchanged_axes_do_other_work(made: Any, one: str, other: str) -> None:
    body = "if i < 2 and j < 4:\n    C[i * 4 + j] = A[i * 4 + j]"
    before = pair(one, 2, other, 4, body)
    assert result(before) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert result(made()(before)) == [1, 2, 0, 0, 5, 6, 0, 0]
    assert result(made(extents="move")(before)) == result(before)


def test_a_variable_between_the_two_keeps_its_axis() -> None:
    def three(first: tuple[str, int], last: tuple[str, int]) -> Any:
        axes: Axes = [("i", *first), ("k", Y, 3), ("j", *last)]
        return launch(axes, "C[i * 4 + j] = A[k]")

    becomes(SwapBlockThread, three((BLOCK, 2), (X, 4)), three((X, 4), (BLOCK, 2)))


def test_an_axis_is_exchanged_for_each_of_its_kind() -> None:
    axes: Axes = [("b", BLOCK, 2), ("i", "threadIdx.z", 2), ("j", Y, 3), ("k", X, 4)]
    mod = launch(axes, "C[b] = A[i + j + k]")
    assert found(mod, "swap-thread-axis") == [f"with={X}", f"with={Y}", f"with={X}"]
    assert len(found(mod, "swap-block-thread")) == 1


@pytest.mark.parametrize("operator", ["swap-thread-axis", "swap-block-thread"])
def test_an_axis_without_a_partner_is_left_alone(operator: str) -> None:
    assert found(launch([("b", BLOCK, 2), ("j", Y, 4)], "C[j] = A[b]"), operator) == []
    apart = "with T.launch_thread('{0}', 4) as {1}:\n    C[{1}] = A[{1}]"
    two = "\n".join(apart.format(tag, var) for tag, var in [(X, "i"), (Y, "j"), (BLOCK, "k")])
    assert found(flat(two), operator) == []


def preserves(mod: Any, operator: str) -> list[bool]:
    return [mutant.semantics_preserving for mutant in enumerate_mutants(mod, [operator])]


def test_equal_extents_keep_the_meaning_where_threads_do_not_cooperate() -> None:
    assert preserves(pair(Y, 2, X, 4), "swap-thread-axis") == [False]
    assert preserves(pair(Y, 2, X, 2), "swap-thread-axis") == [True]
    assert preserves(pair(BLOCK, 2, X, 2), "swap-block-thread") == [True]
    result_of = [result(pair(Y, 2, X, 2)), result(SwapThreadAxis()(pair(Y, 2, X, 2)))]
    assert result_of[0] == result_of[1]


def test_barriers_keep_the_meaning_of_exchanged_threads_alone() -> None:
    def shared(one: str, other: str) -> Any:
        return pair(one, 2, other, 2, THROUGH, SHARED)

    assert preserves(shared(Y, X), "swap-thread-axis") == [True]
    assert preserves(shared(BLOCK, X), "swap-block-thread") == [False]


@pytest.mark.parametrize(
    ("body", "before"),
    [
        pytest.param(f"{COPY}\nT.tvm_storage_sync('warp')", "", id="barrier of a warp"),
        pytest.param("T.evaluate(T.cuda.atomic_add(T.address_of(C[0]), i))", "", id="atomic"),
        pytest.param("C[i] = T.tvm_warp_shuffle(1, j, 0, 32, 32)", "", id="shuffle"),
        pytest.param(
            COPY, SHARED[:-1] + ", annotations={'tirx.volatile': True})", id="volatile memory"
        ),
    ],
)
def test_threads_in_lockstep_are_told_apart(body: str, before: str) -> None:
    assert preserves(pair(Y, 2, X, 2, body, before), "swap-thread-axis") == [False]


@pytest.mark.parametrize(
    "operator", ["tweak-thread-extent", "swap-thread-axis", "swap-block-thread"]
)
def test_kernels_before_threads_are_bound_are_left_alone(operator: str) -> None:
    assert found(module(each("C[i] = A[i]")), operator) == []


def test_a_mutant_of_a_second_launch_leaves_the_first() -> None:
    one = "with T.launch_thread('threadIdx.x', {1}) as {0}:\n    C[{0}] = A[{0}]"
    mod = flat(f"{one.format('i', 8)}\n{one.format('j', 8)}")
    mutant = enumerate_mutants(mod, ["tweak-thread-extent"])[-1]
    expected = flat(f"{one.format('i', 8)}\n{one.format('j', 4)}")
    tvm.ir.assert_structural_equal(plant(mod, mutant), expected)
