"""Static proofs, against carrying the kernels out step by step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import OutOfBounds, out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, operator_versions, plant
from operator_kernels import module
from tir_interpreter import trace

SIZE = 8
"""Elements of each buffer."""


def mutants_of(mod: Any) -> list[tuple[Mutant, Any]]:
    """Every mutant of a module's kernel with the mutated kernel."""
    planted = []
    for mutant in enumerate_mutants(mod, operator_versions()):
        try:
            planted.append((mutant, plant(mod, mutant)["main"]))
        except ValueError:
            continue  # TVM refuses it
    return planted


def said_of(body: str, operator: str, replacement: str, ordinal: int = 0) -> Any:
    """The proof about one mutant of a kernel with this body, or ``None``."""
    mod = module(body)
    found = [
        (mutant, kernel)
        for mutant, kernel in mutants_of(mod)
        if mutant.operator == operator and mutant.replacement == replacement
    ]
    mutant, kernel = found[ordinal]
    return prove_equivalent(mod["main"], kernel, mutant.path)


def beyond(original: Any, mutant: Any) -> list[OutOfBounds]:
    return list(out_of_bounds(accesses(original), mutant))


def farthest(func: Any) -> dict[tuple[str, str, bool], int]:
    """Elements out of bounds by buffer, side, and whether it is a write, by carrying it out."""
    found: dict[tuple[str, str, bool], int] = {}
    for kind, buffer, place in trace(func):
        for side, distance in (("before", -place), ("after", place - SIZE + 1)):
            if distance > 0:
                key = (buffer, side, kind == "write")
                found[key] = max(found.get(key, 0), distance)
    return found


NUMBERS = st.recursive(
    st.sampled_from(["i", "j", "i", "j", "1", "2", "3", "7"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.sampled_from(["//", "%"]), st.sampled_from("235")).map(
            lambda t: f"({t[0]} {t[1]} {t[2]})"
        ),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda t: f"T.{t[0]}({t[1]}, {t[2]})"
        ),
    ),
    max_leaves=4,
)
COMPARISONS = st.tuples(NUMBERS, st.sampled_from(["<", "<=", "==", "!="]), NUMBERS).map(
    lambda t: f"{t[0]} {t[1]} {t[2]}"
)
CONDITIONS = st.one_of(
    COMPARISONS,
    st.tuples(COMPARISONS, st.sampled_from(["and", "or"]), COMPARISONS).map(
        lambda t: f"({t[0]}) {t[1]} ({t[2]})"
    ),
)


