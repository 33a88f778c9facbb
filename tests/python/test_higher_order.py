"""Mutants of higher order: how they are drawn, named and planted."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import tvm_ffi

import graph_models as graphs
from mutatenn.errors import InputError
from mutatenn.mutation import constants
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.higher_order import (
    INSIDE,
    SAME_PLACE,
    combined,
    drawn,
    population,
    refusal,
)
from mutatenn.mutation.location import text_at
from mutatenn.mutation.mutant import Mutant, plant
from operator_kernels import each, module, modules

OPERATORS = ("swap-arith", "drop-store", "tweak-float", "negate-expr")
MOD = module(each("C[i] = A[i] + B[i] * (A[i] - T.float32(0.5))"))
MUTANTS = in_launch_order(MOD, enumerate_mutants(MOD, OPERATORS))


def test_places_inside_of_each_other_are_kept_apart() -> None:
    for first, second in itertools.combinations(MUTANTS, 2):
        why = refusal(first, second)
        assert why == refusal(second, first)
        if first.path == second.path:
            assert why == SAME_PLACE
        elif f"{second.path}.".startswith(f"{first.path}."):
            assert why == INSIDE
    store = next(mutant for mutant in MUTANTS if mutant.operator == "drop-store")
    assert all(refusal(store, other) for other in MUTANTS if other.path.startswith(store.path))
    # An item of a sequence is not inside of another whose number begins alike.
    one, ten = (
        Mutant("m", "o", 1, "tensor", "f", 0, 0, path, {}) for path in (".seq[1]", ".seq[10].value")
    )
    assert refusal(one, ten) == ""


def test_what_cannot_be_planted_together_is_refused_with_the_reason() -> None:
    store = next(mutant for mutant in MUTANTS if mutant.operator == "drop-store")
    value = next(mutant for mutant in MUTANTS if mutant.path.startswith(f"{store.path}."))
    with pytest.raises(InputError, match=f"{store.id} and {value.id} cannot be planted together"):
        combined([store, value])


def test_a_draw_depends_on_ids_and_seed_alone_and_holds_no_set_twice() -> None:
    found, avoided = drawn(MUTANTS, 2, seed=3, sample=5)
    again, _ = drawn(MUTANTS, 2, seed=3, sample=5)
    other, _ = drawn(MUTANTS, 2, seed=4, sample=5)
    assert found == again and found != other
    sets = [frozenset(part.id for part in mutant.parts) for mutant in found]
    assert len(set(sets)) == len(sets) and {len(one) for one in sets} == {2}
    assert len({mutant.id for mutant in found}) == len(found)
    assert set(avoided) <= {SAME_PLACE, INSIDE} and sum(avoided.values()) > 0


def test_a_larger_sample_contains_the_smaller() -> None:
    small, _ = drawn(MUTANTS, 2, seed=3, sample=1)
    large, _ = drawn(MUTANTS, 2, seed=3, sample=6)
    assert len(small) == 4 and large[: len(small)] == small


def test_without_a_sample_each_mutant_is_in_one_set_at_most() -> None:
    found, _ = drawn(MUTANTS, 2, seed=0, sample=None)
    parts = [part.id for mutant in found for part in mutant.parts]
    assert found and len(set(parts)) == len(parts)


def test_a_draw_ends_where_there_are_no_more_sets() -> None:
    possible = sum(
        not refusal(first, second) for first, second in itertools.combinations(MUTANTS, 2)
    )
    found, _ = drawn(MUTANTS, 2, seed=0, sample=10_000)
    assert 0 < len(found) <= possible < population(MUTANTS, 2)
    with pytest.raises(InputError, match=r"no 2 of the 1 mutants .* lower --order"):
        drawn(MUTANTS[:1], 2, 0, 1)


def test_each_part_is_planted_at_its_place_in_the_module_as_it_was() -> None:
    for mutant in drawn(MUTANTS, 2, seed=1, sample=8)[0]:
        together = plant(MOD, mutant)["main"]
        for part in mutant.parts:
            alone = plant(MOD, part)["main"]
            assert not tvm_ffi.structural_equal(together, alone)
            assert text_at(together, part.path) == text_at(alone, part.path)


def test_parts_in_several_kernels_change_each_of_them() -> None:
    mod = modules(a=each("C[i] = A[i] + B[i]"), b=each("C[i] = A[i] - B[i]"))
    first, second = (
        next(m for m in enumerate_mutants(mod, ["swap-arith"]) if m.function == name)
        for name in "ab"
    )
    mutant = combined([first, second])
    assert mutant.functions == ("a", "b")
    one_by_one = plant(plant(mod, first), second)
    assert tvm_ffi.structural_equal(plant(mod, mutant), one_by_one)


def test_native_code_refuses_places_inside_of_each_other_too() -> None:
    store = next(mutant for mutant in MUTANTS if mutant.operator == "drop-store")
    value = next(mutant for mutant in MUTANTS if mutant.path.startswith(f"{store.path}."))
    forged = Mutant("x", "o", 1, "tensor", store.function, 0, 0, "", {}, parts=(value, store))
    with pytest.raises(ValueError, match="one place lies inside of another"):
        plant(MOD, forged)


def test_the_id_is_made_from_the_parts_and_goes_through_json() -> None:
    first, second = drawn(MUTANTS, 2, seed=1, sample=1)[0][:2]
    assert first.id.startswith("order2-") and first.id != second.id
    assert combined(first.parts).id == first.id
    assert Mutant.from_dict(json.loads(json.dumps(first.to_dict()))) == first
    assert "parts" not in first.parts[0].to_dict()
    assert first.replacement.count(" + ") == 1


def test_faults_of_a_graph_are_planted_together() -> None:
    mod = graphs.graph("""
        a = R.nn.relu(x)
        b = R.subtract(a, x)
        out = R.multiply(b, R.exp(b))
    """)
    mutants = in_launch_order(mod, graphs.mutants(mod, "replace-op"))
    first = {mutant.path: mutant for mutant in reversed(mutants)}
    mutant = combined([one for one in mutants if one is first[one.path]][:3])
    planted = plant(mod, mutant)
    expected = mod
    for part in reversed(mutant.parts):
        expected = plant(expected, part)
    assert tvm_ffi.structural_equal(planted["main"], expected["main"])
    assert len(mutant.parts) == 3 and mutant.functions == ("main",)


def test_faults_of_constants_are_planted_together() -> None:
    mod = graphs.graph(
        "a = R.add(x, first)\nout = R.multiply(a, second)",
        first=np.arange(32).reshape(1, 2, 4, 4),
        second=np.ones((1, 2, 4, 4)),
    )
    mutants = in_launch_order(mod, graphs.mutants(mod, "flip-bit", bit="31", seed="0"))
    mutant = combined(list({one.path: one for one in mutants}.values()))
    assert len(mutant.parts) == 2 and mutant.stage == "weight"
    planted = plant(mod, mutant)
    changed = constants.changed_constants(mod["main"], planted["main"])
    assert len(changed) == 2
