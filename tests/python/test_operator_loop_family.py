"""The operators on indices and loops on a whole model, at both stages."""

from __future__ import annotations

from typing import Any

import pytest

from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.probe import probe_kernel
from operator_kernels import changed_places

FAMILY = [op.id for op in _core.catalogue() if op.category in ("index", "loops")]


@pytest.fixture(scope="module", params=["tensor", "kernel"])
def lowered(request: pytest.FixtureRequest) -> Any:
    return at_stage(load(model_path()), request.param)[0]


def test_every_mutant_differs_at_its_place_alone(lowered: Any) -> None:
    mutants = enumerate_mutants(lowered, FAMILY, redundant=True)
    assert {mutant.operator for mutant in mutants} == set(FAMILY)
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


def test_only_exchanged_indices_are_proved_equal_and_every_place_can_be_probed(
    lowered: Any,
) -> None:
    mutants = enumerate_mutants(lowered, FAMILY)
    paths: dict[str, set[str]] = {}
    for mutant in mutants:
        original = lowered[mutant.function]
        changed = plant(lowered, mutant)[mutant.function]
        paths.setdefault(mutant.function, set()).add(mutant.path)
        if prove_equivalent(original, changed, mutant.path) is not None:
            assert mutant.operator == "swap-index", mutant
    for name, places in paths.items():
        script = probe_kernel(lowered[name], sorted(places)).script()
        assert script.count("mutatenn_flags[") >= len(places)
