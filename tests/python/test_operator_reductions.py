"""`drop-init`, `tweak-init`, `swap-combiner`: reductions that begin or go on otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm
from tvm import tirx

from flat_kernels import flat, run_flat
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.transform import DropInit, SwapCombiner, TweakInit
from operator_kernels import each, module, run

INPUT = np.arange(1, 9, dtype="float32")


def reduction(
    init: str = "T.float32(0)", value: str = "C[v] + A[r]", dtype: str = "float32"
) -> Any:
    """Every element of C takes in the first four of A; an empty ``init`` is none."""
    lines = ["for i, k in T.grid(8, 4):", "    with T.sblock('sum'):"]
    lines += ["        v, r = T.axis.remap('SR', [i, k])"]
    lines += ["        with T.init():", f"            C[v] = {init}"] if init else []
    return module("\n".join([*lines, f"        C[v] = {value}"]), dtype)


def loops(first: str = "C[i] = T.float32(0)", value: str = "C[i] + A[k]") -> Any:
    """The same in flat loops."""
    return flat(each(f"{first}\nfor k in range(4):\n    C[i] = {value}"))


def offered(mod: Any, operator: str, *others: str, **settings: str) -> list[str]:
    found = enumerate_mutants(mod, [operator, *others], settings)
    return [mutant.replacement for mutant in found if mutant.operator == operator]


def sites(mod: Any, operator: str) -> list[str]:
    return [mutant.path for mutant in enumerate_mutants(mod, [operator], redundant=True)]


def assert_becomes(mutant: Any, expected: Any) -> None:
    tvm.ir.assert_structural_equal(mutant, expected)


def assert_becomes_without_no_ops(mutant: Any, expected: Any) -> None:
    """TVMScript's parser leaves out statements that do nothing."""
    assert "T.evaluate(0)" in mutant.script()
    assert_becomes(tirx.transform.RemoveNoOp()(mutant), expected)


def test_a_block_loses_its_init_and_reads_what_it_stores_to() -> None:
    assert_becomes(DropInit()(reduction()), reduction(init=""))


def test_a_flat_reduction_loses_the_store_that_initialises_it() -> None:
    assert_becomes_without_no_ops(DropInit()(loops()), loops(first=""))


def test_an_initialisation_under_a_guard_is_dropped() -> None:
    guarded = "for k in range(4):\n    if k == 0:\n        C[i] = 0.0\n    C[i] = C[i] + A[k]"
    expected = "for k in range(4):\n    C[i] = C[i] + A[k]"
    assert_becomes_without_no_ops(DropInit()(flat(each(guarded))), flat(each(expected)))


def test_an_accumulator_without_its_init_begins_with_what_memory_held() -> None:
    assert run_flat(loops(), INPUT, c=100).tolist() == [10] * 8
    assert run_flat(DropInit()(loops()), INPUT, c=100).tolist() == [110] * 8


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("C[i] = A[i]", id="nothing is accumulated"),
        pytest.param("C[i] = A[i]\nB[i] = B[i] + C[i]", id="another buffer is"),
        pytest.param("C[i] = C[i] * T.float32(2)\nC[i] = C[i] + A[i]", id="it reads its buffer"),
        pytest.param("C[0] = A[0]\nC[1] = C[1] + A[i]", id="another place is"),
        pytest.param("C[i] = A[i]\nC[i] = B[i]\nB[i] = B[i] + A[i]", id="it is overwritten"),
        pytest.param("C[i] = C[i] + A[i]", id="an update alone"),
    ],
)
def test_stores_that_initialise_nothing_are_left_alone(body: str) -> None:
    assert sites(flat(each(body)), "drop-init") == []
    assert sites(flat(each(body)), "tweak-init") == []


def test_of_two_stores_before_an_update_the_later_one_initialises() -> None:
    body = "C[i] = A[i]\nC[i] = B[i]\nC[i] = C[i] + A[i]"
    assert sites(flat(each(body)), "drop-init") == [".body.seq[1]"]


def test_unrolled_accumulators_are_told_apart_by_their_index() -> None:
    body = "C[0] = T.float32(0)\nC[1] = A[1]\nfor k in range(4):\n    C[0] = C[0] + A[k]"
    assert sites(flat(body), "drop-init") == [".seq[0]"]


def test_an_initialisation_in_loops_of_its_own_is_found() -> None:
    body = each("C[i] = T.float32(0)") + "\n" + each("C[i] = C[i] + A[i]")
    assert set(sites(flat(body), "tweak-init")) == {".seq[0].body.value"}


