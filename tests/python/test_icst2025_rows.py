"""The predecessor's 22 mutations: rows of a data file, their places, and planting them at once."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
import tvm_ffi

from campaign_fixtures import Cli, cli  # noqa: F401
from graph_models import answer, graph
from graph_models import plant as plant_in_graph
from mutatenn import _core
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.mutation.icst2025 import read_rows
from mutatenn.mutation.icst2025.planting import (
    RefusedError,
    at_positions,
    first_order,
    means_the_same,
    places_of,
    plant_together,
)
from mutatenn.mutation.location import node_at
from mutatenn.transform import SwapCmp
from operator_kernels import each, modules

CATEGORIES = (
    "Layer Node Replacement",
    "Arithmetic Node Replacement",
    "Node Input/Output Modifications",
    "Arithmetic Types Mutations",
    "Kernel Variables & Stores Mutations",
    "Conditional Statement Operations Mutations",
)
KERNEL = np.random.default_rng(0).normal(size=(3, 2, 3, 3))
NESTED = each("if A[i] < B[i]:\n    if A[i] < B[0]:\n        C[i] = A[i]")


def row(number: int) -> Any:
    return read_rows().row(number)


def flat(**bodies: str) -> Any:
    return lower_kernels(modules(**bodies), parse_target("llvm"))


def planted(mod: Any, number: int) -> Any:
    return plant_together(mod, places_of(mod, row(number)).mutants)


def test_there_are_22_rows_in_the_six_categories_of_the_paper() -> None:
    rows = read_rows().rows
    assert [one.number for one in rows] == list(range(1, 23))
    assert len({one.title for one in rows}) == 22
    assert {one.category for one in rows} == set(CATEGORIES)
    assert read_rows().version >= 1


def test_every_row_names_an_operator_with_settings_that_it_accepts() -> None:
    catalogue = {op.id: op for op in _core.catalogue()}
    for one in read_rows().rows:
        operator = catalogue[one.operator]
        assert one.stage in operator.stages
        assert _core.check_settings(operator.id, one.settings) == one.settings
        assert one.original.endswith(".") and one.differs.endswith(".")
        if one.idle is not None:
            _core.check_settings(operator.id, one.idle.settings)
        if one.same is not None:
            assert row(one.same.row).number != one.number


def test_the_command_lists_the_rows(cli: Cli) -> None:  # noqa: F811
    answered = cli("operators", "--preset", "icst2025", "--json")
    assert answered.code == ExitCode.OK
    assert "icst2025, version" in answered.err
    listed = json.loads(answered.out)
    assert [one["title"] for one in listed] == [one.title for one in read_rows().rows]
    assert all(one["modes"] == ["all", "positions"] for one in listed)
    assert all(one["differs"] and one["original"] for one in listed)
    table = cli("operators", "--preset", "icst2025").out.splitlines()
    assert len(table) == 23 and "ifstmt_LT_to_GT" in table[20]


def test_a_row_of_the_graph_is_planted_at_all_its_places_at_once() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.exp(a)\nout = R.nn.relu(b)")
    places = places_of(mod, row(11))
    assert len(places.mutants) == 2 and places.functions == ("main",)
    expected = graph("a = R.sigmoid(x)\nb = R.exp(a)\nout = R.sigmoid(b)")
    assert tvm_ffi.structural_equal(planted(mod, 11)["main"], expected["main"])


def test_a_row_of_kernels_is_planted_in_all_of_them_and_inside_one_another() -> None:
    mod = flat(a=NESTED, b=each("if A[i] < 2.0:\n    C[i] = B[i]"))
    places = places_of(mod, row(19))
    assert len(places.mutants) == 3 and set(places.functions) == {"a", "b"}
    again = mod
    for mutant in reversed(places.mutants):
        site, function = mutant.site_in_function, mutant.function
        again = SwapCmp(site=site, function=function, from_="lt", to="le")(again)
    assert tvm_ffi.structural_equal(planted(mod, 19), again)
    assert not places_of(planted(mod, 19), row(19)).mutants


def test_positions_count_the_places_in_their_order() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.nn.relu(a)\nc = R.exp(b)\nout = R.nn.relu(c)")
    mutants = places_of(mod, row(11)).mutants
    assert at_positions(mutants, None) == mutants
    assert at_positions(mutants, range(1, 2)) == mutants[1:2]
    assert at_positions(mutants, range(1, 9)) == mutants[1:]
    with pytest.raises(InputError, match="positions 3:4 hold none of the 3 places"):
        at_positions(mutants, range(3, 4))
    one = plant_together(mod, mutants[1:2])
    assert tvm_ffi.structural_equal(one, plant_in_graph(mod, "replace-op", 1, to="sigmoid"))


def test_what_a_transpose_does_not_move_is_equivalent_and_says_why() -> None:
    """The predecessor exported and counted it (B17)."""
    mod = graph("out = R.matmul(x, w)", (1, 5), w=np.ones((5, 3)))
    places = places_of(mod, row(2))
    assert (places.mutants, places.named) == ((), 1)
    assert places.absence.startswith("at its one place, no two extents")
    assert places_of(mod, row(5)).absence == "the model has no batch normalisation"
    assert places_of(mod, row(5)).named == 0


def test_weights_are_transposed() -> None:
    """Of frozen weights the predecessor could not determine the shape (B17)."""
    mod = graph("out = R.nn.conv2d(x, w)", (1, 3, 4, 4), w=np.arange(81).reshape(3, 3, 3, 3))
    assert len(places_of(mod, row(4)).mutants) == 1
    assert not np.array_equal(answer(planted(mod, 4)), answer(mod))


@pytest.mark.parametrize(("number", "function"), [(10, "R.subtract"), (11, "R.sigmoid")])
def test_functions_are_replaced(number: int, function: str) -> None:
    """The predecessor never exported them (B3)."""
    mod = graph("a = R.add(x, x)\nout = R.nn.relu(a)")
    assert function in str(planted(mod, number))


def test_a_value_is_stored_that_was_tweaked() -> None:
    """The predecessor stored the old one (B4)."""
    mod = flat(main=each("C[i] = A[i]"))
    (store,) = places_of(mod, row(16)).mutants
    difference = node_at(planted(mod, 16)["main"], store.path)
    assert float(difference.b.value) == pytest.approx(1e-8, rel=1e-6)
    assert places_of(mod, row(17)).mutants == ()
    assert "1.00000001 is 1 in float32" in places_of(mod, row(17)).absence


def test_a_comparison_that_tvm_turned_round_is_read_both_ways() -> None:
    mod = flat(main=each("if A[i] > B[i]:\n    C[i] = A[i]"))
    for number in (19, 20, 21, 22):
        assert len(places_of(mod, row(number)).mutants) == 1
    assert means_the_same(mod, places_of(mod, row(21)))
    assert not means_the_same(mod, places_of(mod, row(20)))


def test_a_half_more_means_or_equal_of_integers_alone() -> None:
    integers = flat(main=each("if i < 5:\n    C[i] = A[i]"))
    assert means_the_same(integers, places_of(integers, row(18)))
    mixed = flat(main=each("if i < 5:\n    if A[i] < B[i]:\n        C[i] = A[i]"))
    assert len(places_of(mixed, row(18)).mutants) == 2
    assert not means_the_same(mixed, places_of(mixed, row(18)))


def test_a_refused_row_says_so_in_words() -> None:
    mod = graph("a = R.nn.relu(x)\nout = R.exp(a)")
    (mutant,) = places_of(mod, row(11)).mutants
    with pytest.raises(RefusedError, match="has no site 7"):
        plant_together(mod, (dataclasses.replace(mutant, site=7),))


def test_single_places_of_all_rows_are_mutants_of_a_campaign() -> None:
    mod = graph("a = R.nn.conv2d(x, w)\nout = R.nn.relu(a)", w=KERNEL)
    found = first_order(mod)
    assert {one.number for one, _ in found} == {1, 4, 6, 7, 11}
    assert len({mutant.id for _, mutant in found}) == len(found)
