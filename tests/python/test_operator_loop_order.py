"""`change-kind` and `swap-loops`: iterations in another order, or at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.lowering.stage import at_stage
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import ChangeKind, SwapLoops
from operator_kernels import module, run, square

SCRIPT = {
    "serial": "range(8)",
    "parallel": "T.parallel(0, 8)",
    "vectorized": "T.vectorized(0, 8)",
    "unrolled": "T.unroll(0, 8)",
}
COPY, SUM = "C[i] = A[i]", "C[0] = C[0] + A[i]"


def loop(kind: str, body: str = COPY, dtype: str = "float32") -> Any:
    return module(f"for i in {SCRIPT.get(kind, kind)}:\n    {body}", dtype)


def kinds(mod: Any, site: int = 0) -> dict[str, bool]:
    """The kinds that the loop at a site may get, and whether each keeps the meaning."""
    return {
        mutant.replacement.removeprefix("to="): mutant.semantics_preserving
        for mutant in enumerate_mutants(mod, ["change-kind"])
        if mutant.site == site
    }


def swaps(mod: Any) -> list[bool]:
    """For every pair of loops that may be exchanged, whether that keeps the meaning."""
    found = enumerate_mutants(mod, ["swap-loops"])
    return [mutant.semantics_preserving for mutant in found]


@pytest.mark.parametrize("source", SCRIPT)
@pytest.mark.parametrize("to", SCRIPT)
def test_a_loop_gets_another_kind_and_keeps_its_meaning(source: str, to: Any) -> None:
    before = loop(source)
    if source == to:
        with pytest.raises(ValueError, match="does not fit site 0"):
            ChangeKind(to=to)(before)
        return
    mutant = ChangeKind(to=to)(before)
    tvm.ir.assert_structural_equal(mutant, loop(to))
    assert kinds(before)[to]
    assert run(mutant, range(8)).tolist() == list(range(8))


INDEPENDENT = [
    pytest.param("C[i] = A[7 - i]", id="other buffer"),
    pytest.param("C[7 - i] = C[7 - i] + A[i]", id="own element"),
    pytest.param("for k in T.serial(0, 4):\n        C[i] = C[i] + A[k]", id="inner sum"),
    pytest.param("for k in T.serial(0, 2):\n        C[i * 2 + k] = A[k]", id="own pair"),
    pytest.param("if A[i] < 3.0:\n        C[i] = B[i]", id="guard"),
]
UNKNOWN = [
    pytest.param("C[i] = C[7 - i]", id="another's element"),
    pytest.param("C[i // 2] = A[i]", id="shared pairs"),
    pytest.param("C[0] = A[i]", id="last one wins"),
    pytest.param("for k in T.serial(0, 3):\n        C[i * 2 + k] = A[k]", id="overlap"),
    pytest.param("A[i] = A[i] + 1.0\n    C[0] = C[0] + A[7 - i]", id="sum of what changes"),
    pytest.param("if i == 3:\n        C[0] = C[0] + A[i]", id="guarded sum"),
    pytest.param("C[T.cast(A[i], 'int32')] = B[i]", id="scatter"),
    pytest.param("T.evaluate(T.call_extern('int32', 'f', C.data, i))", id="unknown call"),
]


@pytest.mark.parametrize("body", INDEPENDENT)
def test_independent_iterations_may_run_at_once(body: str) -> None:
    assert kinds(loop("serial", body))["parallel"]


@pytest.mark.parametrize("body", UNKNOWN)
def test_iterations_of_which_nothing_is_known_do_not_run_at_once(body: str) -> None:
    found = kinds(loop("serial", body))
    assert "parallel" not in found and "vectorized" not in found
    assert found["unrolled"]


def test_a_sum_in_parallel_or_in_a_vector_is_a_fault() -> None:
    assert kinds(loop("serial", SUM)) == {"parallel": False, "vectorized": False, "unrolled": True}


def test_a_vectorised_sum_keeps_one_of_its_terms() -> None:
    original = loop("serial", SUM)
    assert run(original, range(8)).tolist()[0] == 28
    assert run(ChangeKind(to="vectorized")(original), range(8)).tolist()[0] == 7


@pytest.mark.parametrize(
    ("text", "site", "missing"),
    [
        pytest.param("range(65)", 0, {"vectorized", "unrolled"}, id="long"),
        pytest.param("T.serial(1, 8)", 0, {"parallel", "vectorized"}, id="from one"),
        pytest.param("range(1)", 0, set(SCRIPT), id="one iteration"),
        pytest.param("T.thread_binding(0, 8, 'threadIdx.x')", 0, set(SCRIPT), id="threads"),
    ],
)
def test_what_tvm_refuses_or_says_nothing_is_not_offered(
    text: str, site: int, missing: set[str]
) -> None:
    assert not missing & kinds(loop(text), site).keys()


@pytest.mark.parametrize(("outer", "inner"), [("parallel", "serial"), ("serial", "parallel")])
def test_parallel_loops_are_not_nested(outer: str, inner: str) -> None:
    bounds = {name: text.replace("8", "4") for name, text in SCRIPT.items()}
    text = f"for i in {bounds[outer]}:\n    for j in {bounds[inner]}:\n        C[i, j] = A[i, j]"
    for site in (0, 1):
        assert "parallel" not in kinds(square(text), site)


@pytest.mark.parametrize(("rounds", "offered"), [(1023, True), (1024, False)])
def test_threads_are_not_woken_too_often(rounds: int, offered: bool) -> None:
    text = "for k in {}:\n    for i in {}:\n        C[i] = A[i]"
    inside = module(text.format(f"range({rounds})", "range(8)"))
    assert ("parallel" in kinds(inside)) == offered
    moved = module(
        "for k in T.parallel(0, 8):\n"
        f"    for i in range({rounds}):\n"
        "        C[k] = C[k] + T.cast(i, 'float32')"
    )
    assert bool(swaps(moved)) == offered


def test_only_innermost_loops_become_vectors() -> None:
    mod = square("for i, j in T.grid(4, 4):\n    C[i, j] = A[i, j]")
    assert "vectorized" not in kinds(mod, 0) and kinds(mod, 1)["vectorized"]


def test_flat_code_has_serial_and_parallel_loops_only() -> None:
    assert kinds(at_stage(loop("serial"), "kernel")[0]) == {"parallel": True}
    assert kinds(at_stage(loop("parallel"), "kernel")[0]) == {"serial": True}
    assert kinds(at_stage(loop("serial", SUM), "kernel")[0]) == {"parallel": False}


GRID = "for i, j in T.grid(4, 4):\n    {}"
OTHER = "for j, i in T.grid(4, 4):\n    {}"


@pytest.mark.parametrize(
    ("statement", "preserving"),
    [
        pytest.param("C[i, j] = A[j, i]", [True], id="copy"),
        pytest.param("C[i, 0] = C[i, 0] + A[i, j]", [True], id="sums of rows"),
        pytest.param("C[0, j] = C[0, j] + A[i, j]", [True], id="sums of columns"),
        pytest.param("C[0, 0] = C[0, 0] + A[i, j]", [False], id="sum of all"),
        pytest.param("C[0, 0] = T.max(C[0, 0], A[i, j])", [], id="maximum of all"),
        pytest.param("C[0, 0] = A[i, j]", [], id="last one wins"),
    ],
)
def test_two_loops_are_exchanged(statement: str, preserving: list[bool]) -> None:
    before = square(GRID.format(statement))
    assert swaps(before) == preserving
    if preserving:
        mutant = SwapLoops()(before)
        tvm.ir.assert_structural_equal(mutant, square(OTHER.format(statement)))


def test_an_integer_sum_shows_no_order() -> None:
    assert swaps(square(GRID.format("C[0, 0] = C[0, 0] + A[i, j]"), "int32")) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for i in range(4):\n    for j in range(i):\n        {}", id="triangle"),
        pytest.param("for i in range(4):\n    for j in range(1):\n        {}", id="one iteration"),
        pytest.param(
            "for i in range(4):\n    for j in T.vectorized(0, 4):\n        {}", id="vector"
        ),
        pytest.param(
            "for i in range(4):\n    C[i, 0] = 1.0\n    for j in range(4):\n        {}",
            id="imperfect",
        ),
    ],
)
def test_other_nests_are_left_alone(text: str) -> None:
    assert swaps(square(text.format("C[i, j] = A[i, j]"))) == []


def test_a_parallel_loop_moves_with_its_kind() -> None:
    text = "for {} in {}:\n    for {} in {}:\n        C[i, j] = A[i, j]"
    before = square(text.format("i", "T.parallel(0, 4)", "j", "range(4)"))
    after = square(text.format("j", "range(4)", "i", "T.parallel(0, 4)"))
    assert swaps(before) == [True]
    tvm.ir.assert_structural_equal(SwapLoops()(before), after)


def test_a_sum_in_another_order_is_rounded_otherwise() -> None:
    original = square(GRID.format("C[0, 0] = C[0, 0] + A[i, j]"))
    values = np.zeros((4, 4), "float32")
    values[0, 0], values[0, 1], values[1, 0] = 1e8, 1, -1e8
    assert run(original, values)[0, 0] == 0
    assert run(SwapLoops()(original), values)[0, 0] == 1


def test_views_of_one_workspace_are_one_memory() -> None:
    text = (
        "W = T.sblock_alloc_buffer((4,))\n"
        "for x, y in T.grid(4, 4):\n"
        "    with T.sblock('a'):\n"
        "        i, k = T.axis.remap('SR', [x, y])\n"
        "        with T.init():\n"
        "            W[i] = T.float32(0)\n"
        "        W[i] = W[i] + A[i, k]\n"
        "for x, y in T.grid(4, 4):\n"
        "    with T.sblock('b'):\n"
        "        i, j = T.axis.remap('SS', [x, y])\n"
        "        C[i, j] = W[i] + A[i, j]"
    )
    for stage in ("tensor", "kernel"):
        mod = at_stage(square(text), stage)[0]
        assert swaps(mod) == [True, True]
        found = [kinds(mod, site).get("parallel") for site in range(4)]
        assert found == [True, False, True, True]