@st.composite
def kernels(draw: st.DrawFn) -> str:
    """A guarded store in two loops, with a guarded read."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    guard, choice = draw(CONDITIONS), draw(CONDITIONS)
    store, load = draw(NUMBERS), draw(NUMBERS)
    return (
        f"for i in range({rows}):\n    for j in range({columns}):\n"
        f"        if {guard}:\n"
        f"            C[{store}] = T.if_then_else({choice}, A[{load}], B[j])\n"
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(kernels())
def test_what_is_proved_of_a_mutant_is_what_carrying_it_out_shows(body: str) -> None:
    mod = module(body)
    original = mod["main"]
    before = trace(original)
    for mutant, kernel in mutants_of(mod):
        if prove_equivalent(original, kernel, mutant.path) is not None:
            assert trace(kernel) == before, mutant
            continue
        shown, earlier = farthest(kernel), farthest(original)
        added = {k: n for k, n in shown.items() if n > earlier.get(k, 0)}
        told = {
            (one.buffer, one.side, one.writes): one.elements for one in beyond(original, kernel)
        }
        assert told == added, mutant


@pytest.mark.parametrize(
    ("guard", "operator", "replacement"),
    [
        ("i <= 7", "swap-cmp", "to=lt"),
        ("i == 0", "swap-cmp", "to=le"),
        ("i + 1 < 9 and B[i] < T.float32(1)", "swap-cmp", "to=le"),
    ],
)
def test_a_guard_that_means_the_same_in_its_loop_or_not_is_told_apart(
    guard: str, operator: str, replacement: str
) -> None:
    body = f"for i in range(8):\n    if {guard}:\n        C[i] = A[i]"
    proof = said_of(body, operator, replacement)
    if guard == "i <= 7":
        assert proof is None
    else:
        assert proof.kind == "equal"
        assert "condition" in proof.reason


def test_a_place_under_a_guard_that_never_holds_is_unreachable() -> None:
    body = "for i in range(8):\n    if i * 2 > 20:\n        C[i + 1] = A[i]"
    proof = said_of(body, "swap-arith", "to=div", ordinal=1)
    assert proof.kind == "unreachable"
    assert proof.reason == (
        "the analyzer proves that nothing executes the place: `i * 2 > 20` is never true"
    )


def test_a_place_behind_a_guard_that_always_holds_is_unreachable_in_the_other_branch() -> None:
    body = (
        "for i in range(8):\n    if i < 9:\n        C[i] = A[i]\n    else:\n        C[i + 1] = A[i]"
    )
    proof = said_of(body, "swap-arith", "to=sub")
    assert (proof.kind, "`i < 9` is always true" in proof.reason) == ("unreachable", True)


def test_a_place_in_a_loop_without_iterations_is_unreachable() -> None:
    body = "for i in range(0):\n    C[i + 1] = A[i]"
    proof = said_of(body, "swap-arith", "to=sub")
    assert "the loop over i has no iteration" in proof.reason


def test_nothing_is_proved_of_floating_point_arithmetic() -> None:
    # Of numbers both are never true; of NaN the second is.
    body = "for i in range(8):\n    if A[i] < A[i]:\n        C[i] = A[i]"
    assert said_of(body, "swap-cmp", "to=ne") is None


def test_nothing_is_proved_of_arithmetic_that_may_overflow() -> None:
    # In unbounded integers the two sums are equal or not alike on both sides.
    body = "for i in range(8):\n    if i * 1000000000 < i * 1000000000 + 1:\n        C[i] = A[i]"
    assert said_of(body, "swap-cmp", "to=le") is None
    small = body.replace("1000000000", "1000")
    assert said_of(small, "swap-cmp", "to=le").kind == "equal"


def test_nothing_is_proved_of_unsigned_arithmetic() -> None:
    body = (
        "for i in range(8):\n"
        "    if T.Cast('uint32', i) - T.uint32(1) < T.uint32(4000000000):\n        C[i] = A[i]"
    )
    assert said_of(body, "swap-cmp", "to=le") is None


def test_a_guard_on_memory_proves_nothing_of_what_is_under_it() -> None:
    body = (
        "for i in range(8):\n    if A[i] < T.float32(0):\n"
        "        if A[i] >= T.float32(0):\n            C[i + 1] = A[i]"
    )
    mod = module(body)
    for mutant, kernel in mutants_of(mod):
        assert prove_equivalent(mod["main"], kernel, mutant.path) is None
        assert beyond(mod["main"], kernel) == []


def test_an_access_that_the_original_has_out_of_bounds_is_not_the_mutants() -> None:
    body = "for i in range(8):\n    C[i + 1] = A[i] + A[i * 1]"
    mod = module(body)
    planted = {
        (mutant.replacement, mutant.site): beyond(mod["main"], kernel)
        for mutant, kernel in mutants_of(mod)
    }
    assert all(
        not one.writes or one.side == "before" or one.elements > 1
        for found in planted.values()
        for one in found
    )
    assert any(found for found in planted.values())


def test_an_element_before_a_buffer_is_told_with_its_place() -> None:
    mod = module("for i in range(8):\n    if i + 1 < 8:\n        C[i + 1] = A[i]")
    (kernel,) = (
        kernel
        for mutant, kernel in mutants_of(mod)
        if mutant.operator == "swap-arith"
        and mutant.replacement == "to=sub"
        and mutant.site_in_function == 1
    )
    (one,) = beyond(mod["main"], kernel)
    assert str(one) == "writes 1 element (4 bytes) before C, by index `i - 1` at i = 0"
    assert one.farthest


def test_loops_too_large_to_look_at_every_point_are_told_at_their_edges() -> None:
    mod = module("for i, j in T.grid(4096, 4096):\n    C[(i * 4096 + j) // 2097152] = A[0]")
    found = {
        mutant.replacement: beyond(mod["main"], kernel)
        for mutant, kernel in mutants_of(mod)
        if mutant.operator == "swap-arith" and mutant.site_in_function == 0
    }
    # The first operation in pre-order is the division.
    (one,) = found["to=floormod"]
    assert one.elements <= 2097152 - SIZE
    assert one.elements > 2000000


def test_vectors_are_followed_lane_by_lane() -> None:
    mod = module("for i in range(2):\n    C[T.Ramp(i * 4, 1, 4)] = A[T.Ramp(i * 4, 1, 4)]")
    found = [
        beyond(mod["main"], kernel)
        for mutant, kernel in mutants_of(mod)
        if mutant.replacement == "to=sub"
    ]
    # i - 4 is -4 and -3: the first vector begins four elements before the buffer.
    told = [[(one.buffer, one.side, one.elements) for one in each] for each in found]
    assert told == [[("C", "before", 4)], [("A", "before", 4)]]


def test_a_kernel_that_may_leave_off_early_has_no_proved_accesses() -> None:
    mod = module(
        "for i in range(8):\n    while A[i] < T.float32(0):\n        A[i] = T.float32(1)\n"
        "    C[i + 1] = A[i]"
    )
    assert accesses(mod["main"]) == []


def test_a_path_that_leads_nowhere_is_refused() -> None:
    mod = module("for i in range(8):\n    C[i] = A[i]")
    with pytest.raises(ValueError, match="leads to nothing that is executed"):
        prove_equivalent(mod["main"], mod["main"], ".body.block.nowhere")


def test_the_yardstick_itself_carries_out_a_store() -> None:
    assert trace(module("C[0] = A[1]")["main"]) == [("read", "A", 1), ("write", "C", 0)]


@pytest.mark.parametrize("bits", ["(i + 1) & 3", "(i + 1) | 3", "(i + 1) ^ 3", "~(i + 1)"])
def test_a_place_among_bits_is_asked_about_like_any_other(bits: str) -> None:
    body = f"for i in range(8):\n    C[i] = A[i] + T.Cast('float32', {bits})"
    assert said_of(body, "swap-arith", "to=sub", ordinal=1) is None
    never = body.replace("    C", "    if i > 9:\n            C")
    assert said_of(never, "swap-arith", "to=sub", ordinal=1).kind == "unreachable"
