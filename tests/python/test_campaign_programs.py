"""Campaigns of graph and weight mutants: verdicts, evidence, resumption, repetition, reports."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import tvm
from tvm import relax

import mutatenn
from campaign_fixtures import Finished, demo_options, digits, run_chosen  # noqa: F401
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.demo import model_path
from mutatenn.model import load
from mutatenn.mutation.mutant import operators_of, plant
from mutatenn.report.record import Record

GRAPH = ("drop-op", "replace-op", "change-attr", "duplicate-op", "swap-args")
WEIGHT = ("zero-channel", "flip-bit", "quantise-weights")


@pytest.fixture(scope="module", params=["graph", "weight"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    from campaign_fixtures import _digits  # noqa: PLC0415

    stage = request.param
    options = demo_options(
        _digits(tmp_path_factory.getbasetemp()),
        tmp_path_factory.mktemp(stage) / "out",
        stage=stage,
        schedule="default",
        operators=GRAPH if stage == "graph" else WEIGHT,
        sample=8,
        recheck_every=3,
    )
    return run_chosen(options, lambda manifest: manifest)


def labels_of(mod: object, rows: np.ndarray) -> np.ndarray:
    """First classes by TVM's own machine."""
    machine = relax.VirtualMachine(tvm.compile(mod, target="llvm"), tvm.cpu())
    answers = [machine["main"](tvm.runtime.tensor(row)).numpy() for row in rows]
    return np.asarray(np.stack(answers).reshape(len(rows), -1).argmax(-1))


def test_verdicts_are_those_of_the_mutated_module_compiled_whole(finished: Finished) -> None:
    mod = load(model_path())
    with np.load(finished.options.inputs) as given:
        rows = given["images"]
    golden = labels_of(mod.clone(), rows)
    mutants = finished.record.mutants()
    ran = [row for row in finished.record.rows if row["reach"]]
    assert len(ran) >= 6
    for row in ran[:5]:
        changed = labels_of(plant(mod, mutants[row["mutant"]]), rows) != golden
        assert row["failing"] == changed.sum(), row["mutant"]
        assert (row["kill"] == "label") == bool(changed.any())


def test_every_mutant_that_ran_was_reached_and_tells_which_kernels_it_changed(
    finished: Finished,
) -> None:
    kernels = json.loads((finished.folder / "plan.json").read_text())["launches"]
    names = {launch["kernel"] for launch in kernels}
    for row in finished.record.rows:
        if row["reach"]:
            assert row["evidence"]["reached"] is True
            assert row["evidence"]["program"]["mutated"] >= 0
            assert names.issuperset(row["evidence"]["program"]["kernels"])
            assert row["diff"]


def test_the_summary_tells_what_a_mutant_cost_and_how_many_kernels_were_compiled(
    finished: Finished,
) -> None:
    summary = finished.summary
    spent = summary["seconds_per_mutant"]
    assert {"make", "plant", "lower", "compile", "run"} <= spent.keys()
    assert spent["make"] >= spent["lower"] > 0
    assert spent["run"] > 0
    if summary["stage"] == "weight":
        assert summary["kernels_compiled"] == 0
        assert spent["compile"] == 0
    else:
        assert 0 < summary["kernels_compiled"] <= 2 * summary["mutants"]


def test_a_resumed_campaign_says_what_an_undisturbed_one_says(
    finished: Finished, tmp_path: Path
) -> None:
    taken = [row["mutant"] for row in finished.record.rows][3:]
    before = finished.verdicts()
    with Journal(finished.folder / "journal.sqlite") as journal:
        journal.take_back(taken, "llvm")
    again = mutatenn.resume(finished.folder)
    assert again.summary["counts"] == finished.summary["counts"]
    assert Finished(finished.options, again.summary).verdicts() == before


def test_a_mutant_is_repeated_alone_and_shown(
    finished: Finished, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(row for row in finished.record.rows if row["reach"])
    options = finished.options
    alone = mutatenn.run(
        options.model,
        inputs=options.inputs,
        stage=options.stage,
        schedule=options.schedule,
        only=row["mutant"],
        out=tmp_path / "alone",
    )
    (found,) = alone.mutants
    for key in ("verdict", "kill", "reach", "failing", "reason", "artifact", "evidence"):
        assert found[key] == row[key], key
    shown = alone.show(row["mutant"])
    assert row["mutant"] in shown
    assert f"launches that differ by themselves: {row['evidence']['program']['mutated']}" in shown


@pytest.mark.parametrize("stage", ["graph", "weight"])
def test_without_operators_those_of_the_stage_run(
    stage: str,
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    from mutatenn.campaign.subject import Subject  # noqa: PLC0415

    options = demo_options(digits, tmp_path / "out", stage=stage, operators=())
    manifest: Manifest = Subject.prepare(options).manifest()
    assert {mutant.stage for mutant in manifest.mutants} == {stage}
    assert tuple(manifest.facts["operators"]) == operators_of(stage)
    assert not any(mutant.semantics_preserving for mutant in manifest.mutants)


def test_what_is_proved_before_any_run_is_what_is_said_in_turn(
    finished: Finished, tmp_path: Path
) -> None:
    options = dataclasses.replace(finished.options, out=tmp_path / "out", prove="all", sample=3)
    first = run_chosen(
        options, lambda made: dataclasses.replace(made, mutants=made.mutants[:10])
    ).verdicts()
    in_turn = finished.verdicts()
    assert len(first) >= 3
    for mutant in first.keys() & in_turn.keys():
        assert first[mutant] == in_turn[mutant]


def test_a_layout_that_keeps_the_meaning_is_accepted(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    options = demo_options(
        digits, tmp_path / "out", stage="graph", operators=("change-layout",), expect="same"
    )
    done = run_chosen(options, lambda manifest: manifest)
    assert done.record.rows
    assert done.summary["suspected_defects"] == []
    assert {row["verdict"] for row in done.record.rows} <= {"survived", "equivalent", "duplicate"}


def test_a_journal_from_before_there_were_graph_mutants_is_read(
    finished: Finished, tmp_path: Path
) -> None:
    copy = tmp_path / "out"
    shutil.copytree(finished.folder, copy)
    with sqlite3.connect(copy / "journal.sqlite") as db:
        db.execute("DROP TABLE effort")
    record = Record.read(copy)
    assert record.effort == {}
    assert not record.damaged
    assert len(record.rows) == len(finished.record.rows)
