"""`tweak-extent`, `tweak-min` and `skip-iterations`: loops that miss, repeat or add iterations."""

from __future__ import annotations

from typing import Any

import pytest
import tvm

from mutatenn.lowering.stage import at_stage
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.trip_count import never_ends, trip_count
from mutatenn.transform import SkipIterations, TweakExtent, TweakMin
from operator_kernels import block, module, run

LOOP = "for i in {}:\n    C[i] = A[i]"
KINDS = ["T.serial", "T.parallel", "T.unroll", "T.vectorized"]
THREADS = "T.thread_binding"


def loop(bounds: str, body: str = "C[i] = A[i]") -> Any:
    return module(f"for i in {bounds}:\n    {body}")


def assert_becomes(made: Any, before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(made(**arguments)(before), expected)


def offered(mod: Any, operator: str) -> list[str]:
    return [mutant.replacement for mutant in enumerate_mutants(mod, [operator], redundant=True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", [1, -1])
def test_a_loop_ends_later_or_earlier(kind: str, by: int) -> None:
    before, after = loop(f"{kind}(0, 6)"), loop(f"{kind}(0, {6 + by})")
    assert_becomes(TweakExtent, before, after, by=by)


def test_a_loop_whose_extent_is_no_literal_ends_later_too() -> None:
    text = "for k in range(4):\n    for i in T.serial(0, {}):\n        C[i] = A[i]"
    assert_becomes(TweakExtent, module(text.format("k")), module(text.format("k + 1")), site=1)
    assert_becomes(
        TweakExtent, module(text.format("k")), module(text.format("k - 1")), site=1, by=-1
    )


@pytest.mark.parametrize("kind", ["T.serial", "T.unroll"])
@pytest.mark.parametrize("by", [1, -1])
def test_a_loop_begins_later_or_earlier_and_runs_as_often(kind: str, by: int) -> None:
    before, after = loop(f"{kind}(1, 7)"), loop(f"{kind}({1 + by}, {7 + by})")
    assert_becomes(TweakMin, before, after, by=by)


@pytest.mark.parametrize("kind", ["T.parallel", "T.vectorized"])
def test_what_tvm_runs_from_zero_on_only_is_left_alone(kind: str) -> None:
    assert offered(loop(f"{kind}(0, 6)"), "tweak-min") == []


@pytest.mark.parametrize("operator", ["tweak-extent", "tweak-min", "skip-iterations"])
def test_loops_bound_to_threads_are_left_alone(operator: str) -> None:
    assert offered(loop(f"{THREADS}(0, 6, 'threadIdx.x')"), operator) == []


def test_no_loop_runs_less_often_than_never() -> None:
    both, more = ["by=1", "by=-1"], ["by=1"]
    assert offered(loop("range(1)"), "tweak-extent") == both
    assert offered(loop("range(0)"), "tweak-extent") == more
    assert offered(loop("T.vectorized(0, 1)"), "tweak-extent") == more


@pytest.mark.parametrize(
    ("arguments", "condition"),
    [
        ({"which": "first"}, "i != 0"),
        ({"which": "last"}, "i != 5"),
        ({"which": "odd"}, "i % 2 != 1"),
        ({"which": "even"}, "i % 2 != 0"),
        ({"which": "nth"}, "i % 3 != 2"),
        ({"n": 4}, "i % 4 != 3"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_iterations_are_left_out(kind: str, arguments: Any, condition: str) -> None:
    before = loop(f"{kind}(0, 6)")
    after = loop(f"{kind}(0, 6)", f"if {condition}:\n        C[i] = A[i]")
    assert_becomes(SkipIterations, before, after, **arguments)


@pytest.mark.parametrize(
    ("which", "condition"),
    [("first", "i != 2"), ("last", "i != 2 + 3"), ("odd", "(i - 2) % 2 != 1")],
)
def test_iterations_are_counted_from_where_a_loop_begins(which: Any, condition: str) -> None:
    mutant = SkipIterations(which=which)(loop("range(2, 6)"))
    expected = run(loop("range(2, 6)", f"if {condition}:\n        C[i] = A[i]"), range(8))
    assert run(mutant, range(8)).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("extent", "which"),
    [(0, []), (1, ["first"]), (2, ["first", "last"]), (3, ["first", "last", "odd"])],
)
def test_what_leaves_out_the_same_is_offered_once(extent: int, which: list[str]) -> None:
    found = offered(loop(f"range({extent})"), "skip-iterations")
    assert found == [f"which={one}" for one in which]


def test_the_last_iteration_is_left_to_the_extent_where_that_is_asked_for_too() -> None:
    found = enumerate_mutants(loop("range(6)"), ["skip-iterations", "tweak-extent"])
    kept = [m.replacement for m in found if m.operator == "skip-iterations"]
    assert kept == ["which=first", "which=odd"]
    alone = enumerate_mutants(loop("range(6)"), ["skip-iterations"])
    assert [m.replacement for m in alone] == ["which=first", "which=last", "which=odd"]


def test_a_statement_left_out_is_shown() -> None:
    before = loop("range(6)")
    after = SkipIterations(which="first")(before)
    assert "+                if i != 0:" in kernel_diff(before["main"], after["main"], "main")


@pytest.mark.parametrize(
    ("made", "arguments", "expected"),
    [
        (TweakExtent, {"by": 1}, [0, 1, 2, 3, 4, 5, 6, 0]),
        (TweakExtent, {"by": -1}, [0, 1, 2, 3, 4, 9, 0, 0]),
        (TweakMin, {"by": 1}, [0, 1, 2, 3, 4, 5, 6, 0]),
        (SkipIterations, {"which": "first"}, [9, 1, 2, 3, 4, 5, 0, 0]),
        (SkipIterations, {"which": "odd"}, [0, 9, 2, 9, 4, 9, 0, 0]),
    ],
)
@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_other_elements_are_stored(stage: str, made: Any, arguments: Any, expected: Any) -> None:
    text = "C[0] = 9.0\nC[1] = 9.0\nC[3] = 9.0\nC[5] = 9.0\nfor i in T.serial(0, 6):\n    {}"
    mod = at_stage(module(text.format("C[i] = A[i]")), stage)[0]
    if made is TweakMin:  # the first element is not stored any more
        expected = [9, *expected[1:]]
    assert run(made(**arguments)(mod), range(8)).tolist() == expected


def test_a_loop_without_iterations_stores_nothing() -> None:
    original = loop("range(1)")
    mutant = TweakExtent(by=-1)(original)
    assert run(original, [5] * 8).tolist() == [5, 0, 0, 0, 0, 0, 0, 0]
    assert run(mutant, [5] * 8).tolist() == [0] * 8
    assert trip_count(mutant["main"].body.block) == 0


def test_an_iteration_more_is_no_hang_and_a_thousandfold_is() -> None:
    original = loop("range(6)")
    for by, hangs in ((1, False), (-6, False), (6000, True)):
        mutant = TweakExtent(by=by)(original)
        assert bool(never_ends(original["main"], mutant["main"])) == hangs
        assert trip_count(mutant["main"].body.block) == 6 + by


def test_an_iteration_more_is_proved_to_leave_the_buffers() -> None:
    mod = at_stage(module(block("C[v] = A[v]")), "kernel")[0]
    before = accesses(mod["main"])

    def beyond(mutant: Any) -> set[tuple[str, bool, int]]:
        found = out_of_bounds(before, mutant["main"])
        return {(str(one.side), one.writes, one.elements) for one in found}

    assert beyond(TweakExtent(by=1)(mod)) == {("after", True, 1), ("after", False, 1)}
    assert beyond(TweakMin(by=-1)(mod)) == {("before", True, 1), ("before", False, 1)}
    assert beyond(TweakExtent(by=-1)(mod)) == set()
    for which in ("first", "last", "odd"):
        assert beyond(SkipIterations(which=which)(mod)) == set()


def test_bounds_that_differ_are_never_proved_equal() -> None:
    text = "for k in range(4):\n    for i in T.serial(0, k):\n        C[i] = A[i]"
    mod = module(text)
    family = ["tweak-extent", "tweak-min", "skip-iterations"]
    for mutant in enumerate_mutants(mod, family, redundant=True):
        changed = plant(mod, mutant)["main"]
        assert prove_equivalent(mod["main"], changed, mutant.path) is None, mutant
