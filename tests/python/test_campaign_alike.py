"""Mutants whose lowered code is there already: decided when their turn comes, or all first."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tvm.script import tirx as T  # noqa: N812

import mutatenn as mn
from alike_kernels import guarded, neutral
from campaign_kernels import model
from device_fixtures import children
from mutatenn.campaign.compile_worker import KernelBuilder
from mutatenn.campaign.compiled import LOWERED, TWIN, Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.verdict import AWAY
from mutatenn.lowering.kernel import compile_kernel, parse_target
from mutatenn.model import save
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant, plant

OPERATORS = ["swap-arith", "swap-cmp", "swap-logic", "drop-clause", "drop-guard", "force-cond"]
LLVM = parse_target("llvm")
EQUIVALENT = "after TVM's remaining passes the kernel is structurally equal to the original's"
DUPLICATE = "after TVM's remaining passes the kernel is structurally equal to that of "


def mutants_of(mod: Any) -> list[Mutant]:
    return [m for m in enumerate_mutants(mod, OPERATORS) if m.function == "scale"]


def decided(mod: Any, folder: Path, by: str) -> list[tuple[Mutant, str]]:
    """Mutants that the worker rejects so, with its reasons."""
    builder = KernelBuilder(mod, "llvm", folder)
    done = [(m, builder.do(Task(m.function, m))) for m in mutants_of(mod)]
    return [(mutant, one.reason) for mutant, one in done if one.rejected_by == by]


def artifact(mod: Any, mutant: Mutant | None, folder: Path) -> str:
    """What it compiles to, proofs or not."""
    planted = mod if mutant is None else plant(mod, mutant)
    return compile_kernel(planted["scale"], LLVM, folder).sha256


@pytest.mark.parametrize(
    ("kernel", "known"),
    [(neutral, {("swap-arith", "to=div")}), (guarded, {("drop-clause", "drop=right")})],
)
def test_what_simplifies_to_the_original_is_equivalent(
    kernel: Callable[..., Any], known: set[tuple[str, str]], tmp_path: Path
) -> None:
    mod = model(8, T.serial, kernel)
    found = decided(mod, tmp_path, LOWERED)
    assert {(mutant.operator, mutant.replacement) for mutant, _ in found} >= known
    original = artifact(mod, None, tmp_path)
    for mutant, reason in found:
        assert reason == EQUIVALENT
        assert artifact(mod, mutant, tmp_path) == original


@pytest.mark.parametrize("kernel", [neutral, guarded])
def test_what_simplifies_to_the_code_of_an_earlier_mutant_is_its_duplicate(
    kernel: Callable[..., Any], tmp_path: Path
) -> None:
    mod = model(8, T.serial, kernel)
    order = [mutant.id for mutant in mutants_of(mod)]
    by_id = {mutant.id: mutant for mutant in mutants_of(mod)}
    found = decided(mod, tmp_path, TWIN)
    assert len(found) >= 3
    for mutant, reason in found:
        first = reason.removeprefix(DUPLICATE)
        assert order.index(first) < order.index(mutant.id), "the first is kept"
        assert artifact(mod, mutant, tmp_path) == artifact(mod, by_id[first], tmp_path)


def test_no_code_is_generated_of_what_is_there_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mod = model(8, T.serial, neutral)
    builder = KernelBuilder(mod, "llvm", tmp_path)
    (same, *_) = [m for m in mutants_of(mod) if m.replacement == "to=div"]

    def generate(*_: object) -> None:
        raise AssertionError("code was generated")

    monkeypatch.setattr("mutatenn.lowering.backends.llvm.generate", generate)
    assert builder.do(Task(same.function, same)).rejected_by == LOWERED


def test_equal_hashes_alone_prove_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mutatenn.lowering.lowered_code.LoweredCode.hash", "collision")
    mod = model(8, T.serial, guarded)
    builder = KernelBuilder(mod, "llvm", tmp_path)
    built = 0
    for mutant in mutants_of(mod)[:6]:
        done = builder.do(Task(mutant.function, mutant))
        if done.rejected_by == LOWERED:
            assert artifact(mod, mutant, tmp_path) == artifact(mod, None, tmp_path)
        if done.rejected_by == TWIN:
            (first,) = [m for m in mutants_of(mod) if m.id == done.reason.removeprefix(DUPLICATE)]
            assert artifact(mod, mutant, tmp_path) == artifact(mod, first, tmp_path)
        built += done.library is not None
    assert built > 2, "mutants were told to be equal by their hashes"


def test_a_worker_that_takes_over_knows_the_code_of_the_mutants_before(tmp_path: Path) -> None:
    mod = model(8, T.serial, guarded)
    save(mod, tmp_path / "model.json")
    mutant, reason = decided(mod, tmp_path, TWIN)[0]
    first = next(m for m in mutants_of(mod) if m.id == reason.removeprefix(DUPLICATE))
    module, log = tmp_path / "model.json", tmp_path / "log"
    with Compiler(module, "llvm", tmp_path, log) as compiler:
        kept = compiler.compile(Task(first.function, first))
        assert kept.library is not None
        (pid,) = children(os.getpid())
        os.kill(pid, signal.SIGKILL)
        again = compiler.compile(Task(mutant.function, mutant))
        assert children(os.getpid()) != [pid]
    assert (again.rejected_by, again.reason) == (TWIN, reason)
    before = [(first, kept.lowered)]
    with Compiler(module, "llvm", tmp_path, log, known=before) as compiler:
        assert compiler.compile(Task(mutant.function, mutant)).reason == reason


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The model with a condition that always holds, its inputs, and how it is to be run."""
    folder = tmp_path_factory.mktemp("model")
    save(model(8, T.serial, guarded), folder / "model.json")
    rows = np.random.default_rng(3).normal(size=(3, 8)).astype(np.float32)
    np.save(folder / "x.npy", rows)
    return {
        "model": folder / "model.json",
        "inputs": folder / "x.npy",
        "stage": "tensor",
        "schedule": "none",
        "operators": ["negate-cond", "shift-threshold", "swap-branches", "drop-else", *OPERATORS],
        "oracle": "exact",
        "all": True,
        "seed": 4,
        "jobs": 1,
    }


