"""Faults of the machine and of users: each is told in one sentence, and nothing is corrupted."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from pathlib import Path

from campaign_fixtures import Cli, cli, digits  # noqa: F401
from device_fixtures import wait_until
from drill_fixtures import (
    PAGE,
    arguments,
    fill,
    remount,
    rows,
    runnable,
    started,
    tmpfs,
    told,
    verdicts,
)
from mutatenn.campaign.journal import Journal
from mutatenn.exit_codes import ExitCode


def test_a_full_disk_ends_the_campaign_in_one_sentence_and_it_goes_on_when_there_is_room(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        out = disk / "out"
        with started(arguments(digits, out, 40)) as process:
            assert wait_until(lambda: verdicts(out) >= 2, 120)
            filler = fill(disk)
            _, err = process.communicate(timeout=120)
        assert process.returncode == ExitCode.INCOMPLETE, err
        assert str(out) in told(err)
        before = rows(out)
        assert len(before) >= 2 and runnable(out) < 40
        assert {row[0] for row in before.values()} <= {
            "killed",
            "survived",
            "equivalent",
            "duplicate",
        }
        assert not list(out.rglob("*.partial"))
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            assert journal.damage() == ""
        filler.unlink()
        assert cli("run", "--resume", out).code == 0
        after = rows(out)
        assert runnable(out) == 40
    assert before.items() <= after.items()


def test_a_disk_that_is_full_from_the_start_is_told_in_one_sentence(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        fill(disk)
        answer = cli(*arguments(digits, disk / "out"))
        assert answer.code in (ExitCode.USAGE, ExitCode.INCOMPLETE)
        assert "No space left on device" in told(answer.err)


def test_a_read_only_folder_is_told_in_one_sentence(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        remount(disk, "ro")
        answer = cli(*arguments(digits, disk / "out"))
        assert answer.code == ExitCode.USAGE
        assert "Read-only file system" in told(answer.err)
        assert list(disk.iterdir()) == []


def test_a_finished_campaign_in_a_read_only_folder_keeps_its_journal(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        out = disk / "out"
        assert cli(*arguments(digits, out)).code == 0
        before = rows(out)
        remount(disk, "ro")
        answer = cli("run", "--resume", out)
        assert answer.code == ExitCode.USAGE
        assert str(out) in told(answer.err)
        remount(disk, "rw")
        assert rows(out) == before


def test_inputs_deleted_in_mid_run_do_no_harm_and_are_missed_by_name_on_resumption(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    inputs, out = tmp_path / "inputs.npz", tmp_path / "out"
    shutil.copy(digits, inputs)
    with started(arguments(inputs, out, 12)) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        inputs.unlink()
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    before = rows(out)
    assert runnable(out) == 12
    answer = cli("run", "--resume", out)
    assert answer.code == ExitCode.USAGE
    assert str(inputs) in told(answer.err)
    assert rows(out) == before


def test_a_second_run_on_one_folder_is_refused_and_the_first_is_unharmed(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with started(arguments(digits, out, 12)) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        again = cli(*arguments(digits, out, 12))
        resumed = cli("run", "--resume", out)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert again.code == resumed.code == ExitCode.USAGE
    assert "holds a campaign already" in told(again.err)
    assert f"as process {process.pid}" in told(resumed.err)
    assert runnable(out) == 12


def test_a_damaged_page_is_told_in_a_report_of_what_is_readable(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    assert cli(*arguments(digits, out, 20)).code == 0
    before = rows(out)
    spoil(out / "journal.sqlite")
    answer = cli("report", out)
    assert answer.code == 0
    assert "is damaged" in answer.err
    summary = json.loads((out / "report" / "summary.json").read_text())
    readable = len(before) - summary["pending"]
    assert 0 < readable < len(before)
    assert summary["damaged"]
    assert sum(summary["counts"].values()) == readable
    assert "damaged" in (out / "report" / "report.md").read_text()
    assert rows(out).items() <= before.items()


def test_a_sound_journal_is_not_called_damaged(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    assert cli(*arguments(digits, out, 2)).code == 0
    assert json.loads((out / "report" / "summary.json").read_text())["damaged"] == ""
    answer = cli("report", out)
    assert "damaged" not in answer.out + answer.err
    assert "damaged" not in (out / "report" / "report.md").read_text()


def spoil(journal: Path) -> None:
    """Overwrite the page of the journal that holds the last verdict."""
    with contextlib.closing(sqlite3.connect(journal)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute(
            "SELECT pageno FROM dbstat WHERE name = 'verdicts' AND pagetype = 'leaf' "
            "ORDER BY path DESC LIMIT 1"
        ).fetchone()
    content = bytearray(journal.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = b"\xa5" * PAGE
    journal.write_bytes(bytes(content))
