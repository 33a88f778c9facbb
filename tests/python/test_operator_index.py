"""`shift-index`, `swap-index` and `scale-stride`: accesses by a wrong address."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tvm

from mutatenn.lowering.stage import at_stage
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.transform import ScaleStride, ShiftIndex, SwapIndex
from operator_kernels import block, each, module, run, square

GRID = "for i, j in T.grid(4, 4):\n    {}"


def grid(statement: str) -> Any:
    return square(GRID.format(statement))


def assert_becomes(made: Any, before: Any, expected: Any, **arguments: Any) -> None:
    tvm.ir.assert_structural_equal(made(**arguments)(before), expected)


@pytest.mark.parametrize(
    ("index", "by", "shifted"),
    [
        pytest.param("i", 1, "i + 1", id="up"),
        pytest.param("i", -1, "i - 1", id="down"),
        pytest.param("i", 3, "i + 3", id="far"),
        pytest.param("2", -1, "1", id="literal"),
    ],
)
def test_an_index_moves(index: str, by: int, shifted: str) -> None:
    before, after = (module(each(f"C[i] = A[{text}]")) for text in (index, shifted))
    assert_becomes(ShiftIndex, before, after, site=1, by=by)


def test_by_default_an_index_moves_up_then_down() -> None:
    found = enumerate_mutants(module(each("C[i] = 1.0")), ["shift-index"])
    assert [mutant.replacement for mutant in found] == ["by=1", "by=-1"]


def test_one_axis_of_one_kind_of_access_is_chosen() -> None:
    before = grid("C[i, j] = A[i, j]")
    assert_becomes(ShiftIndex, before, grid("C[i + 1, j] = A[i, j]"), site=0)
    assert_becomes(ShiftIndex, before, grid("C[i, j] = A[i, j + 1]"), site=3, axis=1)
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShiftIndex(site=0, axis=1)(before)
    with pytest.raises(ValueError, match="does not fit site 0"):
        ShiftIndex(site=0, access="load")(before)


def test_a_vector_moves_as_a_whole_and_stays_a_vector() -> None:
    before, after = (
        module(f"C[0:4] = A[T.Ramp({base}, 1, 4)]") for base in ("T.int32(2)", "T.int32(3)")
    )
    assert_becomes(ShiftIndex, before, after, site=1)


def test_a_block_declares_the_place_that_it_reads_now() -> None:
    assert_becomes(
        ShiftIndex, module(block("C[v] = A[v]")), module(block("C[v] = A[v + 1]")), site=1
    )


def test_an_index_that_only_loads_something_is_an_index_too() -> None:
    before = module(each("C[i] = A[B[i]]"), "int32")
    assert_becomes(ShiftIndex, before, module(each("C[i] = A[B[i] + 1]"), "int32"), site=1)
    assert_becomes(ShiftIndex, before, module(each("C[i] = A[B[i + 1]]"), "int32"), site=2)


@pytest.mark.parametrize("made", [ShiftIndex, SwapIndex, ScaleStride])
def test_a_computation_without_accesses_is_left_alone(made: Any) -> None:
    with pytest.raises(ValueError, match="there are 0"):
        made()(module("T.evaluate(T.int32(2) * 3 + 4)"))


def test_a_shifted_load_gives_the_neighbour() -> None:
    original = module(each("C[i] = A[i % 4]"))
    assert run(original, range(8)).tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    mutant = ShiftIndex(site=1, access="load")(original)
    assert run(mutant, range(8)).tolist() == [1, 2, 3, 4, 1, 2, 3, 4]


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_what_a_shift_leaves_of_a_buffer_is_proved(stage: str) -> None:
    mod = at_stage(module(block("C[v] = A[v]")), stage)[0]
    before = accesses(mod["main"])
    found = [
        (str(one.side), one.writes, one.elements)
        for mutant in enumerate_mutants(mod, ["shift-index"])
        for one in out_of_bounds(before, plant(mod, mutant)["main"])
    ]
    expected = [("after", True, 1), ("before", True, 1), ("after", False, 1), ("before", False, 1)]
    assert found == expected


def test_two_axes_are_exchanged() -> None:
    before = grid("C[i, j] = A[i, j]")
    assert_becomes(SwapIndex, before, grid("C[j, i] = A[i, j]"), site=0)
    assert_becomes(SwapIndex, before, grid("C[i, j] = A[j, i]"), site=1)
    assert_becomes(SwapIndex, before, grid("C[i, j] = A[j, i]"), site=1, first=1, second=0)


def test_equal_axes_are_left_alone() -> None:
    (mutant,) = enumerate_mutants(grid("C[i, j] = A[i, i] + A[j, j]"), ["swap-index"])
    assert mutant.path.endswith("body.body")


def test_neighbours_are_exchanged_unless_others_are_asked_for() -> None:
    text = "for i, j, k in T.grid(2, 2, 2):\n    C[i * 4 + j * 2 + k] = 1.0"
    found = enumerate_mutants(module(text), ["swap-index"])
    pairs = ["first=0,second=1", "first=1,second=2"]
    assert [mutant.replacement for mutant in found] == pairs
    expected = module(text.replace("i * 4 + j * 2 + k", "k * 4 + j * 2 + i"))
    assert_becomes(SwapIndex, module(text), expected, first=0, second=2)


def test_one_index_has_its_loop_variables_exchanged() -> None:
    text = "for i, j in T.grid(2, 4):\n    C[{}] = A[0]"
    before, after = (module(text.format(index)) for index in ("i * 4 + j", "j * 4 + i"))
    assert_becomes(SwapIndex, before, after)


def test_one_variable_is_left_alone() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        SwapIndex()(module(each("C[i] = A[7 - i]")))


def test_what_indices_share_in_flat_code_is_mutated_where_it_is_bound() -> None:
    text = "C[i, j] = A[i, j] + C[i, j]"
    body = f"with T.sblock('b'):\n        i, j = T.axis.remap('SS', [x, y])\n        {text}"
    flat = at_stage(square(f"for x, y in T.grid(4, 4):\n    {body}"), "kernel")[0]
    found = enumerate_mutants(flat, ["swap-index", "scale-stride"])
    assert {mutant.path.split(".")[-1] for mutant in found} >= {"value", "a"}
    scripts = [plant(flat, mutant)["main"].script() for mutant in found]
    for index in ("y * 4 + x", "x * 8 + y", "x * 2 + y"):
        assert any(index in script for script in scripts)


def test_a_sum_of_two_loops_is_the_same_either_way_which_is_proved() -> None:
    mod = module("for i, j in T.grid(4, 4):\n    C[i + j] = A[0]")
    (mutant,) = enumerate_mutants(mod, ["swap-index"])
    proof = prove_equivalent(mod["main"], plant(mod, mutant)["main"], mutant.path)
    assert proof is not None and proof.kind == "equal"


def test_a_transposed_load_gives_the_transpose() -> None:
    original = grid("C[i, j] = A[i, j]")
    values = np.arange(16, dtype="float32").reshape(4, 4)
    assert np.array_equal(run(original, values), values)
    assert np.array_equal(run(SwapIndex(site=1)(original), values), values.T)


@pytest.mark.parametrize(
    ("arguments", "factor"),
    [({}, 8), ({"action": "mul"}, 8), ({"action": "div"}, 2), ({"by": 3}, 12)],
)
def test_a_stride_is_scaled(arguments: Any, factor: int) -> None:
    text = "for i, j in T.grid(2, 4):\n    C[i * {} + j] = A[0]"
    assert_becomes(ScaleStride, module(text.format(4)), module(text.format(factor)), **arguments)


@pytest.mark.parametrize(("action", "step"), [("mul", 4), ("div", 1)])
def test_the_step_of_a_vector_is_scaled(action: Any, step: int) -> None:
    text = "C[0:3] = A[T.Ramp(1, {}, 3)]"
    before, after = (module(text.format(number)) for number in (2, step))
    assert_becomes(ScaleStride, before, after, action=action, site=1)


def test_a_quotient_of_zero_is_not_offered() -> None:
    found = enumerate_mutants(module("C[0:4] = A[T.Ramp(0, 1, 4)]"), ["scale-stride"])
    assert {mutant.replacement for mutant in found} == {"action=mul,by=2"}


def test_products_outside_of_indices_are_left_alone() -> None:
    with pytest.raises(ValueError, match="there are 0"):
        ScaleStride()(module(each("C[i] = A[i] * 4"), "int32"))


def test_a_halved_stride_gathers_from_other_rows() -> None:
    original = module(each("C[i] = A[i // 4 * 4 + i % 2]"))
    assert run(original, range(8)).tolist() == [0, 1, 0, 1, 4, 5, 4, 5]
    mutant = ScaleStride(action="div")(original)
    assert run(mutant, range(8)).tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