def verdicts(result: Any) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["verdict"], row["kill"]) for row in result.mutants}


def away(result: Any) -> set[str]:
    return {row["id"] for row in result.mutants if row["verdict"] in AWAY}


@pytest.fixture(scope="module")
def everything(given: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A campaign of all mutants, in the order of no sample."""
    return mn.run(out=tmp_path_factory.mktemp("all") / "out", **given)


@pytest.fixture(scope="module")
def samples(given: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Campaigns of 6 and 14 runnable mutants."""
    folder = tmp_path_factory.mktemp("samples")
    return [mn.run(out=folder / str(size), sample=size, **given) for size in (6, 14)]


def test_a_campaign_tells_each_proof_in_the_record(everything: Any) -> None:
    reasons = [row["reason"] for row in everything.mutants if row["verdict"] == "equivalent"]
    assert EQUIVALENT in reasons
    assert any(reason.startswith("the analyzer proves") for reason in reasons)
    twins = [row for row in everything.mutants if row["reason"].startswith(DUPLICATE)]
    manifest = Manifest.read(everything.folder / "manifest.json")
    ids = [mutant.id for mutant in manifest.mutants]
    assert twins
    for row in twins:
        first = row["reason"].removeprefix(DUPLICATE)
        assert row["verdict"] == "duplicate"
        assert ids.index(first) < ids.index(row["id"])
        assert verdicts(everything)[first][0] not in AWAY
        assert (row["artifact"], row["seconds_run"]) == ("", 0)


def test_no_two_mutants_that_ran_have_the_same_artefact(everything: Any) -> None:
    ran = [row["artifact"] for row in everything.mutants if row["verdict"] not in AWAY]
    assert len(set(ran)) == len(ran) > 10


def test_a_sample_has_exactly_so_many_runnable_mutants(samples: list[Any]) -> None:
    for size, result in zip((6, 14), samples, strict=True):
        assert len(result.mutants) - len(away(result)) == size
        assert result.summary["runnable"] == size
        assert result.summary["mutants"] == len(result.mutants) > size
        assert result.summary["pending"] == 0
        assert result.summary["score_interval"] is not None


def test_those_proved_away_on_the_way_are_in_the_journal(samples: list[Any]) -> None:
    for result in samples:
        manifest = Manifest.read(result.folder / "manifest.json")
        begun = [mutant.id for mutant in manifest.mutants[: len(result.mutants)]]
        assert set(begun) == {row["id"] for row in result.mutants}
        assert away(result)


def test_a_larger_sample_says_the_same_of_the_smaller_ones_mutants(samples: list[Any]) -> None:
    small, large = map(verdicts, samples)
    assert small.items() <= large.items()


def test_a_sample_larger_than_what_is_runnable_is_everything(
    given: dict[str, Any], everything: Any, tmp_path: Path
) -> None:
    result = mn.run(out=tmp_path / "out", sample=1000, **given)
    assert verdicts(result).keys() == verdicts(everything).keys()
    assert result.summary["pending"] == 0
    assert result.summary["score_interval"] is None
    assert result.summary["score"] == everything.summary["score"]


@pytest.mark.parametrize("kept", [1, 5, 9])
def test_a_sample_that_was_stopped_goes_on_to_the_same_mutants(
    given: dict[str, Any], samples: list[Any], tmp_path: Path, kept: int
) -> None:
    out = tmp_path / "out"
    mn.run(out=out, sample=14, **given)
    with Journal(out / "journal.sqlite") as journal:
        rows = [row["mutant"] for row in journal.rows()]
        # Not only the last ones: what was in flight has no verdict either.
        journal.take_back([*rows[kept + 2 :], rows[kept - 1]], "llvm")
    assert verdicts(mn.resume(out)) == verdicts(samples[1])


def test_with_all_proofs_first_nothing_runs_before_everything_is_compared(
    given: dict[str, Any], samples: list[Any], everything: Any, tmp_path: Path
) -> None:
    result = mn.run(out=tmp_path / "out", sample=6, prove="all", **given)
    whole = verdicts(result)
    small = verdicts(samples[0])
    assert {n for n, v in whole.items() if v[0] not in AWAY} == {
        n for n, v in small.items() if v[0] not in AWAY
    }
    assert {name: whole[name] for name in small} == small
    assert len(away(result)) == len(away(everything))
    order = [row["verdict"] in AWAY for row in result.mutants]
    assert order == sorted(order, reverse=True), "a mutant ran before the proofs were done"
    assert list((tmp_path / "out").glob("scratch-*")) == []


def test_with_all_proofs_first_the_manifest_holds_what_the_code_alone_says(
    given: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = mn.run(out=out, sample=2, prove="all", **given)
    static = json.loads((out / "manifest.json").read_text())["static_verdicts"]
    by_analyzer = {
        row["id"]: {"verdict": "equivalent", "reason": row["reason"]}
        for row in result.mutants
        if row["reason"].startswith("the analyzer proves")
    }
    assert by_analyzer and static == by_analyzer
    assert verdicts(mn.resume(out)) == verdicts(result)
