"""The operators on arithmetic and constants on a whole model, at both stages, and their proofs."""

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
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.probe import probe_kernel
from operator_kernels import block, changed_places, each, module

FAMILY = [op.id for op in _core.catalogue() if op.category in ("arithmetic", "constant")]
COMPUTED = "C[v] = T.exp(A[v] * T.float32(2) - B[v]) + T.Cast('float32', v % 3)"


@pytest.fixture(scope="module", params=["tensor", "kernel"])
def lowered(request: pytest.FixtureRequest) -> Any:
    return at_stage(load(model_path()), request.param)[0]


def test_every_mutant_differs_at_its_place_alone(lowered: Any) -> None:
    mutants = enumerate_mutants(lowered, FAMILY, redundant=True)
    assert {"swap-operands", "tweak-int", "negate-expr"} <= {m.operator for m in mutants}
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


def test_every_operator_of_the_family_is_planted_in_either_stage() -> None:
    tensor = module(block(COMPUTED))
    kernel = at_stage(tensor, "kernel")[0]
    for mod in (tensor, kernel):
        mutants = enumerate_mutants(mod, FAMILY, redundant=True)
        assert {mutant.operator for mutant in mutants} == set(FAMILY)
        for mutant in mutants:
            changed = plant(mod, mutant)["main"]
            assert not tvm_ffi.structural_equal(changed, mod["main"])
            probe_kernel(mod["main"], [mutant.path])


@pytest.mark.parametrize(
    ("value", "operator", "settings"),
    [
        ("A[i % 8]", "drop-operand", {"drop": "right"}),
        ("A[i % 8]", "tweak-int", {"action": "add"}),
        ("A[T.min(i, 7)]", "drop-operand", {"drop": "right"}),
        ("A[T.min(i, 7)]", "tweak-int", {"action": "add"}),
    ],
)
def test_an_index_that_stays_the_same_is_proved_equal(
    value: str, operator: str, settings: dict[str, str]
) -> None:
    mod = module(each(f"C[i] = {value}"))
    mutant = enumerate_mutants(mod, [operator], settings)[0]
    proof = prove_equivalent(mod["main"], plant(mod, mutant)["main"], mutant.path)
    assert proof is not None and proof.kind == "equal"


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int32"])
def test_nothing_is_proved_of_values_that_are_read(dtype: str) -> None:
    mod = module(
        each(
            "C[i] = A[i] * B[i] + A[i] // B[i]"
            if dtype != "float32"
            else "C[i] = T.exp(A[i]) * B[i] + A[i] / T.float32(2)"
        ),
        dtype,
    )
    for mutant in enumerate_mutants(mod, FAMILY, redundant=True):
        changed = plant(mod, mutant)["main"]
        assert prove_equivalent(mod["main"], changed, mutant.path) is None, mutant
