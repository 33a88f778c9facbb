"""In GitHub Actions, survivors are annotations, and the step's summary has the score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, digits, finished  # noqa: F401
from mutatenn.exit_codes import ExitCode
from mutatenn.report.findings import findings
from mutatenn.report.formats.github import (
    MOST,
    VARIABLE,
    WORKSPACE,
    step_summary,
    workflow_commands,
    write,
)
from mutatenn.report.record import Record
from report_fixtures import all_rows, every_kind, record_of, tiny  # noqa: F401


def test_every_kind_of_finding_has_its_command(every_kind: Record) -> None:  # noqa: F811
    lines = workflow_commands(every_kind, list(findings(every_kind)))
    told = [line.split(" ", 1)[0] for line in lines]
    assert told == ["::error", "::warning", "::warning", "::warning", "::notice"]
    assert "title=mutant swap-cmp-told-apart defect," in lines[0]


def test_what_ends_a_command_is_escaped(tmp_path: Path) -> None:
    row = next(row for row in all_rows() if row["mutant"] == "swap-cmp-survived")
    record = record_of(tmp_path, [{**row, "reason": "50% of\r\ntwo: lines, kept"}])
    (line,) = workflow_commands(record, list(findings(record)))
    assert "\n" not in line
    assert line.endswith("; survived on llvm: 50%25 of%0D%0Atwo: lines, kept; no verdict yet on c.")
    assert line.count("::") == 2


def test_no_more_are_annotated_than_are_shown(every_kind: Record) -> None:  # noqa: F811
    found = [one for one in findings(every_kind) if one.kind == "survived"] * MOST
    *lines, last = workflow_commands(every_kind, found)
    assert len(lines) == MOST
    assert last.startswith(f"{len(found) - MOST} more findings are not annotated")


def test_annotations_point_into_files_that_are_there(
    cli: Cli,  # noqa: F811
    tiny: Record,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv(WORKSPACE, str(tiny.folder.parent))
    answer = cli("report", tiny.folder, "--format", "github")
    assert answer.code == ExitCode.OK
    lines = [line for line in answer.out.splitlines() if line.startswith("::warning ")]
    assert len(lines) == sum(row["verdict"] == "survived" for row in tiny.rows)
    for line in lines:
        told = dict(pair.split("=", 1) for pair in line.split("::")[1].split(" ", 1)[1].split(","))
        text = (tiny.folder.parent / told["file"]).read_text()
        assert int(told["line"]) <= len(text.splitlines())


def test_the_steps_summary_is_appended_to(
    every_kind: Record,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv(VARIABLE, str(file))
    write(every_kind)
    text = file.read_text()
    assert text == "before\n" + step_summary(every_kind, list(findings(every_kind)))
    # Killed: 6 of llvm's kinds; survived: 2; not reached: 1.
    assert "**Mutation score 0.667**" in text
    assert "Incomplete: 2 verdicts are missing." in text
    assert "| survived | `swap-cmp-survived` | conv1, relu1 | `kernel\\|0` |" in text


def test_json_on_stdout_stays_json(
    cli: Cli,  # noqa: F811
    tiny: Record,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    answer = cli("report", tiny.folder, "--format", "github", "--json")
    assert json.loads(answer.out)["schema"] == "mutatenn.summary/1"
    assert "::warning " in answer.err


def test_a_summary_that_cannot_be_written_is_told(
    cli: Cli,  # noqa: F811
    tiny: Record,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    answer = cli("report", tiny.folder, "--format", "github")
    assert answer.code == ExitCode.USAGE
    assert f"{VARIABLE} names, cannot be written: Is a directory" in answer.err
