"""What must hold of every operator on graphs and weights: on graphs drawn, and on whole models.

Each operator is tried on 25 graphs that hypothesis draws, and a few of its mutants are made of each
of three models. ``MUTATENN_PROPERTY_EXAMPLES`` asks for so many graphs, and for all models.
"""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import tvm
import tvm_ffi

from graph_properties import (
    check_mutant,
    check_place,
    constants_read_twice,
    place_of,
    planted,
)
from graph_strategies import graphs
from mutant_properties import spread
from mutatenn import _core
from mutatenn.model import load
from mutatenn.model.layers import bindings
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.location import node_at, text_at
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant
from mutatenn.transform import PASSES
from property_examples import ASKED_FOR, drawn, ids_elsewhere

OPERATORS = [op.id for op in _core.catalogue() if set(op.stages) & set(GRAPH_STAGES)]
PER_OPERATOR = 25
PER_GRAPH = 4
"""Mutants of one operator that are made of one graph."""
ROUNDS = 20
SOME = ("resnet8_cifar10_mlperftiny", "squeezenet1.1", "shufflenetv2_0.5_cifar10")


def mutants_of(mod: Any, *operators: str) -> list[Mutant]:
    return enumerate_mutants(mod, operators or OPERATORS, redundant=True)


@pytest.mark.parametrize("family", sorted({op.category for op in _core.catalogue()}))
def test_a_family_works_on_graphs_or_on_kernels(family: str) -> None:
    own = {op.id for op in _core.catalogue() if op.category == family}
    assert own <= set(OPERATORS) or not own & set(OPERATORS)


def test_every_mutant_is_refused_in_words_or_differs_at_its_place_alone() -> None:
    tried, accepted, refused = Counter[str](), Counter[str](), Counter[str]()
    began = time.perf_counter()

    def check(mod: Any) -> None:
        short = [name for name in OPERATORS if ASKED_FOR or tried[name] < PER_OPERATOR]
        found = mutants_of(mod, *short) if short else []
        for name in short:
            own = spread([mutant for mutant in found if mutant.operator == name], PER_GRAPH)
            tried[name] += bool(own)
            for mutant in own:
                (accepted if check_mutant(mod, mutant) else refused)[name] += 1

    for number in range(ROUNDS):
        drawn(check, PER_OPERATOR, graphs(), number)
        if all(tried[name] >= PER_OPERATOR for name in OPERATORS):
            break
    print(f"{time.perf_counter() - began:.1f} s")
    for name in OPERATORS:
        print(f"  {name}: {accepted[name]} accepted and {refused[name]} refused of {tried[name]}")
    lacking = [name for name in OPERATORS if tried[name] < PER_OPERATOR]
    assert not lacking, f"tests/python/graph_strategies.py draws too little for {lacking}"
    assert all(accepted[name] for name in OPERATORS)
    # Changed shapes are what TVM refuses; and all else keeps the shape of what it changes.
    assert {name for name in OPERATORS if refused[name]} <= {"change-attr", "insert-op"}


def test_every_mutant_has_an_id_of_its_own_that_a_saved_graph_and_another_process_keep() -> None:
    batch: list[str] = []
    expected: list[list[str]] = []

    def check(mod: Any) -> None:
        found = mutants_of(mod)
        ids = [mutant.id for mutant in found]
        assert len(set(ids)) == len(ids)
        text = tvm.ir.save_json(mod)
        again = tvm.ir.load_json(text)
        assert mutants_of(again) == found
        for mutant in spread(found, PER_GRAPH):
            changed, other = planted(mod, mutant), planted(again, mutant)
            assert (changed is None) == (other is None)
            assert changed is None or tvm_ffi.structural_equal(changed, other)
            assert Mutant.from_dict(json.loads(json.dumps(mutant.to_dict()))) == mutant
        batch.append(text)
        expected.append(ids)

    drawn(check, PER_OPERATOR, graphs())
    assert sum(map(len, expected)) > 0
    assert ids_elsewhere(batch, OPERATORS) == expected


