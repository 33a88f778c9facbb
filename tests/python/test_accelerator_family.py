"""The accelerator operators on models lowered for GPUs: each mutant differs at its place alone."""

from __future__ import annotations

from typing import Any

import pytest
import tvm_ffi

from gpu_kernels import CUDA, OPENCL, launches_of, lowered_demo, opencl_source
from mutatenn import _core
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.mutation.trip_count import never_ends
from operator_kernels import changed_places

FAMILY = [op.id for op in _core.catalogue() if op.category == "accelerator"]
# TVM emits no atomic additions of its own.
ON_MODELS = sorted(set(FAMILY) - {"drop-atomic"})


@pytest.fixture(scope="module", params=[OPENCL, CUDA])
def lowered(request: pytest.FixtureRequest) -> Any:
    return lowered_demo(request.param)


@pytest.fixture(scope="module")
def mutants(lowered: Any) -> list[Mutant]:
    return enumerate_mutants(lowered, FAMILY, redundant=True)


def test_every_operator_has_places(mutants: list[Mutant]) -> None:
    found = {mutant.operator for mutant in mutants}
    assert found >= set(ON_MODELS) - {"swap-thread-axis"}
    assert "drop-atomic" not in found


def test_every_mutant_differs_at_its_place_alone(lowered: Any, mutants: list[Mutant]) -> None:
    for mutant in mutants:
        changed = plant(lowered, mutant)[mutant.function]
        places = changed_places(lowered[mutant.function].body, changed.body)
        assert places and all(place.startswith(mutant.path) for place in places), mutant


def test_every_mutant_is_split_from_its_host(lowered: Any, mutants: list[Mutant]) -> None:
    for mutant in mutants[::7]:
        assert launches_of(plant(lowered, mutant)[mutant.function]).functions


def test_ids_are_unique_and_the_same_again(lowered: Any, mutants: list[Mutant]) -> None:
    again = [each.id for each in enumerate_mutants(lowered, FAMILY, redundant=True)]
    assert [mutant.id for mutant in mutants] == again
    assert len(set(again)) == len(again)


def test_proofs_and_limits_take_mutated_launches(lowered: Any, mutants: list[Mutant]) -> None:
    # The first of each operator: to follow accesses through a tiled product takes seconds.
    for mutant in {mutant.operator: mutant for mutant in reversed(mutants)}.values():
        before = lowered[mutant.function]
        after = plant(lowered, mutant)[mutant.function]
        assert kernel_diff(before, after, mutant.function)
        assert prove_equivalent(before, after, mutant.path) is None
        assert not never_ends(before, after)
        out_of_bounds(accesses(before), after)


def test_guards_dropped_by_thread_index_are_those_of_drop_guard(lowered: Any) -> None:
    found = enumerate_mutants(lowered, ["drop-bounds-predicate", "drop-guard"])
    assert {mutant.operator for mutant in found} == {"drop-guard"}
    alone = enumerate_mutants(lowered, ["drop-bounds-predicate"])
    for mutant in alone[:3]:
        twin = next(m for m in found if (m.function, m.path) == (mutant.function, mutant.path))
        one, other = (plant(lowered, m)[mutant.function] for m in (mutant, twin))
        assert tvm_ffi.structural_equal(one, other)


def test_barriers_are_missing_from_the_source_that_tvm_writes() -> None:
    mod = lowered_demo(OPENCL)
    mutant = enumerate_mutants(mod, ["drop-sync"])[0]
    sources = [opencl_source(each[mutant.function]) for each in (mod, plant(mod, mutant))]
    before, after = (source.count("barrier(CLK_LOCAL_MEM_FENCE)") for source in sources)
    assert after == before - 1
