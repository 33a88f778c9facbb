"""Campaigns under schedules: what is mutated, what mutants are compared with, what is told."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tvm import tirx

from campaign_fixtures import Cli, Finished, cli, demo_options, digits, run_chosen  # noqa: F401
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.rescheduled import RESCHEDULED
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import SYMBOL, compile_kernel, link, parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.lowering.replay import attempts
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.record import Record
from schedule_fixtures import mutants_of, planted, scheduled_digits


def how(mutant: Mutant) -> str | None:
    """How the demo's schedules take a mutant; ``None`` for one that the verifier refuses."""
    lowered = scheduled_digits()
    assert lowered.scheduler is not None
    func = planted(lowered, mutant)
    if func is None:
        return None
    original = lowered.kernel(mutant.function)
    scheduled = lowered.scheduler.schedule(original)
    return next(attempts(lowered.scheduler, scheduled, original, func)).how


def some(choice: Callable[[Mutant], bool], count: int) -> list[str]:
    found = [mutant.id for mutant in mutants_of(scheduled_digits()) if choice(mutant)]
    if not found:
        pytest.skip("the demo has no such mutant any more: the rules have got better")
    return found[:count]


def only(ids: list[str]) -> Callable[[Manifest], Manifest]:
    return lambda manifest: dataclasses.replace(
        manifest, mutants=tuple(m for m in manifest.mutants if m.id in ids)
    )


def test_a_mutant_that_cannot_take_the_schedule_is_marked_and_says_why(
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    ids = some(lambda m: "does not fit" in (how(m) or ""), 2)
    replayed = some(lambda m: "matmul" in m.function and how(m) == "", 1)
    options = demo_options(digits, tmp_path / "out", schedule="default")
    rows = {row["mutant"]: row for row in run_chosen(options, only(ids + replayed)).record.rows}
    assert rows.keys() == {*ids, *replayed}
    for mutant in ids:
        assert RESCHEDULED in rows[mutant]["marks"]
        assert "does not fit (" in rows[mutant]["evidence"]["schedule"]
        assert rows[mutant]["verdict"] in ("killed", "survived", "equivalent")
    assert RESCHEDULED not in rows[replayed[0]]["marks"]
    assert "schedule" not in rows[replayed[0]]["evidence"]


def test_a_mutation_that_the_schedule_hides_is_decided_on_code_without_schedules(
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    ids = some(lambda m: "hides" in (how(m) or ""), 8)
    options = demo_options(digits, tmp_path / "out", schedule="default")
    rows = run_chosen(options, only(ids)).record.rows
    # Those that the analyzer proves equivalent are not even compiled.
    compiled = [row for row in rows if "the analyzer proves" not in row["reason"]]
    if not compiled:
        pytest.skip("the analyzer decides every mutant of the demo that a schedule would hide")
    for row in compiled:
        assert RESCHEDULED in row["marks"]
        assert row["verdict"] in ("killed", "survived", "equivalent", "duplicate")


class ItsOwnOriginal(Compiler):
    """Says of every mutant that its code is what the original's is under the same schedule."""

    def result(self) -> Compiled:
        mutant = self._waiting[0].mutant
        compiled = super().result()
        if mutant is None or compiled.library is None:
            return compiled
        library = compiled.library.with_name(f"{mutant.id}-original.so")
        shutil.copy(compiled.library, library)
        # Another artefact, else it would be equivalent without a run.
        artifact = hashlib.sha256(mutant.id.encode()).hexdigest()
        original = Compiled(library, artifact, "", 0.0)
        return dataclasses.replace(compiled, rescheduled="not scheduled", original=original)


class CrashingOriginal(ItsOwnOriginal):
    """The same, with an original that ends the process."""

    def result(self) -> Compiled:
        mutant = self._waiting[0].mutant
        compiled = super().result()
        if mutant is None or compiled.original is None:
            return compiled
        target = parse_target(host_target())
        flat = lower_kernel(scheduled_digits().kernel(mutant.function), SYMBOL, target)
        end = tirx.Evaluate(tirx.call_extern("int32", "abort"))
        func = flat.with_body(tirx.SeqStmt([end, flat.body]))
        assert compiled.original.library is not None
        folder = compiled.original.library.parent
        library = link(compile_kernel(func, target, folder), folder / f"{mutant.id}-abort.so")
        original = dataclasses.replace(compiled.original, library=library)
        return dataclasses.replace(compiled, original=original)


def campaign_of(
    digits: Path,  # noqa: F811
    out: Path,
    compiler: type[Compiler],
) -> list[dict[str, Any]]:
    ids = some(lambda m: "matmul" in m.function and how(m) == "", 3)
    subject = Subject.prepare(demo_options(digits, out, schedule="default"))
    Campaign(subject, only(ids)(subject.manifest()), compiler).run(Silent())
    return list(Record.read(out).rows)


def test_a_rescheduled_mutant_is_compared_with_a_rescheduled_original(
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    for row in campaign_of(digits, tmp_path / "apart", ItsOwnOriginal):
        assert (row["verdict"], row["reach"]) == ("survived", "masked")
        assert RESCHEDULED in row["marks"]
    with_golden = campaign_of(digits, tmp_path / "together", Compiler)
    assert {row["reach"] for row in with_golden}.isdisjoint({"masked"})
    assert not any(RESCHEDULED in row["marks"] for row in with_golden)


def test_where_the_rescheduled_original_does_not_run_the_mutant_is_inconclusive(
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    rows = campaign_of(digits, tmp_path / "out", CrashingOriginal)
    assert len(rows) == 3
    for row in rows:
        assert row["verdict"] == "inconclusive"
        assert row["reason"].startswith("the original does not run under the mutant's schedule: ")
        assert RESCHEDULED in row["marks"]


def test_the_target_is_told_and_stored_as_what_it_was(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    arguments = ["--inputs", digits, "--out", out, "--sample", "4", "--threads", "2", "--verbose"]
    answer = cli("run", model_path(), *arguments)
    assert answer.code == ExitCode.OK
    assert f"target {host_target()}" in answer.err.splitlines()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["options"]["target"] == host_target()
    assert manifest["options"]["schedule"] == "default"
    assert manifest["stage"] == "kernel"
    assert cli("run", "--resume", out).code == ExitCode.OK


def test_kernel_stage_mutants_are_planted_in_scheduled_code(digits: Path, tmp_path: Path) -> None:  # noqa: F811
    subjects = [
        Subject.prepare(demo_options(digits, tmp_path, stage="kernel", schedule=schedule))
        for schedule in ("default", "none")
    ]
    ids = [{mutant.id for mutant in subject.manifest().mutants} for subject in subjects]
    assert not ids[0] & ids[1]
    parallel = ["T.parallel" in subject.module.script() for subject in subjects]
    assert parallel[0]


def test_a_resumed_campaign_has_the_verdicts_on_rescheduled_mutants(
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    ids = some(lambda m: "does not fit" in (how(m) or ""), 2)
    options = demo_options(digits, tmp_path / "out", schedule="default")
    whole = run_chosen(options, only(ids))
    stored = Manifest.read(options.out / "manifest.json")
    before = whole.verdicts()
    retried = Campaign(Subject.prepare(options, resumed=True), stored, Compiler, True, ("killed",))
    retried.run(Silent())
    assert Finished(options, {}).verdicts() == before
