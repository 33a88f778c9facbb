"""`run`, `show`, `report`, `demo`: a campaign from the command line, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import (  # noqa: F401
    ROWS,
    SEED,
    Answer,
    Cli,
    Finished,
    cli,
    digits,
    finished,
    listing,
)
from mutatenn.campaign.verdict import how_far
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import host_target
from mutatenn.report.record import Record
from mutatenn.report.seconds import seconds_text


def run(cli: Cli, digits: Path, out: Path, *more: str) -> Answer:  # noqa: F811
    command = ["run", model_path(), "--inputs", digits, "--out", out, "--seed", str(SEED)]
    return cli(*command, "--stage", "tensor", "--sample", "4", *more)


def test_a_run_prints_what_it_leaves_in_its_folder(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    answer = run(cli, digits, tmp_path / "out", "--json")
    assert answer.code == ExitCode.OK
    summary = json.loads(answer.out)
    assert summary == json.loads((tmp_path / "out" / "report" / "summary.json").read_text())
    assert summary["schema"] == "mutatenn.summary/1"
    assert summary["mutants"] == sum(summary["counts"].values())
    assert summary["runnable"] == 4
    assert (summary["oracles"], summary["devices"]) == (["top1"], ["llvm"])
    assert summary["seed"] == SEED
    assert summary["golden"]["llvm"]["inputs"] == ROWS
    assert listing(tmp_path).keys() == {
        "out",
        *(f"out/{name}" for name in ("journal.sqlite", "logs", "logs/compiler.log")),
        "out/logs/mutants.log",
        *(f"out/{name}" for name in ("manifest.json", "plan.json", "code.json")),
        *(f"out/report{name}" for name in ("", "/report.md", "/summary.json")),
    }


def test_a_run_shows_its_progress_in_plain_lines(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    answer = run(cli, digits, tmp_path / "out", "--oracle", "exact", "--threads", "2")
    assert answer.code == ExitCode.OK
    lines = answer.err.splitlines()
    assert lines[:4] == [
        "reading and lowering the model ...",
        f"target {host_target()}",
        "compiling the original kernels ...",
        "golden runs ...",
    ]
    assert lines[-2].startswith("4/4 mutants, ") and "s left: " in lines[-2]
    assert lines[-1] == f"journal, plan and reports are in {tmp_path / 'out'}"
    assert answer.out.splitlines()[0].split() == ["verdict", "mutants"]
    assert answer.out.splitlines()[-1].startswith("mutation score: ")
    options = Record.read(tmp_path / "out").facts["options"]
    assert (options["oracles"], options["threads"]) == (["exact"], 2)


def test_a_report_is_written_anew_from_the_journal(cli: Cli, finished: Finished) -> None:  # noqa: F811
    folder = finished.folder / "report"
    before = listing(folder)
    for name in before:
        (folder / name).unlink()
    answer = cli("report", finished.folder, "--json")
    assert answer.code == ExitCode.OK
    assert json.loads(answer.out) == finished.summary
    assert listing(folder) == before


@pytest.mark.parametrize(("format_", "name"), [("json", "summary.json"), ("md", "report.md")])
def test_only_the_report_asked_for_is_written(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    finished: Finished,  # noqa: F811
    format_: str,
    name: str,
) -> None:
    for source in ("manifest.json", "journal.sqlite"):
        (tmp_path / source).write_bytes((finished.folder / source).read_bytes())
    assert cli("report", tmp_path, "--format", format_).code == ExitCode.OK
    assert listing(tmp_path / "report").keys() == {name}


def row(finished: Finished, verdict: str) -> dict[str, Any]:  # noqa: F811
    return next(row for row in finished.record.rows if row["verdict"] == verdict)


def test_a_mutant_is_shown_with_its_verdict_and_diff(cli: Cli, finished: Finished) -> None:  # noqa: F811
    killed = row(finished, "killed")
    answer = cli("show", killed["mutant"], "--out", finished.folder)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith(f"{killed['mutant']}: swap-arith to=")
    assert lines[1].startswith("function ")
    assert lines[2] == f"llvm: killed ({killed['kill']}): {killed['reason']}"
    assert killed["diff"] in answer.out


def test_how_far_a_mutant_got_is_shown(cli: Cli, finished: Finished) -> None:  # noqa: F811
    for found in finished.record.rows:
        lines = cli("show", found["mutant"], "--out", finished.folder).out.splitlines()
        far = how_far(found["verdict"], found["reach"], found["evidence"].get("reached"))
        assert (f"  how far: {far}" in lines) == (far != "")


def test_a_report_prints_the_funnel(cli: Cli, finished: Finished) -> None:  # noqa: F811
    lines = cli("report", finished.folder).out.splitlines()
    counted = {far: n for far, n in finished.summary["funnel"].items() if n}
    assert counted
    for far, n in counted.items():
        assert any(line.startswith(far) and line.split()[-1] == str(n) for line in lines)


def test_a_run_prints_the_seconds_of_each_phase(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    lines = run(cli, digits, tmp_path / "out").out.splitlines()
    body = json.loads((tmp_path / "out" / "report" / "summary.json").read_text())
    assert seconds_text(body["seconds"]) in lines


def test_the_beginning_of_an_id_is_enough(cli: Cli, finished: Finished) -> None:  # noqa: F811
    survivor = row(finished, "survived")
    digest = survivor["mutant"].rpartition("-")[2]
    told = json.loads(cli("show", digest[:10], "--out", finished.folder, "--json").out)
    assert told["mutant"]["id"] == survivor["mutant"]
    del survivor["measures"]
    assert told["verdicts"] == [survivor]


def test_the_demo_needs_nothing_but_the_package(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = cli("demo", "--sample", "3", "--json")
    assert answer.code == ExitCode.OK
    summary = json.loads(answer.out)
    assert summary["mutants"] == sum(summary["counts"].values())
    assert summary["runnable"] == 3
    assert summary["golden"]["llvm"]["inputs"] == 100
    assert summary["golden"]["llvm"]["right"] == 99
    assert listing(tmp_path) == {}


def test_the_demo_tells_each_mutant_and_keeps_its_folder_where_asked(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    answer = cli("demo", "--sample", "2", "--out", tmp_path / "out")
    assert answer.code == ExitCode.OK
    record = Record.read(tmp_path / "out")
    lines = answer.out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == [
        "mutant",
        *(r["mutant"] for r in record.rows),
    ]
    assert "golden accuracy on llvm: 99 of 100" in lines
