"""Narrowing by function, layer and position: which mutants are left, and what fits none."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant
from mutatenn.mutation.narrowing import Narrowing, parse_positions

MUTANTS = [
    Mutant(
        id=f"{operator}-{function}-{site}",
        operator=operator,
        version=1,
        stage="tensor",
        function=function,
        site=site,
        site_in_function=site,
        path=f".body.seq[{site}]",
        settings={},
        layers=layers,
    )
    for function, layers in (
        ("conv", ("stem/conv", "stem/relu")),
        ("conv1", ("body/conv",)),
        ("dense", ("head/dense",)),
    )
    for site in range(3)
    for operator in ("swap", "drop")
]


def left(**values: Any) -> list[str]:
    return [mutant.id for mutant in dataclasses.replace(Narrowing(), **values).chosen(MUTANTS)]


def test_nothing_asked_for_leaves_all_in_their_order() -> None:
    assert left() == [mutant.id for mutant in MUTANTS]


def test_a_pattern_is_for_whole_names_and_capitals_count() -> None:
    assert {mutant.split("-")[1] for mutant in left(functions=("conv",))} == {"conv"}
    assert {mutant.split("-")[1] for mutant in left(functions=("conv*",))} == {"conv", "conv1"}
    assert {mutant.split("-")[1] for mutant in left(functions=("d?nse", "conv1"))} == {
        "conv1",
        "dense",
    }
    with pytest.raises(InputError, match="fits no function"):
        left(functions=("Conv",))


def test_a_layer_takes_every_function_that_computes_it() -> None:
    assert {mutant.split("-")[1] for mutant in left(layers=("*relu",))} == {"conv"}
    assert {mutant.split("-")[1] for mutant in left(layers=("*/conv",))} == {"conv", "conv1"}


def test_a_pattern_that_fits_nothing_is_told_with_what_there_is() -> None:
    with pytest.raises(
        InputError,
        match=r"--layer 'tail\*' fits no layer that has a mutant; there "
        r"are: stem/conv, stem/relu, body/conv, head/dense",
    ):
        left(layers=("stem/*", "tail*"))


def test_layers_are_sought_among_the_functions_that_are_left() -> None:
    with pytest.raises(InputError, match="there are: head/dense"):
        left(functions=("dense",), layers=("stem/*",))


def test_positions_count_the_mutants_of_each_operator_that_are_left() -> None:
    assert left(positions=slice(2, 4)) == [
        *("swap-conv-2", "drop-conv-2"),
        *("swap-conv1-0", "drop-conv1-0"),
    ]
    assert left(functions=("dense",), positions=slice(0, 1)) == ["swap-dense-0", "drop-dense-0"]
    assert left(positions=slice(8, None)) == ["swap-dense-2", "drop-dense-2"]


def test_positions_beyond_every_mutant_are_told() -> None:
    with pytest.raises(
        InputError,
        match="--positions 9: holds no mutant: of one operator there "
        "are at most 9, numbered from 0",
    ):
        left(positions=slice(9, None))


@pytest.mark.parametrize(
    ("text", "positions"), [("2:5", slice(2, 5)), ("2:", slice(2, None)), (":5", slice(0, 5))]
)
def test_positions_are_written_as_a_range(text: str, positions: slice) -> None:
    assert parse_positions(text) == positions


@pytest.mark.parametrize(
    "text", ["", ":", "2", "5:5", "5:2", ":0", "-1:2", "1:2:3", "a:b", "1.5:2"]
)
def test_other_positions_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no range of positions such as 2:5"):
        parse_positions(text)
