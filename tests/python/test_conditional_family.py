"""The conditional operators on a whole model, at both stages: each mutant differs at its place."""

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
from operator_kernels import block, changed_places, each, module

FAMILY = [op.id for op in _core.catalogue() if op.category == "conditional"]
GUARDED = "if A[v] < B[v] and A[v] < B[0]:\n    C[v] = A[v]\nelse:\n    C[v] = B[v]"


@pytest.fixture(scope="module", params=["tensor", "kernel"])
def lowered(request: pytest.FixtureRequest) -> Any:
    return at_stage(load(model_path()), request.param)[0]


def test_every_mutant_differs_at_its_place_alone(lowered: Any) -> None:
    mutants = enumerate_mutants(lowered, FAMILY, redundant=True)
    assert {"swap-cmp", "shift-threshold"} <= {mutant.operator for mutant in mutants}
    for mutant in mutants:
        changed = plant(lowered, mutant)[mutant.function]
        places = changed_places(lowered[mutant.function].body, changed.body)
        assert places and all(place.startswith(mutant.path) for place in places), mutant


def test_ids_are_unique_and_the_same_again(lowered: Any) -> None:
    first, again = (
        [m.id for m in enumerate_mutants(lowered, FAMILY, redundant=True)] for _ in "ab"
    )
    assert first == again
    assert len(set(first)) == len(first)


@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_every_operator_of_the_family_is_planted_in_either_stage(dtype: str) -> None:
    tensor = module(block("\n    ".join(GUARDED.splitlines())), dtype)
    kernel = at_stage(tensor, "kernel")[0]
    for mod in (tensor, kernel):
        mutants = enumerate_mutants(mod, FAMILY, redundant=True)
        assert {mutant.operator for mutant in mutants} == set(FAMILY)
        for mutant in mutants:
            assert not tvm_ffi.structural_equal(plant(mod, mutant)["main"], mod["main"])


def test_a_statement_is_shown_on_one_line_probed_and_asked_about() -> None:
    mod = module(each("if A[i] < B[i]:\n    C[i] = A[i]\nelse:\n    C[i] = B[i]"))
    (mutant,) = enumerate_mutants(mod, ["drop-else"])
    assert text_at(mod["main"], mutant.path) == ("if A[i] < B[i]: C[i] = A[i] else: C[i] = B[i]")
    changed = plant(mod, mutant)["main"]
    assert prove_equivalent(mod["main"], changed, mutant.path) is None
    probe = probe_kernel(mod["main"], [mutant.path]).script()
    assert probe.index("mutatenn_flags = 1") < probe.index("if A[i] < B[i]")


def test_a_statement_that_nothing_reaches_is_proved_so() -> None:
    mod = module(each("if 9 < i:\n    if A[i] < B[i]:\n        C[i] = A[i]"))
    inner = enumerate_mutants(mod, ["drop-guard"])[1]
    proof = prove_equivalent(mod["main"], plant(mod, inner)["main"], inner.path)
    assert proof is not None and proof.kind == "unreachable"
