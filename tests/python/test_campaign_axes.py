"""Campaigns on several real devices: their reports along both axes, and where devices part."""

from __future__ import annotations

import csv
import dataclasses
import functools
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import Cli, Finished, cli, demo_options, digits  # noqa: F401
from device_axes import DEVICES
from mutatenn.api import run_options, write_reports
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.compiled import Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.parting.partings import NOT_SHARED
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import AWAY
from mutatenn.campaign.watcher import Silent
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.devices_csv import FILE_NAME
from mutatenn.report.markdown import markdown
from mutatenn.report.notes import ALIGN, NO_POISON
from mutatenn.report.summary import summary

KERNEL = "fused_conv2d_add_relu"
SITES = {(KERNEL, 4, "max"): "killed", (KERNEL, 6, "sub"): "lives", ("reshape2", 0, "floordiv"): ""}
"""Some mutants by kernel, site and replacement: one that is killed, and one that survives."""


def few(manifest: Manifest) -> Manifest:
    """The mutants of ``SITES`` and one that is proved equivalent."""

    def place(mutant: Mutant) -> tuple[str, int, Any]:
        return mutant.function, mutant.site_in_function, mutant.settings.get("to")

    wanted = {*SITES, (KERNEL, 1, "ne")}
    return dataclasses.replace(
        manifest, mutants=tuple(one for one in manifest.mutants if place(one) in wanted)
    )


def at(manifest: Manifest, told: str) -> Mutant:
    """The mutant of ``SITES`` that is told so."""
    found = next(key for key, value in SITES.items() if value == told)
    return next(
        one
        for one in manifest.mutants
        if (one.function, one.site_in_function) == found[:2] and one.settings.get("to") == found[2]
    )


class Miscompiling(Compiler):
    """Compiles, for the device ``c``, the mutant that lives in place of the one that is killed."""

    manifest: Manifest

    def __init__(self, *given: Any, device: str, **more: Any) -> None:
        self._wrong = device == "c"
        super().__init__(*given, device=device, **more)

    def submit(self, task: Task) -> None:
        killed = at(self.manifest, "killed")
        if self._wrong and task.mutant == killed:
            task = dataclasses.replace(task, mutant=at(self.manifest, "lives"))
        super().submit(task)


@pytest.fixture(scope="session")
def shared(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:  # noqa: F811
    """A campaign at a stage that three devices share, one of whose compilers errs."""
    return _shared(tmp_path_factory.getbasetemp() / "axes", digits)


@functools.cache
def _shared(out: Path, rows: Path) -> Finished:
    options = demo_options(rows, out, device=DEVICES)
    subject = Subject.prepare(options)
    manifest = few(subject.manifest())
    maker = type("Chosen", (Miscompiling,), {"manifest": manifest})
    Campaign(subject, manifest, maker).run(Silent())
    return Finished(options, write_reports(out))


def test_devices_agree_on_the_originals_classes(shared: Finished) -> None:
    floor = shared.summary["noise_floor"]
    assert [one["devices"] for one in floor["pairs"]] == [
        ["llvm", "c"],
        ["llvm", "opencl:0"],
        ["c", "opencl:0"],
    ]
    for one in floor["pairs"]:
        assert one["top1_differs"] == 0
        assert one["relative"] < 1e-5
    assert set(floor["repeated"].values()) == {"bit for bit the same under a second fill pattern"}


def test_each_device_has_counts_and_a_score(shared: Finished) -> None:
    body = shared.summary
    for device in DEVICES:
        one = body["by_device"][device]
        rows = shared.record.rows_on(device)
        assert sum(one["counts"].values()) == len(rows) == 4
        assert one["golden"]["inputs"] == 12
        held = [row["verdict"] for row in rows if row["verdict"] not in AWAY]
        assert one["score"] == held.count("killed") / len(held)
    first = body["by_device"]["llvm"]
    for key in ("counts", "kills", "ripr", "funnel", "score", "score_interval"):
        assert first[key] == body[key]


def test_a_mutant_that_one_compiler_gets_wrong_is_device_dependent(shared: Finished) -> None:
    body = shared.summary
    (found,) = body["device_dependent"]
    assert found["mutant"] == at(shared.record.manifest, "killed").id
    assert found["verdicts"]["llvm"] == "killed (label)"
    assert found["verdicts"]["c"] == "survived"
    assert body["classes"]["device_dependent"] == 1
    assert body["killed_somewhere"] == body["killed_everywhere"] + 1


def test_devices_part_at_the_first_launch_of_the_kernel(shared: Finished) -> None:
    (found,) = shared.summary["device_dependent"]
    parting = found["parting"]
    plan = Subject.prepare(shared.options, resumed=True).lowered.plan
    first = plan.launches_of(KERNEL)[0]
    assert parting["devices"] == ["llvm", "c"]
    assert parting["reason"] == ""
    place = parting["place"]
    assert (place["launch"], place["kernel"]) == (first.index, KERNEL)
    assert tuple(place["layers"]) == first.layers
    assert place["buffer"] == plan.buffers[first.outputs[0]].name
    one, other = map(float, place["values"])
    assert abs(one - other) > place["tolerance"]


def test_a_faithful_mutant_parts_nowhere(shared: Finished) -> None:
    told = shared.summary["partings"]
    equivalent = [row["mutant"] for row in shared.record.rows if row["verdict"] == "equivalent"]
    assert equivalent
    assert not {one["mutant"] for one in told["found"]} & set(equivalent)


def test_the_table_of_devices_has_a_row_per_mutant(shared: Finished) -> None:
    text = (shared.folder / "report" / FILE_NAME).read_text()
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["mutant"] for row in rows] == [row["mutant"] for row in shared.record.rows]
    killed = at(shared.record.manifest, "killed").id
    found = next(row for row in rows if row["mutant"] == killed)
    failing = {
        row["device"]: row["failing"] for row in shared.record.all_rows if row["mutant"] == killed
    }
    assert found["class"] == "device-dependent"
    for device in DEVICES:
        assert float(found[f"{device} fails top1"]) == pytest.approx(failing[device] / 12)
    assert float(found["llvm/c beyond noise"]) == 1.0
    assert found["llvm/c disputed by top1"] == found["llvm/c top-1 differs"]