FLOATS = [
    ("one", "T.float32(1)"),
    ("minus-one", "T.float32(-1)"),
    ("highest", "T.float32('inf')"),
    ("lowest", "T.float32('-inf')"),
]


@pytest.mark.parametrize(("to", "literal"), FLOATS)
def test_a_reduction_begins_with_another_value(to: Any, literal: str) -> None:
    assert_becomes(TweakInit(to=to)(reduction()), reduction(init=literal))
    assert_becomes(TweakInit(to=to)(loops()), loops(first=f"C[i] = {literal}"))


@pytest.mark.parametrize(
    ("before", "after"),
    [("A[v]", "A[v] * T.float32(1.25)"), ("T.float32(4)", "T.float32(5)")],
)
def test_a_relative_change_multiplies(before: str, after: str) -> None:
    changed = TweakInit(to="relative", by=0.25)(reduction(init=before))
    assert_becomes(changed, reduction(init=after))


@pytest.mark.parametrize(
    ("dtype", "init", "expected"),
    [
        ("float32", "T.float32(0)", ["to=one", "to=minus-one", "to=highest", "to=lowest"]),
        (
            "float32",
            "T.float32(-3.4028234663852886e38)",
            ["to=zero", "to=one", "to=minus-one", "to=highest"],
        ),
        ("float32", "A[v]", ["to=zero", "to=one", "by=0.01,to=relative"]),
        ("int32", "0", ["to=one", "to=minus-one"]),
        ("int32", "-2147483648", ["to=zero", "to=one", "to=minus-one", "to=highest"]),
        ("uint8", "T.uint8(0)", ["to=one"]),
        ("bool", "T.bool(False)", ["to=one"]),
        ("bool", "T.bool(True)", ["to=zero"]),
        ("int64", "T.int64(7)", ["to=zero", "to=one", "to=minus-one"]),
    ],
)
def test_only_other_values_of_the_type_are_offered(
    dtype: str, init: str, expected: list[str]
) -> None:
    value = "C[v] or A[r]" if dtype == "bool" else "C[v] + A[r]"
    assert offered(reduction(init, value, dtype), "tweak-init") == expected


@pytest.mark.parametrize(
    ("dtype", "init", "settings"),
    [
        pytest.param("float32", "T.float32(0)", {"to": "relative"}, id="a share of zero"),
        pytest.param("float32", "T.float32(0)", {"to": "zero"}, id="what stands there"),
        pytest.param("uint8", "T.uint8(0)", {"to": "lowest"}, id="the least unsigned number"),
        pytest.param("float32", "A[v]", {"to": "relative", "by": 0}, id="no change"),
    ],
)
def test_what_changes_nothing_is_refused(dtype: str, init: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not fit site 0"):
        TweakInit(**settings)(reduction(init, dtype=dtype))


def test_vectors_take_the_other_value_in_every_lane() -> None:
    body = "C[0:8] = {}\nfor k in range(4):\n"
    body += "    C[0:8] = C[T.Ramp(0, 1, 8)] + T.Broadcast(A[k], 8)"
    before, expected = (
        flat(body.format(f"T.Broadcast(T.float32({value}), 8)")) for value in (0, 1)
    )
    assert_becomes(TweakInit()(before), expected)


def test_a_reduction_from_another_value_gives_another_result() -> None:
    assert run(TweakInit()(reduction()), INPUT).tolist() == [11] * 8


@pytest.mark.parametrize(
    ("to", "value"),
    [
        ("max", "T.max(C[v], A[r])"),
        ("min", "T.min(C[v], A[r])"),
        ("mul", "C[v] * A[r]"),
    ],
)
def test_an_accumulator_combines_otherwise(to: Any, value: str) -> None:
    assert_becomes(SwapCombiner(to=to)(reduction()), reduction(value=value))


def test_only_the_step_that_accumulates_is_a_place() -> None:
    kernels = loops(value="A[k] * B[k] + C[i]")
    assert set(sites(kernels, "swap-combiner")) == {".body.seq[1].body.value"}
    assert sites(flat(each("C[i] = A[i] + B[i]")), "swap-combiner") == []
    assert sites(flat(each("C[i] = A[i]\nB[i] = C[i] + A[i]")), "swap-combiner") == []


def test_a_reduction_by_another_operation_gives_another_result() -> None:
    assert run(reduction(), INPUT).tolist() == [10] * 8
    assert run(SwapCombiner(to="max")(reduction()), INPUT).tolist() == [4] * 8


def test_what_swap_arith_makes_too_is_redundant() -> None:
    assert offered(loops(), "swap-combiner") == ["to=max", "to=min", "to=mul"]
    assert offered(loops(), "swap-combiner", "swap-arith") == []