def test_no_two_mutants_of_a_place_are_the_same_module() -> None:
    """Two ids for one fault would count it twice."""
    pairs = Counter[str]()

    def check(mod: Any) -> None:
        places: dict[tuple[str, str], list[tuple[Mutant, Any]]] = {}
        for mutant in mutants_of(mod):
            changed = planted(mod, mutant)
            if changed is not None:
                places.setdefault((mutant.operator, mutant.path), []).append((mutant, changed))
        for group in places.values():
            for (one, first), (other, second) in itertools.combinations(group, 2):
                assert not tvm_ffi.structural_equal(first, second), (one, other)
                pairs[one.operator] += 1

    drawn(check, PER_OPERATOR, graphs())
    assert len(pairs) >= 5


def test_one_of_two_uses_of_a_shared_constant_is_mutated_alone() -> None:
    seen = Counter[str]()

    def check(mod: Any) -> None:
        shared = constants_read_twice(mod)
        places = {place: key for key, uses in shared.items() for place in uses}
        for mutant in mutants_of(mod):
            index, argument = place_of(mutant)
            uses = [place for place in places if place[0] == index]
            if not uses or seen[mutant.operator] >= PER_OPERATOR:
                continue
            changed = planted(mod, mutant)
            if changed is None:
                continue
            if mutant.stage == "weight":
                if (index, argument) not in places:
                    continue
                after = list(bindings(changed["main"]))
                for other, number in shared[places[index, argument or 0]]:
                    was = list(bindings(mod["main"]))[other].value.args[number]
                    same = after[other].value.args[number].same_as(was)
                    assert same == ((other, number) != (index, argument)), (mutant, other)
            else:
                check_place(mod["main"], changed["main"], mutant)
            seen[mutant.operator] += 1

    drawn(check, 4 * PER_OPERATOR, graphs())
    print(dict(seen))
    assert {"insert-op", "change-attr", "fuzz-weights", "zero-channel"} <= set(seen)


def test_whatever_is_asked_of_a_mutant_has_an_answer() -> None:
    def check(mod: Any) -> None:
        for mutant in mutants_of(mod):
            node = node_at(mod["main"], mutant.path)
            assert text_at(mod["main"], mutant.path)
            assert isinstance(node, tvm.ir.Call) == (mutant.stage == "graph")
            assert mutant.lowering == "" and mutant.function == "main"

    drawn(check, PER_OPERATOR, graphs())


def test_a_pass_plants_by_number_and_by_id_what_a_mutant_says() -> None:
    def check(mod: Any) -> None:
        for mutant in spread(mutants_of(mod), PER_GRAPH):
            changed = planted(mod, mutant)
            if changed is not None:
                by_id = PASSES[mutant.operator](site=mutant.id)(mod)
                assert tvm_ffi.structural_equal(by_id, changed)

    drawn(check, PER_OPERATOR, graphs())


def models(data: Path) -> dict[str, Path]:
    files = {path.stem: path for path in sorted((data / "models").glob("*.onnx"))}
    return {name: path for name, path in files.items() if ASKED_FOR or name in SOME}


def test_every_mutant_of_a_model_is_refused_in_words_or_differs_at_its_place_alone(
    data: Path,
) -> None:
    accepted, refused = Counter[str](), Counter[str]()
    for name, path in models(data).items():
        if "dynint8" in name:
            continue  # TVM's frontend refuses it
        began = time.perf_counter()
        mod = load(path)
        found = mutants_of(mod)
        ids = Counter(mutant.id for mutant in found)
        assert ids.most_common(1)[0][1] == 1, name
        for operator in OPERATORS:
            own = [mutant for mutant in found if mutant.operator == operator]
            for mutant in spread(own, 16 if ASKED_FOR else PER_GRAPH) if own else []:
                assert mutant.layers or mutant.stage == "weight"
                (accepted if check_mutant(mod, mutant) else refused)[operator] += 1
        print(f"{name}: {len(found)} mutants, {time.perf_counter() - began:.1f} s")
    print(dict(accepted), dict(refused))
    # Nothing in these models divides, subtracts or compares two computed tensors.
    assert set(OPERATORS) - set(accepted) <= {"swap-args"}
