"""Presets: named choices of operators."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from campaign_fixtures import demo_options, digits  # noqa: F401
from mutatenn.campaign.subject import Subject
from mutatenn.cli.app import app
from mutatenn.errors import InputError
from mutatenn.mutation import icst2025
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import operator_versions
from mutatenn.mutation.presets import DEFAULT, preset, preset_names, preset_of, stage_of
from operator_kernels import each, module


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_holds_operators_that_exist(name: str) -> None:
    held = preset(name)
    assert held.version >= 1 and held.summary.endswith(".")
    assert held.operators and set(held.operators) <= set(operator_versions())
    assert len(set(held.operators)) == len(held.operators)
    assert set(held.first) <= set(held.operators)


def test_all_holds_the_whole_catalogue() -> None:
    assert set(preset("all").operators) == set(operator_versions())


def test_the_first_replacement_alone_is_taken_where_a_preset_says_so() -> None:
    mod = module(each("C[i] = A[i] + B[i] * A[i]"))
    held = preset("minimal")
    offered = enumerate_mutants(mod, held.operators)
    taken = held.chosen(offered)
    arithmetic = [m for m in taken if m.operator == "swap-arith"]
    assert len(arithmetic) == len({m.path for m in offered if m.operator == "swap-arith"}) == 2
    assert {m.settings["to"] for m in arithmetic} == {"sub", "div"}
    stores = [m for m in offered if m.operator == "drop-store"]
    assert [m for m in taken if m.operator == "drop-store"] == stores


def test_operators_stand_in_place_of_a_preset() -> None:
    assert preset_of(None, ["swap-cmp"]) is None
    assert preset_of(None, []) == preset(DEFAULT)
    with pytest.raises(InputError, match="both a preset"):
        preset_of("all", ["swap-cmp"])
    with pytest.raises(InputError, match="no preset 'everything'; there are: all, boundary"):
        preset_of("everything", [])


def test_the_command_lists_what_a_preset_holds() -> None:
    result = CliRunner().invoke(app, ["operators", "--preset", "types", "--json"])
    assert result.exit_code == 0
    assert [row["id"] for row in json.loads(result.stdout)] == sorted(preset("types").operators)


@pytest.mark.parametrize("stage", ["graph", "kernel"])
def test_the_predecessors_rows_are_a_preset_of_the_settings_that_they_name(
    digits: Path,  # noqa: F811
    tmp_path: Path,
    stage: str,
) -> None:
    options = demo_options(digits, tmp_path, stage=stage, preset="icst2025", operators=())
    manifest = Subject.prepare(options).manifest()
    rows = [row for row in icst2025.read_rows().rows if row.stage == stage]
    assert manifest.facts["preset"] == {"name": "icst2025", "version": 1}
    for mutant in manifest.mutants:
        assert mutant.stage == stage
        assert mutant.operator in {row.operator for row in rows}
    found = {tuple(sorted(mutant.settings.items())) for mutant in manifest.mutants}
    assert len(manifest.mutants) > len(found) > 1


@pytest.mark.parametrize(
    ("operators", "stage"),
    [
        (["replace-op"], "graph"),
        (["flip-bit", "zero-channel"], "weight"),
        (["swap-cmp"], "kernel"),
        (["swap-cmp", "replace-op"], "kernel"),
        ([], "kernel"),
    ],
)
def test_operators_choose_the_stage_at_which_they_work(operators: list[str], stage: str) -> None:
    assert stage_of(None, operators) == stage
