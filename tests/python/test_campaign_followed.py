"""A campaign that another process runs can be read, wherever it is, and does not notice."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, digits  # noqa: F401
from device_fixtures import wait_until
from drill_fixtures import rows, started, told, verdicts
from mutatenn.campaign.journal import Journal
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode


def command(digits: Path, out: Path, *more: object) -> list[object]:  # noqa: F811
    chosen = ["--stage", "tensor", "--schedule", "none", "--jobs", 1, *more]
    return ["run", model_path(), "--inputs", digits, "--out", out, *chosen]


def on(out: Path, device: str) -> int:
    """How many verdicts there are on a device."""
    try:
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            return sum(row["device"] == device for row in journal.rows())
    except InputError:
        return 0  # it is not there yet, or only just


def read_everything(cli: Cli, out: Path, mutant: str) -> None:  # noqa: F811
    report = cli("report", out, "--json")
    assert report.code == ExitCode.OK, report.err
    body = json.loads(report.out)
    assert body["pending"] > 0
    assert sum(body["counts"].values()) >= 1
    shown = cli("show", mutant, "--out", out)
    assert shown.code == ExitCode.OK, shown.err
    assert "no verdict yet" not in shown.out
    again = cli("diff", out, out)
    assert again.code == ExitCode.OK, again.err
    inputs = cli("inputs", out)
    assert inputs.code == ExitCode.OK, inputs.err


def test_a_running_campaign_is_reported_shown_compared_and_ranked(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with started(command(digits, out, "--sample", 60)) as process:
        assert wait_until(lambda: verdicts(out) >= 3, 120)
        mutant = next(iter(rows(out)))
        read_everything(cli, out, mutant)
        seen = verdicts(out)
        assert process.poll() is None, "it was over before it was read"
        assert wait_until(lambda: verdicts(out) > seen, 60), "reading has stopped the campaign"


@pytest.fixture
def interrupted(tmp_path: Path, digits: Path, cli: Cli) -> Iterator[Path]:  # noqa: F811
    """A campaign that was read and then interrupted while its second device ran."""
    out = tmp_path / "a folder é" / "out"
    devices = ("--device", "llvm", "--device", "opencl:0")
    with started(command(digits, out, "--sample", 4, "--operators", "swap-arith", *devices)) as one:
        assert wait_until(lambda: one.poll() is not None or on(out, "opencl:0") >= 1, 180)
        if one.returncode == ExitCode.ENVIRONMENT:
            pytest.skip("no OpenCL platform is here: install pocl-opencl-icd and pyopencl")
        assert one.poll() is None
        read_everything(cli, out, next(iter(rows(out))))
        one.send_signal(signal.SIGINT)
        _, err = one.communicate(timeout=60)
        assert one.returncode == ExitCode.INCOMPLETE, err
        assert told(err).startswith("mutatenn-ir: interrupted: ")
        assert err.splitlines()[-1] == f"go on with: mutatenn-ir run --resume '{out}'"
    yield out


def test_ctrl_c_on_an_accelerator_loses_nothing_and_can_be_resumed(
    interrupted: Path,
    cli: Cli,  # noqa: F811
) -> None:
    with Journal(interrupted / "journal.sqlite", read_only=True) as journal:
        before = list(journal.rows())
    assert not list(interrupted.glob("scratch-*"))
    answer = cli("run", "--resume", interrupted, "--json")
    assert answer.code == ExitCode.OK, answer.err
    assert json.loads(answer.out)["pending"] == 0
    with Journal(interrupted / "journal.sqlite", read_only=True) as journal:
        after = list(journal.rows())
    assert after[: len(before)] == before
    assert sum(row["device"] == "llvm" for row in after) == len(after) / 2


def test_a_second_campaign_in_a_running_ones_folder_is_refused(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with started(command(digits, out, "--sample", 60)) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        begun = cli(*command(digits, out, "--sample", 2))
        assert begun.code == ExitCode.USAGE
        assert "holds a campaign already" in told(begun.err)
        resumed = cli("run", "--resume", out)
        assert resumed.code == ExitCode.USAGE
        assert f"as process {process.pid} on " in told(resumed.err)
        assert process.poll() is None


def test_an_empty_folder_of_inputs_is_told_as_empty(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    answer = cli(*command(empty, tmp_path / "out"))
    assert answer.code == ExitCode.USAGE
    assert "holds no picture" in told(answer.err)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--out", "--inputs", "--labels"])
def test_an_empty_path_is_not_the_working_directory(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    option: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = cli(*command(digits, tmp_path / "out"), option, "")
    assert answer.code == ExitCode.USAGE
    assert told(answer.err) == (
        f"mutatenn-ir: {option} is empty: give a path; the working directory is ."
    )
    assert not list(tmp_path.glob("out")) and not list(tmp_path.glob("*.json"))


def test_a_journal_that_is_only_just_made_is_told_as_such(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    assert cli(*command(digits, out, "--sample", 1), "--dry-run").code == ExitCode.OK
    planned = cli("report", out)
    assert planned.code == ExitCode.USAGE
    assert told(planned.err) == (
        f"mutatenn-ir: the campaign in {out} has no journal yet: it is before its first mutant, "
        f"or was only planned; try again, or run it by mutatenn-ir run --resume {out}"
    )
    sqlite3.connect(out / "journal.sqlite").execute("PRAGMA journal_mode=WAL").connection.close()
    for command_ in ("report", "inputs"):
        answer = cli(command_, out)
        assert answer.code == ExitCode.USAGE
        assert told(answer.err).endswith(
            "nothing is in it yet; where a campaign has only just begun, try again"
        )
