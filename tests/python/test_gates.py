"""Gates: what fails a campaign that ran, the exit code, and what the summary says of it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import mutatenn as mn
from campaign_fixtures import Cli, Finished, cli, digits, finished  # noqa: F401
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.demo import model_path
from mutatenn.errors import IncompleteError, InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.report.baseline import baseline_survivors
from mutatenn.report.gates import Gates, failures, gate_results, gated
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

COUNTS = {"killed": 8, "survived": 2}


def failed(gates: Gates, score: float | None = 0.8, survivors: tuple[str, ...] = ("a", "b")) -> str:
    return "; ".join(failures(gate_results(gates, COUNTS, score, survivors)))


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        (Gates(), ""),
        (Gates(min_score=0.8), ""),
        (Gates(min_score=0.81), "the score is 0.8000, and --min-score asks for 0.81"),
        (Gates(max_survivors=2), ""),
        (Gates(max_survivors=1), "2 mutants survived, and --max-survivors allows 1"),
    ],
)
def test_a_gate_fails_past_its_limit_and_not_at_it(gates: Gates, told: str) -> None:
    assert failed(gates) == told


def test_without_a_score_no_least_score_is_passed() -> None:
    assert "there is no score" in failed(Gates(min_score=0.0), None)


def test_survivors_are_new_where_the_baseline_has_not_survived_them(tmp_path: Path) -> None:
    baseline = tmp_path / "summary.json"
    baseline.write_text(json.dumps({"survivors": ["a", "z"]}))
    assert failed(Gates(baseline=baseline), survivors=("a",)) == ""
    assert failed(Gates(baseline=baseline)) == (f"1 mutants survived that did not in {baseline}: b")


def test_every_gate_that_was_asked_for_is_in_the_results_and_says_what_was_found() -> None:
    results = gate_results(Gates(0.9, 3), COUNTS, 0.8, ())
    assert [(one["gate"], one["asked"], one["found"], one["passed"]) for one in results] == [
        ("min-score", 0.9, 0.8, False),
        ("max-survivors", 3, 2, True),
    ]
    assert all(one["sentence"] for one in results)


def test_gates_are_read_back_as_they_were_stored(tmp_path: Path) -> None:
    gates = Gates(0.5, 0, tmp_path)
    assert Gates.from_dict(json.loads(json.dumps(gates.to_dict()))) == gates
    assert Gates.from_dict({}) == Gates()


def test_a_baseline_is_a_folder_a_manifest_or_a_summary(finished: Finished) -> None:  # noqa: F811
    rows = finished.record.rows
    expected = {row["mutant"] for row in rows if row["verdict"] == "survived"}
    folder = finished.folder
    assert expected
    for path in (folder, folder / "manifest.json", folder / "report" / "summary.json"):
        assert baseline_survivors(path) == expected


@pytest.mark.parametrize("text", [None, "{", "{}", "[]", '{"survivors": 3}'])
def test_what_is_no_baseline_is_refused_before_anything_runs(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
    text: str | None,
) -> None:
    path, out = tmp_path / "baseline.json", tmp_path / "out"
    if text is not None:
        path.write_text(text)
    given = ("--inputs", digits, "--out", out, "--no-config")
    answer = cli("run", model_path(), *given, "--fail-on-new-survivors", path)
    assert answer.code == ExitCode.USAGE
    assert f"the baseline {path} " in answer.err
    assert not out.exists()


@pytest.fixture
def copied(finished: Finished, tmp_path: Path) -> Path:  # noqa: F811
    """A finished campaign's folder that may be changed."""
    return Path(shutil.copytree(finished.folder, tmp_path / "copied"))


def test_a_report_fails_by_the_gates_that_it_is_given(cli: Cli, copied: Path) -> None:  # noqa: F811
    manifest = (copied / "manifest.json").read_bytes()
    answer = cli("report", copied, "--min-score", "1", "--max-survivors", "0", "--json")
    assert answer.code == ExitCode.GATE_FAILED
    body = json.loads(answer.out)
    assert [one["passed"] for one in body["gates"]] == [False, False]
    assert len([line for line in answer.err.splitlines() if line.startswith("mutatenn-ir: ")]) == 2
    assert json.loads((copied / "report" / "summary.json").read_text())["gates"] == body["gates"]
    assert (copied / "manifest.json").read_bytes() == manifest
    assert cli("report", copied).code == ExitCode.OK
    assert cli("report", copied, "--fail-on-new-survivors", copied).code == ExitCode.OK


def test_a_resumed_campaign_fails_by_the_gates_that_it_was_begun_with(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    out, file = tmp_path / "out", tmp_path / "mutatenn.toml"
    file.write_text("max-survivors = 0\n")
    given = ("--inputs", digits, "--sample", 6, "--seed", 2, "--out", out, "--config", file)
    first = cli("run", model_path(), *given, "--json")
    body = json.loads(first.out)
    assert body["counts"]["survived"] > 0
    assert (first.code, body["gates"][0]["passed"]) == (ExitCode.GATE_FAILED, False)
    assert "--max-survivors allows 0" in first.err
    assert "max" not in json.dumps(Manifest.read(out / "manifest.json").facts["options"]["limits"])
    assert "max_survivors" not in (out / "manifest.json").read_text()
    assert cli("run", "--resume", out, "--json").code == ExitCode.GATE_FAILED
    again = cli("run", "--resume", out, "--max-survivors", 6, "--json")
    assert again.code == ExitCode.OK
    assert json.loads(again.out)["gates"][0]["passed"] is True


def test_a_failed_gate_outranks_incompleteness(
    cli: Cli,  # noqa: F811
    copied: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Journal(copied / "journal.sqlite") as journal:
        journal.write_facts({"gates": Gates(max_survivors=0).to_dict()})

    def full(*_: Any, **__: Any) -> None:
        raise IncompleteError("no room")

    monkeypatch.setattr("mutatenn.cli.run.resume_folder", full)
    answer = cli("run", "--resume", copied, "--json")
    assert answer.code == ExitCode.GATE_FAILED
    assert "no room" in answer.err and "--max-survivors allows 0" in answer.err
    assert json.loads(answer.out)["gates"][0]["passed"] is False


def test_an_incomplete_campaign_that_passes_its_gates_is_incomplete(
    cli: Cli,  # noqa: F811
    copied: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mutatenn.cli.run.resume_folder", stopped)
    assert cli("run", "--resume", copied).code == ExitCode.INCOMPLETE


def test_a_baseline_that_is_gone_since_is_told_and_not_passed(
    finished: Finished,  # noqa: F811
    tmp_path: Path,
) -> None:
    gone = Gates(baseline=tmp_path / "gone.json")
    (result,) = summary(gated(finished.record, gone))["gates"]
    assert result["passed"] is False and "cannot be read" in result["sentence"]


def test_python_takes_gates_and_says_which_failed(digits: Path, tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    with pytest.raises(InputError, match="min_score is 2"):
        mn.run(model_path(), inputs=digits, out=out, min_score=2.0)
    result = mn.run(model_path(), inputs=digits, out=out, sample=2, seed=2, min_score=1.0)
    assert [one["gate"] for one in result.summary["gates"]] == ["min-score"]
    assert result.summary["gates"][0]["passed"] is (result.score == 1.0)


def test_expecting_the_same_is_a_gate_too(finished: Finished) -> None:  # noqa: F811
    record: Record = finished.record
    options = {**record.facts["options"], "expect": "same"}
    record = dataclasses.replace(record, facts={**record.facts, "options": options})
    (result,) = summary(record)["gates"]
    assert (result["gate"], result["passed"], result["found"]) == ("expect", True, 0)
