"""Campaigns on several devices: who runs what, and how they are resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign_fixtures import Cli, Finished, cli, demo_options, digits, run_chosen  # noqa: F401
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.device_groups import device_groups
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.subject import Subject
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.report.record import Record

DEVICES = ("llvm", "c", "opencl:0")


def campaign(digits: Path, out: Path, **changes: Any) -> Finished:  # noqa: F811
    options = demo_options(digits, out, device=DEVICES, sample=3, **changes)
    return run_chosen(options, lambda manifest: manifest)


@pytest.fixture(scope="module")
def aligned(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Finished:  # noqa: F811
    """A campaign whose mutants all devices share."""
    return campaign(digits, tmp_path_factory.mktemp("aligned") / "out", align=True)


def test_devices_of_one_lowering_share_a_target() -> None:
    cpu, opencl = device_groups(DEVICES, None, "default")
    assert (cpu.lowering, cpu.devices) == ("cpu", ("llvm", "c"))
    assert (opencl.lowering, opencl.devices) == ("opencl", ("opencl:0",))
    assert '"opencl"' in opencl.target


def test_a_target_of_a_kind_that_no_device_runs_is_refused() -> None:
    with pytest.raises(InputError, match="of kind cuda, which none of the devices runs: llvm"):
        device_groups(("llvm",), "cuda", "default")


def test_an_aligned_mutant_has_a_verdict_on_every_device(aligned: Finished) -> None:
    rows = aligned.record.all_rows
    runnable = {row["mutant"] for row in aligned.record.rows}
    assert len(runnable) >= 3
    for device in DEVICES:
        assert {row["mutant"] for row in rows if row["device"] == device} == runnable
    assert aligned.record.pending == 0


def test_all_devices_give_nearly_the_same_golden_answers(aligned: Finished) -> None:
    with Answers(aligned.folder / "answers.sqlite", read_only=True) as answers:
        first, *others = (answers.golden(device) for device in DEVICES)
    assert first is not None
    for other in others:
        assert other is not None
        np.testing.assert_allclose(other[0], first[0], rtol=1e-4, atol=1e-4)


def test_answers_are_those_that_verdicts_were_taken_from(aligned: Finished) -> None:
    seen = 0
    with Answers(aligned.folder / "answers.sqlite", read_only=True) as answers:
        for row in aligned.record.all_rows:
            found, golden = answers.of(row["mutant"], row["device"]), answers.golden(row["device"])
            if found is None or golden is None:
                assert not row["reach"]
                continue
            same = np.array_equal(found.outputs[0], golden[0], equal_nan=True)
            assert same == (row["reach"] in ("masked", "infected"))
            seen += 1
    assert seen


def test_the_score_is_that_of_the_first_device(aligned: Finished) -> None:
    assert {row["device"] for row in aligned.record.rows} == {"llvm"}
    assert aligned.summary["devices"] == list(DEVICES)
    assert aligned.summary["mutants"] == len(aligned.record.rows)


def test_a_mutant_of_stage_kernel_belongs_to_one_lowering(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    done = campaign(digits, tmp_path / "out", stage="kernel", schedule="default")
    manifest, rows = done.record.manifest, done.record.all_rows
    cpu, opencl = ({one.id for one in manifest.of(name)} for name in ("llvm", "opencl:0"))
    assert cpu.isdisjoint(opencl)
    assert manifest.of("c") == manifest.of("llvm")
    of = {name: {row["mutant"] for row in rows if row["device"] == name} for name in DEVICES}
    assert of["llvm"] == of["c"] <= cpu
    assert of["opencl:0"] <= opencl
    assert not any(row["verdict"] == "inconclusive" for row in rows)
    assert of["opencl:0"]


def test_a_campaign_of_several_devices_is_resumed_where_it_stopped(
    cli: Cli,  # noqa: F811
    aligned: Finished,
) -> None:
    before = aligned.verdicts()
    mutant = next(iter(before))
    with Journal(aligned.folder / "journal.sqlite") as journal:
        journal.take_back([mutant], "opencl:0")
    assert Record.read(aligned.folder).pending == 1
    assert cli("run", "--resume", str(aligned.folder)).code == ExitCode.OK
    record = Record.read(aligned.folder)
    assert record.pending == 0
    assert {row["device"] for row in record.all_rows if row["mutant"] == mutant} == {*DEVICES}
    assert aligned.verdicts() == before


def test_aligned_mutants_of_one_graph_are_those_of_all_lowerings(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    subject = Subject.prepare(
        demo_options(digits, tmp_path / "out", device=DEVICES, schedule="default", align=True)
    )
    plans = [each.lowered.plan for each in subject.all]
    assert len(plans) == 2
    assert plans[0].launches == plans[1].launches


def test_a_device_that_is_given_twice_or_not_there_is_refused(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    def run(*devices: str) -> Any:
        given = [word for device in devices for word in ("--device", device)]
        model = str(demo_options(digits, tmp_path).model)
        return cli("run", model, "--inputs", str(digits), *given, "--out", str(tmp_path / "o"))

    assert "the device c is given twice" in run("c", "c").err
    assert "there is no device 'abacus'; there are: c, c:O0, " in run("abacus").err
    lacking = run("opencl:7", "llvm")
    assert lacking.code == ExitCode.ENVIRONMENT
    assert "opencl:7" in lacking.err


def test_memory_is_left_as_it_is_without_poison(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    done = campaign(digits, tmp_path / "out", align=True, poison=False)
    assert not any("uninitialised" in mark for row in done.record.all_rows for mark in row["marks"])
