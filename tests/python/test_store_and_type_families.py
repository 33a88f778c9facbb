"""The operators on stores and types on a whole model: each mutant differs at its place alone."""

from __future__ import annotations

from typing import Any

import pytest
import tvm_ffi

from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.location import text_at
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.probe import probe_kernel
from mutatenn.mutation.step_count import count_steps
from operator_kernels import block, changed_places, each, module

STORES, TYPES = (
    [op.id for op in _core.catalogue() if op.category == category]
    for category in ("stores", "types")
)


@pytest.fixture(scope="module", params=["tensor", "kernel"])
def lowered(request: pytest.FixtureRequest) -> Any:
    return at_stage(load(model_path()), request.param)[0]


@pytest.mark.parametrize("family", [STORES, TYPES], ids=["stores", "types"])
def test_every_mutant_differs_at_its_place_alone(lowered: Any, family: list[str]) -> None:
    mutants = enumerate_mutants(lowered, family, redundant=True)
    assert mutants
    for mutant in mutants:
        changed = plant(lowered, mutant)[mutant.function]
        places = changed_places(lowered[mutant.function].body, changed.body)
        assert places and all(place.startswith(mutant.path) for place in places), mutant
    ids = [mutant.id for mutant in mutants]
    assert len(set(ids)) == len(ids)
    again = enumerate_mutants(lowered, family, redundant=True)
    assert [mutant.id for mutant in again] == ids


@pytest.mark.parametrize("dtype", ["int32", "float32", "float16", "uint8"])
def test_what_is_planted_at_either_stage_is_never_the_original(dtype: str) -> None:
    tensor = module(block("C[v] = A[v] + B[v]"), dtype)
    for mod in (tensor, at_stage(tensor, "kernel")[0]):
        for mutant in enumerate_mutants(mod, [*STORES, *TYPES], redundant=True):
            assert not tvm_ffi.structural_equal(plant(mod, mutant)["main"], mod["main"])


@pytest.mark.parametrize("operator", STORES)
def test_a_store_is_shown_probed_counted_and_never_proved_equal(operator: str) -> None:
    mod = module(each("C[i] = C[i] + A[i]"))
    mutant = enumerate_mutants(mod, [operator])[0]
    changed = plant(mod, mutant)["main"]
    assert "C[i] + A[i]" in text_at(mod["main"], mutant.path)
    assert prove_equivalent(mod["main"], changed, mutant.path) is None
    probe = probe_kernel(mod["main"], [mutant.path]).script()
    assert probe.index("mutatenn_flags = 1") < probe.index("C[i] + A[i]")
    assert count_steps(changed) is not None
