"""Mutants that keep the meaning: left out, or run alone, and a difference is a suspected defect."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tvm.script import tirx as T  # noqa: N812

import mutatenn as mn
from campaign_fixtures import Answer, Cli, cli  # noqa: F401
from campaign_kernels import model
from mutatenn.analysis.tally import differs
from mutatenn.campaign import choice
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.verdict import STAGES
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.model import save
from mutatenn.mutation import enumeration
from mutatenn.mutation.mutant import Mutant


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    save(model(8, T.serial), tmp_path / "model.json")
    np.save(tmp_path / "x.npy", np.full((2, 8), 3, np.float32))
    files = {"model": tmp_path / "model.json", "inputs": tmp_path / "x.npy"}
    return files | {"stage": "tensor", "schedule": "none", "operators": "swap-arith", "all": True}


def keeping(monkeypatch: pytest.MonkeyPatch, *replacements: str) -> None:
    """Have the operator say that these replacements in kernel ``shift`` keep the meaning."""
    enumerate_mutants = enumeration.enumerate_mutants

    def enumerated(*arguments: Any, **options: Any) -> Any:
        return [
            dataclasses.replace(
                mutant,
                semantics_preserving=mutant.function == "shift"
                and mutant.replacement in replacements,
            )
            for mutant in enumerate_mutants(*arguments, **options)
        ]

    monkeypatch.setattr(choice, "enumerate_mutants", enumerated)


def run(cli: Cli, given: dict[str, Any], out: Path, *more: str) -> Answer:  # noqa: F811
    options = ["--stage", "tensor", "--schedule", "none", "--operators", "swap-arith", "--all"]
    files = [given["model"], "--inputs", given["inputs"], "--out", out]
    return cli("run", *files, *options, "--no-config", *more)


def test_a_campaign_leaves_out_what_keeps_the_meaning(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping(monkeypatch, "to=add", "to=mul")
    result = mn.run(out=tmp_path / "out", **given)
    manifest = Manifest.read(tmp_path / "out" / "manifest.json")
    assert not any(mutant.semantics_preserving for mutant in manifest.mutants)
    assert result.summary["population"] == len(manifest.mutants) > 0
    assert result.summary["suspected_defects"] == []
    assert sum(result.summary["semantics_preserving"].values()) == 0


def test_a_mutant_that_keeps_the_meaning_runs_where_it_is_named(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping(monkeypatch, "to=add")
    mn.run(out=tmp_path / "same", expect="same", **given)
    (mutant,) = Manifest.read(tmp_path / "same" / "manifest.json").mutants
    result = mn.run(out=tmp_path / "out", only=mutant.id, **given)
    assert [row["id"] for row in result.mutants] == [mutant.id]
    assert result.score is None


def test_a_difference_that_should_not_be_fails_the_gate_and_is_told(
    cli: Cli,  # noqa: F811
    given: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeping(monkeypatch, "to=add", "to=mul")
    # The outputs stay in their order: no oracle notices, but bits differ.
    answer = run(cli, given, tmp_path / "out", "--expect", "same", "--json")
    assert answer.code == ExitCode.GATE_FAILED
    body = json.loads(answer.out)
    assert len(body["suspected_defects"]) == 2
    assert body["score"] is None and sum(body["counts"].values()) == 0
    assert sum(body["semantics_preserving"].values()) == 2
    assert "2 mutants that keep the meaning made a difference" in answer.err
    report = (tmp_path / "out" / "report" / "report.md").read_text()
    for mutant in body["suspected_defects"]:
        assert mutant in answer.err
        assert f"suspected compiler defect: `{mutant}`" in report


def test_the_gate_fails_on_resumption_too(
    cli: Cli,  # noqa: F811
    given: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeping(monkeypatch, "to=add")
    run(cli, given, tmp_path / "out", "--expect", "same")
    answer = cli("run", "--resume", tmp_path / "out")
    assert answer.code == ExitCode.GATE_FAILED


def test_without_a_difference_the_gate_is_passed(
    cli: Cli,  # noqa: F811
    given: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # ``(2 * 2.5 + 1) - 3`` is 3, and so is ``min(2 * 2.5 + 1, 3)``.
    np.save(given["inputs"], np.full((2, 8), 2.5, np.float32))
    keeping(monkeypatch, "to=min")
    answer = run(cli, given, tmp_path / "out", "--expect", "same", "--json")
    body = json.loads(answer.out)
    assert body["semantics_preserving"]["survived"] == 1
    assert body["suspected_defects"] == []
    assert answer.code == ExitCode.OK


def test_operators_that_only_keep_the_meaning_need_to_be_asked_for(
    given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="that keeps the meaning; leave --expect same out"):
        mn.run(out=tmp_path / "out", expect="same", **given)
    enumerate_mutants = enumeration.enumerate_mutants
    monkeypatch.setattr(
        choice,
        "enumerate_mutants",
        lambda *a, **k: [
            dataclasses.replace(m, semantics_preserving=True) for m in enumerate_mutants(*a, **k)
        ],
    )
    with pytest.raises(InputError, match="give --expect same to run those"):
        mn.run(out=tmp_path / "out", **given)


@pytest.mark.parametrize(
    ("verdict", "reach", "expected"),
    [
        ("survived", "masked", False),
        *(("survived", stage, True) for stage in STAGES[1:3]),
        ("killed", "revealed", True),
        ("killed", "", True),
        ("equivalent", "", False),
        ("invalid", "", False),
        ("not_reached", "", False),
        ("inconclusive", "", False),
    ],
)
def test_one_bit_in_one_launch_is_a_difference(verdict: str, reach: str, expected: bool) -> None:
    mutant = Mutant("m", "swap-loops", 1, "kernel", "k", 0, 0, ".body", {})
    row = {"verdict": verdict, "reach": reach}
    assert differs(row, mutant) is expected
    # Another graph rounds otherwise: only an oracle tells.
    of_graph = dataclasses.replace(mutant, stage="graph")
    assert differs(row, of_graph) is (verdict == "killed")
