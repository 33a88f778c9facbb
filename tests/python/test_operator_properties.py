"""What must hold of every operator in the catalogue, on kernels that hypothesis draws.

Each operator is tried on 50 kernels. With ``MUTATENN_PROPERTY_EXAMPLES`` each family of them is
tried on so many (the full run is 2000), drawn anew each time; the time that takes is printed.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
import tvm
import tvm_ffi
from tvm import tirx

from mutant_properties import (
    check_mutant,
    complaints,
    differences,
    is_below,
    nodes_below,
    planted,
    spread,
)
from mutatenn import _core
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.location import node_at, text_at
from mutatenn.mutation.mutant import GRAPH_STAGES
from mutatenn.mutation.probe import probe_kernel
from property_examples import ASKED_FOR, drawn, ids_elsewhere
from tir_strategies import kernels

CATALOGUE = {op.id: op for op in _core.catalogue() if not set(op.stages) & set(GRAPH_STAGES)}
"""Operators on kernels; those on graphs are in test_graph_properties.py."""
FAMILIES = sorted({op.category for op in CATALOGUE.values()})
PER_OPERATOR = 50
PER_KERNEL = 4
"""Mutants of one operator that are made of one kernel."""
ROUNDS = 20


def mutants_of(mod: Any, *operators: str) -> list[Any]:
    return enumerate_mutants(mod, operators or CATALOGUE, redundant=True)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_mutant_is_refused_in_words_or_differs_at_its_place_alone(family: str) -> None:
    operators = [op.id for op in CATALOGUE.values() if op.category == family]
    stages = tuple(dict.fromkeys(s for name in operators for s in CATALOGUE[name].stages))
    tried, accepted, refused = Counter[str](), Counter[str](), Counter[str]()
    kernels_drawn, began = 0, time.perf_counter()

    def check(mod: Any) -> None:
        nonlocal kernels_drawn
        kernels_drawn += 1
        short = [name for name in operators if ASKED_FOR or tried[name] < PER_OPERATOR]
        found = mutants_of(mod, *short) if short else []
        for name in short:
            own = spread([mutant for mutant in found if mutant.operator == name], PER_KERNEL)
            tried[name] += bool(own)
            for mutant in own:
                (accepted if check_mutant(mod, mutant) else refused)[name] += 1

    for number in range(1 if ASKED_FOR else ROUNDS):
        drawn(check, PER_OPERATOR, kernels(stages), number)
        if all(tried[name] >= PER_OPERATOR for name in operators):
            break
    print(f"{family}: {kernels_drawn} kernels in {time.perf_counter() - began:.1f} s")
    for name in operators:
        print(f"  {name}: {accepted[name]} accepted and {refused[name]} refused of {tried[name]}")
    lacking = [name for name in operators if tried[name] < PER_OPERATOR]
    assert not lacking, f"tests/python/tir_strategies.py draws too little for {lacking}"
    assert all(accepted[name] for name in operators)


def test_every_mutant_has_an_id_of_its_own_that_a_saved_module_and_another_process_keep() -> None:
    batch: list[str] = []
    expected: list[list[str]] = []

    def check(mod: Any) -> None:
        found = mutants_of(mod)
        ids = [mutant.id for mutant in found]
        assert len(set(ids)) == len(ids)
        text = tvm.ir.save_json(mod)
        again = tvm.ir.load_json(text)
        assert mutants_of(again) == found
        for mutant in spread(found, PER_KERNEL):
            changed, other = planted(mod, mutant), planted(again, mutant)
            assert (changed is None) == (other is None)
            assert changed is None or tvm_ffi.structural_equal(changed, other)
        batch.append(text)
        expected.append(ids)

    drawn(check, PER_OPERATOR, kernels())
    assert sum(map(len, expected)) > 0
    assert ids_elsewhere(batch, CATALOGUE) == expected


def identity(node: Any) -> int:
    """A node's address; an integer literal's own hash is its value, which others have too."""
    return int(tvm_ffi.Object.__hash__(node))


def test_one_of_two_occurrences_of_a_shared_node_is_mutated_alone() -> None:
    seen = Counter[str]()

    def check(mod: Any) -> None:
        places: dict[tuple[str, int], set[str]] = {}
        found = mutants_of(mod)
        for mutant in found:
            node = node_at(mod[mutant.function], mutant.path)
            places.setdefault((mutant.function, identity(node)), set()).add(mutant.path)
        shared = {key for key, paths in places.items() if len(paths) > 1}
        for mutant in found:
            node = node_at(mod[mutant.function], mutant.path)
            key = (mutant.function, identity(node))
            if key not in shared or seen[mutant.operator] >= PER_OPERATOR:
                continue
            changed = planted(mod, mutant)
            if changed is None:
                continue
            seen[mutant.operator] += 1
            mutated = changed[mutant.function]
            for path in places[key]:
                if not is_below(path, mutant.path) and not is_below(mutant.path, path):
                    assert node_at(mutated, path).same_as(node), (mutant, path)
            assert differences(node, node_at(mutated, mutant.path)), mutant

    drawn(check, 3 * PER_OPERATOR, kernels())
    print(dict(seen))
    assert len(seen) >= 5


def test_whatever_is_asked_of_a_mutant_before_it_runs_has_an_answer() -> None:
    seen = Counter[str]()

    def check(mod: Any) -> None:
        for mutant in spread(mutants_of(mod), PER_KERNEL):
            original = mod[mutant.function]
            assert text_at(original, mutant.path)
            changed = planted(mod, mutant)
            if changed is None:
                continue
            mutated = changed[mutant.function]
            proof = prove_equivalent(original, mutated, mutant.path)
            seen["proved" if proof else "not proved"] += 1
            out_of_bounds(accesses(original), mutated)
            if _is_for_cpu(original):
                assert complaints(probe_kernel(original, [mutant.path])) == []
                seen["probed"] += 1

    drawn(check, PER_OPERATOR, kernels())
    print(dict(seen))
    assert all(seen[what] > 0 for what in ("proved", "not proved", "probed"))


def _is_for_cpu(func: Any) -> bool:
    return not any(
        isinstance(node, tirx.AttrStmt) or getattr(node, "thread_binding", None) is not None
        for _, node in nodes_below(func.body)
    )
