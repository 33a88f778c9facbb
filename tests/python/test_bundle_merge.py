"""What a bundle found, as a device of a campaign."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onnx
import pytest

from accelerator_fixtures import pocl_cache  # noqa: F401
from bundle_fixtures import alone, options
from campaign_fixtures import Cli, cli, listing  # noqa: F401
from mutatenn.api import run_options
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.bundle.build import build_bundle
from mutatenn.campaign.bundle.cargo import cargo_of_campaign
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.report.record import Record

NAME = "opencl:0@board"
Found = tuple[Path, Path]
Change = Callable[[Path], None]


def campaign_and_results(folder: Path, **changes: Any) -> Found:
    """A campaign's folder, and that of its bundle's run."""
    out = folder / "campaign"
    run_options(options(folder, out=out, **changes))
    bundle = folder / "m.pyz"
    build_bundle(cargo_of_campaign(model_path(), out / "manifest.json", "opencl:0"), bundle)
    told = alone(bundle, "run", "--out", folder / "r")
    assert told.code == 0, told.err
    return out, folder / "r"


@pytest.fixture(scope="session")
def on_opencl(tmp_path_factory: pytest.TempPathFactory, pocl_cache: None) -> Found:  # noqa: F811
    """A campaign on OpenCL itself, one of whose mutants runs under another schedule."""
    return _on_opencl(tmp_path_factory.mktemp("opencl"))


@functools.cache
def _on_opencl(folder: Path) -> Found:
    return campaign_and_results(folder, stage="kernel", sample=4)


def rows_of(folder: Path, device: str) -> dict[str, dict[str, Any]]:
    """What is said of each mutant on a device, times left out."""
    return {
        row["mutant"]: {
            key: value
            for key, value in row.items()
            if not key.startswith("seconds") and key != "device"
        }
        for row in Record.read(folder).rows_on(device)
    }


def test_a_merged_device_has_the_verdicts_of_the_device_itself(
    cli: Cli,  # noqa: F811
    on_opencl: Found,
    tmp_path: Path,
) -> None:
    campaign, results = on_opencl
    before = listing(campaign)
    answer = cli("merge", campaign, results, "-o", tmp_path / "new", "--name", NAME)
    assert answer.code == ExitCode.OK, answer.err
    assert f"merged {NAME} with " in answer.out
    assert listing(campaign) == before
    record = Record.read(tmp_path / "new")
    assert record.devices == ("opencl:0", NAME)
    assert record.pending == 0
    assert len(rows_of(tmp_path / "new", NAME)) >= 4
    assert rows_of(tmp_path / "new", NAME) == rows_of(campaign, "opencl:0")
    assert record.facts["golden"][NAME]["outputs"] == record.facts["golden"]["opencl:0"]["outputs"]
    with Answers(tmp_path / "new" / "answers.sqlite", read_only=True) as answers:
        assert answers.golden(NAME) is not None
        ran = [id_ for id_, row in rows_of(tmp_path / "new", NAME).items() if row["reach"]]
        assert ran and all(answers.of(one, NAME) is not None for one in ran)


def test_a_device_of_another_lowering_joins_a_campaign_of_aligned_mutants(
    cli: Cli,  # noqa: F811
    pocl_cache: None,  # noqa: F811
    tmp_path: Path,
) -> None:
    campaign, results = campaign_and_results(
        tmp_path, stage="tensor", align=True, device=("llvm",), sample=3
    )
    new = tmp_path / "new"
    answer = cli("merge", campaign, results, "-o", new, "--name", NAME)
    assert answer.code == ExitCode.OK, answer.err
    assert set(rows_of(new, NAME)) == set(rows_of(new, "llvm"))
    assert Record.read(new).manifest.facts["lowerings"]["opencl"]["devices"] == [NAME]
    assert (new / "plan-opencl.json").exists()
    # A merged campaign can be gone on with, on the devices that are here.
    assert cli("run", "--resume", new).code == ExitCode.OK


def edited(name: str, change: Callable[[Any], None]) -> Change:
    def work(folder: Path) -> None:
        told = json.loads((folder / name).read_text())
        change(told)
        (folder / name).write_text(json.dumps(told))

    return work


def without_last_line(folder: Path) -> None:
    path = folder / "mutants.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            edited("bundle.json", lambda head: head["hashes"].update(model="0")),
            "another model hash",
        ),
        (edited("bundle.json", lambda head: head["hashes"].update(inputs="0")), "inputs hash"),
        (edited("bundle.json", lambda head: head["hashes"]["kernels"].update(mean="0")), "mean"),
        (edited("bundle.json", lambda head: head["versions"].update({"mutatenn": "0"})), "built"),
        (edited("bundle.json", lambda head: head["settings"].update(poison=False)), "poison"),
        (edited("result.json", lambda facts: facts.update(inputs="0")), "ran on other inputs"),
        (edited("result.json", lambda facts: facts.update(confirmed=0)), "was not checked"),
        (edited("mutants.json", lambda all_: all_[0]["mutant"].update(site=99)), "has 1 mutants"),
        (without_last_line, "lacks 1 of the"),
    ],
)
def test_results_that_are_not_the_campaigns_are_refused(
    cli: Cli,  # noqa: F811
    on_opencl: Found,
    tmp_path: Path,
    change: Change,
    said: str,
) -> None:
    campaign, results = on_opencl
    other = tmp_path / "r"
    shutil.copytree(results, other)
    change(other)
    answer = cli("merge", campaign, other, "-o", tmp_path / "new")
    assert answer.code == ExitCode.MISMATCH
    assert said in answer.err
    assert not (tmp_path / "new").exists()


def test_a_device_is_merged_once(cli: Cli, on_opencl: Found, tmp_path: Path) -> None:  # noqa: F811
    campaign, results = on_opencl
    new = tmp_path / "new"
    assert cli("merge", campaign, results, "-o", new, "--name", NAME).code == ExitCode.OK
    answer = cli("merge", new, results, "-o", tmp_path / "newer", "--name", NAME)
    assert answer.code == ExitCode.MISMATCH
    assert f"has a device {NAME} already" in answer.err
    other = "opencl:0@other"
    assert cli("merge", new, results, "-o", tmp_path / "newer", "--name", other).code == 0
    assert Record.read(tmp_path / "newer").devices == ("opencl:0", NAME, other)


@pytest.mark.parametrize("name", ["board", "opencl:0", "cuda:0@board", "opencl:0@"])
def test_a_name_says_device_and_place(
    cli: Cli,  # noqa: F811
    on_opencl: Found,
    tmp_path: Path,
    name: str,
) -> None:
    answer = cli("merge", *on_opencl, "-o", tmp_path / "new", "--name", name)
    assert answer.code in (ExitCode.USAGE, ExitCode.MISMATCH)
    assert "give --name opencl:N@PLACE" in answer.err or "already" in answer.err


def test_a_bundle_is_made_of_the_campaigns_own_model_alone(
    cli: Cli,  # noqa: F811
    on_opencl: Found,
    tmp_path: Path,
) -> None:
    copy = tmp_path / "copy.onnx"
    model = onnx.load(model_path())
    model.doc_string = "another file"
    onnx.save(model, copy)
    manifest = on_opencl[0] / "manifest.json"
    answer = cli("build", copy, "--bundle", tmp_path / "m.pyz", "--mutants", manifest)
    assert answer.code == ExitCode.MISMATCH
    assert "another model hash than this program" in answer.err


def test_a_campaign_of_one_lowering_has_no_kernels_for_another(
    cli: Cli,  # noqa: F811
    on_opencl: Found,
    tmp_path: Path,
) -> None:
    manifest = on_opencl[0] / "manifest.json"
    arguments = ("--device", "cuda", "--bundle", tmp_path / "m.pyz", "--mutants", manifest)
    answer = cli("build", model_path(), *arguments)
    assert answer.code == ExitCode.USAGE
    assert "belong to opencl, none to cuda" in answer.err
