"""A dry run: the manifest with static verdicts and an estimate, and no mutant run."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign_fixtures import SEED, Cli, cli, demo_options, digits, listing  # noqa: F401
from device_fixtures import chain
from mutatenn.campaign.estimate import Rehearsal, estimate, run_cost, spread
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.subject import Subject
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.record import Record

PLAN = chain(["double", "relu", "double", "negate"], 3)
SECONDS = np.array([[1.0, 2, 4, 8], [1, 2, 4, 8]])


@pytest.fixture(scope="module")
def planned(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Manifest:  # noqa: F811
    """The demo's manifest, for mutants to put into other kernels."""
    return Subject.prepare(demo_options(digits, tmp_path_factory.mktemp("none") / "o")).manifest()


def of(manifest: Manifest, *kernels: str) -> list[Mutant]:
    first = manifest.mutants[0]
    return [
        dataclasses.replace(first, id=f"m{index}", function=kernel)
        for index, kernel in enumerate(kernels)
    ]


def test_a_mutant_costs_its_kernel_twice_and_all_that_comes_later(planned: Manifest) -> None:
    double, relu, negate = of(planned, "double", "relu", "negate")
    assert run_cost(double, SECONDS, PLAN) == 2 * (1 + 4) + (1 + 2 + 4 + 8) * 2
    assert run_cost(relu, SECONDS, PLAN) == 2 * 2 + (2 + 4 + 8) * 2
    assert run_cost(negate, SECONDS, PLAN) == 2 * 8 + 8 * 2


def test_the_slower_of_compiling_and_running_decides(planned: Manifest) -> None:
    mutants = of(planned, *["negate"] * 10)
    slow = Rehearsal((9.0, 11.0), SECONDS)
    found = estimate(mutants, {}, None, slow, PLAN, jobs=4)
    assert (found.compiled, found.run) == (10, 10)
    assert (found.compile_seconds, found.run_seconds) == (10.0, 32.0)
    assert found.seconds == 100
    assert estimate(mutants, {}, None, slow, PLAN, jobs=1).seconds == 320


def test_of_a_sample_so_many_more_are_compiled_as_are_proved_away(planned: Manifest) -> None:
    mutants = of(planned, *["negate"] * 10)
    decided: dict[str, object] = {mutant.id: {} for mutant in mutants[:5]}
    found = estimate(mutants, decided, 3, Rehearsal((1.0,), SECONDS), PLAN, jobs=1)
    assert (found.compiled, found.run) == (6, 3)
    found = estimate(mutants, decided, 30, Rehearsal((1.0,), SECONDS), PLAN, jobs=1)
    assert (found.compiled, found.run) == (10, 5)


def test_where_all_are_decided_nothing_runs(planned: Manifest) -> None:
    mutants = of(planned, "relu")
    found = estimate(mutants, {"m0": {}}, None, Rehearsal((), SECONDS), PLAN, jobs=1)
    assert (found.run, found.seconds) == (0, 0)


def test_mutants_are_timed_from_all_over_the_manifest(planned: Manifest) -> None:
    mutants = planned.mutants
    chosen = spread(mutants, 4)
    assert len(chosen) == 4
    places = [mutants.index(mutant) for mutant in chosen]
    assert places == sorted(places) and places[-1] >= len(mutants) // 2
    assert spread(mutants[:2], 4) == list(mutants[:2])


@pytest.fixture
def given(digits: Path) -> tuple[Any, ...]:  # noqa: F811
    return (model_path(), "--inputs", digits, "--sample", 3, "--seed", SEED, "--no-config")


def test_a_dry_run_writes_the_manifest_runs_nothing_and_can_be_run_from_it(
    cli: Cli,  # noqa: F811
    given: tuple[Any, ...],
    tmp_path: Path,
) -> None:
    out, other = tmp_path / "dry", tmp_path / "run"
    answer = cli("run", *given, "--out", out, "--dry-run", "--json")
    assert answer.code == ExitCode.OK, answer.err
    body = json.loads(answer.out)
    head = {"manifest.json", "plan.json", "code.json"}
    assert {*listing(out)} == {*head, "logs", "logs/compiler.log"}
    manifest = Manifest.read(out / "manifest.json")
    static = manifest.facts["static_verdicts"]
    assert body["schema"] == "mutatenn.dry_run/1"
    assert body["mutants"] == len(manifest.mutants) == sum(body["operators"].values())
    assert body["static"]["equivalent"] + body["static"]["invalid"] == len(static) > 0
    assert body["static"]["undecided"] == len(manifest.mutants) - len(static)
    device = body["devices"]["llvm"]
    assert device["run"] == 3 and device["compile_seconds"] > 0 and device["run_seconds"] > 0
    assert body["seconds"] == device["seconds"] > 0

    assert cli("run", *given, "--out", out).code == ExitCode.USAGE  # it holds a campaign
    repeated = cli("run", "--manifest", out / "manifest.json", "--out", other, "--json")
    assert repeated.code == ExitCode.OK, repeated.err
    assert cli("run", "--resume", out, "--json").code == ExitCode.OK
    counts = [Record.read(folder) for folder in (out, other)]
    first, second = ({row["mutant"]: row["verdict"] for row in one.rows} for one in counts)
    assert first == second and len(first) >= 3
    assert {first.get(name, one["verdict"]) for name, one in static.items()} <= {
        "equivalent",
        "invalid",
    }


def test_people_are_told_what_it_rests_on(
    cli: Cli,  # noqa: F811
    given: tuple[Any, ...],
    tmp_path: Path,
) -> None:
    answer = cli("run", *given, "--out", tmp_path / "dry", "--dry-run")
    assert "3 to run at" in answer.out and "the estimate rests on" in answer.out
    assert "run it by: mutatenn-ir run --resume" in answer.err


@pytest.mark.parametrize("option", ["--resume", "--manifest"])
def test_a_dry_run_begins_and_goes_on_with_nothing(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    option: str,
) -> None:
    answer = cli("run", option, tmp_path, "--dry-run")
    assert answer.code == ExitCode.USAGE and "--dry-run begins a campaign" in answer.err


def test_a_dry_run_that_fails_leaves_nothing(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "deep" / "dry"
    given = (model_path(), "--inputs", digits, "--oracle", "accuracy:min=1", "--no-config")
    answer = cli("run", *given, "--out", out, "--dry-run")
    assert answer.code == ExitCode.BASELINE
    assert not out.parent.exists()
