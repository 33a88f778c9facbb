"""Layers and kernels by sensitivity, against numbers worked out by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from mutatenn.analysis.effect import Effect, effect
from mutatenn.analysis.sensitivity import kernels_of, layers_of, ranked, summed
from mutatenn.campaign.verdict import STUCK
from mutatenn.mutation.mutant import Mutant
from mutatenn.oracle import evidence
from mutatenn.report.parts import part_rows, stuck_text

GOLDEN_SCORES = np.array([[[1.0, 0.0]], [[0.0, 2.0]], [[3.0, 0.0]], [[0.0, 4.0]]], "float32")
GOLDEN = {"inputs": 4, "right": 3}


def mutant(name: str, function: str = "k0", stage: str = "kernel", *layers: str) -> Mutant:
    return Mutant(name, "swap-arith", 1, stage, function, 0, 0, ".body", {}, layers)


def row(
    name: str, verdict: str = "survived", reach: str = "propagated", **more: Any
) -> dict[str, Any]:
    plain: dict[str, Any] = {"mutant": name, "verdict": verdict, "kill": "", "reach": reach}
    return plain | {"evidence": {"reached": True}, "marks": [], "measures": b"", **more}


def answered(scores: np.ndarray, right: int | None = None, **more: Any) -> dict[str, Any]:
    """A row of a mutant that gave these scores."""
    measures = evidence([GOLDEN_SCORES], [np.asarray(scores, "float32")]).to_bytes()
    known = {} if right is None else {"right": right}
    return row("m", measures=measures, evidence=known, **more)


def drop(value: float | None, l2: float | None = 0.0, changed: float | None = 0.0) -> Effect:
    return Effect(value, changed, l2, 0.0, stuck=False)


def test_an_effect_is_what_changed_over_all_inputs() -> None:
    scores = GOLDEN_SCORES.copy()
    scores[1] = [[3.0, 2.0]]  # another class, and 3 / 2 away
    scores[2] = [[1.5, 0.0]]  # the same class, and half away
    found = effect(answered(scores, right=2), GOLDEN)
    assert found is not None
    assert found.relative_l2 == pytest.approx(0.5)
    assert dataclasses.replace(found, relative_l2=None) == Effect(
        0.25, 0.25, None, 0.0, stuck=False
    )


def test_an_unchanged_answer_has_no_effect() -> None:
    assert effect(answered(GOLDEN_SCORES, right=3), GOLDEN) == Effect(0, 0, 0, 0, stuck=False)


def test_a_mutant_may_be_better_than_the_original() -> None:
    found = effect(answered(GOLDEN_SCORES, right=4), GOLDEN)
    assert found is not None
    assert found.accuracy_drop == -0.25


def test_without_labels_there_is_no_drop_of_accuracy() -> None:
    found = effect(answered(GOLDEN_SCORES), {"inputs": 4})
    assert found is not None
    assert found.accuracy_drop is None


def test_what_is_no_number_is_left_out_of_the_mean_and_told() -> None:
    scores = GOLDEN_SCORES.copy()
    scores[0] = [[np.nan, 0.0]]
    scores[3] = [[0.0, 8.0]]
    found = effect(answered(scores), GOLDEN)
    assert found is not None
    assert found.not_finite == 0.25
    assert found.relative_l2 == pytest.approx(1 / 3)


def test_a_mutant_that_did_not_run_to_the_end_has_no_effect() -> None:
    assert effect(row("m", "killed", ""), GOLDEN) is None


def test_a_stuck_mutant_is_told_by_its_mark() -> None:
    found = effect(answered(GOLDEN_SCORES, marks=[STUCK]), GOLDEN)
    assert found is not None
    assert found.stuck


def test_a_layer_has_the_means_of_the_mutants_that_ran() -> None:
    mutants = {
        "a": mutant("a", "k0", "kernel", "conv1"),
        "b": mutant("b", "k0", "kernel", "conv1", "conv2"),
        "c": mutant("c", "k1", "kernel", "conv2"),
        "d": mutant("d", "k1", "kernel", "conv2"),
    }
    rows = [
        row("a", "killed", "revealed", kill="label"),
        row("b", "survived", "propagated"),
        row("c", "killed", "", kill="crash"),
        row("d", "equivalent", ""),
    ]
    effects = {"a": drop(0.5, 2.0, 0.75), "b": drop(0.25, 1.0, 0.25), "c": None, "d": None}
    layers = ranked(rows, mutants, effects, layers_of)
    assert [(one["rank"], one["name"]) for one in layers] == [(1, "conv1"), (2, "conv2")]
    first, second = layers
    assert (first["mutants"], first["counted"], first["killed"], first["ran"]) == (2, 2, 1, 2)
    assert (first["score"], first["accuracy_drop"], first["relative_l2"]) == (0.5, 0.375, 1.5)
    assert (first["top1_changed"], first["furthest"]) == (0.5, "revealed")
    assert (second["mutants"], second["counted"], second["killed"], second["ran"]) == (3, 2, 1, 1)
    assert (second["accuracy_drop"], second["furthest"]) == (0.25, "killed before an answer")
    kernels = ranked(rows, mutants, effects, kernels_of)
    assert [one["name"] for one in kernels] == ["k0", "k1"]
    assert kernels[1]["accuracy_drop"] is None
    assert kernels[1]["score"] == 1.0


def test_a_mutant_of_the_graph_belongs_to_the_kernels_that_it_stands_for() -> None:
    one = mutant("a", "main", "graph", "conv1")
    told = row("a", evidence={"program": {"kernels": ["k3", "k4"]}})
    assert kernels_of(one, told) == ["k3", "k4"]
    assert kernels_of(one, row("a", "invalid", "")) == ()
    assert kernels_of(dataclasses.replace(one, stage="kernel", function="k1"), told) == ("k1",)


def test_parts_are_ranked_by_accuracy_then_by_distance_then_by_name() -> None:
    mutants = {name: mutant(name, name) for name in "abcdef"}
    effects = {
        "a": drop(0.0, 0.5),
        "b": drop(0.25, 0.1),
        "c": drop(0.0, 0.5),
        "d": None,
        "e": drop(None, 0.9, 0.125),
        "f": drop(-0.5, None),
    }
    found = ranked([row(name) for name in reversed("abcdef")], mutants, effects, kernels_of)
    assert [one["name"] for one in found] == ["b", "e", "a", "c", "f", "d"]


def test_the_share_of_stuck_mutants_is_that_of_those_that_ran() -> None:
    effects = {"a": dataclasses.replace(drop(0.5), stuck=True), "b": drop(0.1), "c": None}
    everything = summed([row("a"), row("b"), row("c", "killed", "", kill="hang")], effects)
    assert (everything["stuck"], everything["ran"], everything["stuck_share"]) == (1, 2, 0.5)
    assert stuck_text(everything).startswith("1 of 2 mutants that ran to the end (50.0 %)")
    assert stuck_text(summed([], {})) == ""


def test_a_part_is_told_in_a_row_of_cells() -> None:
    effects = {"a": drop(0.5, 12.345, 0.25)}
    (part,) = ranked(
        [row("a", "killed", "revealed", kill="label")], {"a": mutant("a")}, effects, kernels_of
    )
    expected = ["1", "k0", "1", "1.000", "revealed", "0.500", "0.250", "12.3", "0 of 1"]
    assert part_rows([part]) == [expected]