def test_the_report_has_a_section_on_devices(shared: Finished) -> None:
    text = markdown(shared.record)
    section = text.partition("## Devices\n")[2].partition("\n## ")[0]
    killed = at(shared.record.manifest, "killed").id
    assert "killed somewhere" in section
    assert f"| `{killed}` | killed (label) | survived |" in section
    assert "llvm and c part on input" in section
    for heading in ("noise floor", "Mutant against original", "Device against device"):
        assert heading in section


def test_the_command_line_tells_devices_and_partings(shared: Finished, cli: Cli) -> None:  # noqa: F811
    told = cli("report", shared.folder)
    assert told.code == 0, told.err
    lines = [line.split() for line in told.out.splitlines()]
    counts = shared.summary["by_device"]["opencl:0"]["counts"]
    assert ["opencl:0", str(counts["killed"]), str(counts["survived"])] in [
        line[:3] for line in lines
    ]
    assert "device-dependent 1" in told.out
    killed = at(shared.record.manifest, "killed").id
    shown = cli("show", killed, "--out", shared.folder)
    assert "class: device-dependent" in shown.out
    assert "llvm and c part on input" in shown.out
    plain = json.loads(cli("show", killed, "--out", shared.folder, "--json").out)
    assert plain["class"] == "device-dependent"
    assert plain["parting"]["place"]["kernel"] == KERNEL


@pytest.mark.parametrize("broken", [None, b"no database"])
def test_verdicts_are_told_without_the_answers(
    shared: Finished, tmp_path: Path, broken: bytes | None
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(shared.folder, folder)
    for path in folder.glob("answers.sqlite*"):
        path.unlink()
    if broken is not None:
        (folder / "answers.sqlite").write_bytes(broken)
    body = write_reports(folder)
    assert len(body["faults"]) == 1
    assert "answers.sqlite" in body["faults"][0]
    assert body["classes"] == shared.summary["classes"]
    assert body["noise_floor"]["pairs"] == []
    assert f"- {body['faults'][0]}" in (folder / "report" / "report.md").read_text()


def test_a_campaign_with_devices_to_come_has_a_report(shared: Finished) -> None:
    record = shared.record
    rows = record.rows_on("llvm")
    golden = {"llvm": record.facts["golden"]["llvm"]}
    facts = {**record.facts, "golden": golden}
    body = summary(dataclasses.replace(record, all_rows=rows, facts=facts))
    assert body["classes"]["incomplete"] == len(rows)
    assert body["by_device"]["c"]["pending"] == len(rows)
    assert body["by_device"]["c"]["score"] is None
    assert body["noise_floor"]["repeated"]["c"] == "not run yet"


def test_notes_stand_at_the_head_of_every_report(shared: Finished) -> None:
    record = shared.record
    assert shared.summary["notes"] == []
    record.facts["options"] |= {"poison": False, "align": True}
    head = markdown(record).partition("\n## ")[0]
    assert f"- {NO_POISON}" in head
    assert f"- {ALIGN}" in head


def test_mutants_of_stage_kernel_belong_to_one_lowering(
    digits: Path,  # noqa: F811
    tmp_path: Path,
    cli: Cli,  # noqa: F811
) -> None:
    options = demo_options(
        digits,
        tmp_path / "out",
        device=("llvm", "opencl:0"),
        stage="kernel",
        operators=("swap-arith",),
        function=("fused_matmul_add3",),
        sample=2,
    )
    body = run_options(options)
    assert body["shared"] == 0
    assert body["classes"]["one_device"] == 4
    assert body["device_dependent"] == []
    assert body["partings"] == {"limit": 20, "candidates": 0, "found": []}
    for device in options.device:
        assert sum(body["by_device"][device]["counts"].values()) == 2
    rows = list(csv.DictReader((options.out / "report" / FILE_NAME).read_text().splitlines()))
    assert [row["opencl:0"] for row in rows[:2]] == ["not applicable"] * 2
    assert [row["llvm"] for row in rows[2:]] == ["not applicable"] * 2
    told = cli("show", rows[0]["mutant"], "--out", options.out).out
    assert "opencl:0: not applicable" in told
    assert NOT_SHARED not in told
