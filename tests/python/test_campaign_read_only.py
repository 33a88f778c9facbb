"""A campaign that lies where nobody can write is shown and reported all the same."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, descendants, digits, listing  # noqa: F401
from device_fixtures import alive, children, wait_until
from drill_fixtures import arguments, remount, rows, started, tmpfs, told, verdicts
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import Verdict
from mutatenn.exit_codes import ExitCode

LOG, INDEX = "journal.sqlite-wal", "journal.sqlite-shm"


@contextlib.contextmanager
def read_only(disk: Path) -> Iterator[None]:
    remount(disk, "ro")
    try:
        yield
    finally:
        remount(disk, "rw")


@pytest.fixture
def killed(tmp_path: Path, digits: Path) -> Iterator[Path]:  # noqa: F811
    """A campaign that was killed in mid-run, on a file system of its own."""
    with tmpfs(tmp_path / "disk", "32m") as disk:
        out = disk / "out"
        with started(arguments(digits, out, 40)) as process:
            assert wait_until(lambda: verdicts(out) >= 2, 120)
            helpers = descendants(process.pid, children)
            process.kill()
            process.wait()
            # Whoever still has a file open there keeps the disk busy.
            assert wait_until(lambda: not any(map(alive, helpers)))
        assert (out / LOG).stat().st_size > 0, "the last verdicts should be in the log alone"
        yield out


@pytest.mark.parametrize("indexed", [True, False], ids=["with the log's index", "without"])
def test_a_killed_campaign_on_a_read_only_disk_is_told_with_its_last_verdicts(
    killed: Path,
    tmp_path: Path,
    cli: Cli,  # noqa: F811
    indexed: bool,
) -> None:
    if not indexed:
        (killed / INDEX).unlink()
    kept = tmp_path / "copy"
    shutil.copytree(killed, kept)
    expected = rows(kept)
    assert len(expected) >= 2
    before = listing(killed)
    with read_only(killed.parent):
        assert rows(killed) == expected
        answer = cli("report", killed, "--json")
        shown = cli("show", next(iter(expected)), "--out", killed, "--json")
    assert answer.code == shown.code == 0, answer.err + shown.err
    assert sum(json.loads(answer.out)["counts"].values()) == len(expected)
    assert json.loads(shown.out)["verdicts"][0]["verdict"] == next(iter(expected.values()))[0]
    assert "cannot be written: Read-only file system" in answer.err
    assert listing(killed) == before


def test_a_finished_campaign_on_a_read_only_disk_is_reported_but_not_written(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    cli: Cli,  # noqa: F811
) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        out = disk / "out"
        assert cli(*arguments(digits, out, 3)).code == 0
        stored = json.loads((out / "report" / "summary.json").read_text())
        with read_only(disk):
            plain, machine = cli("report", out), cli("report", out, "--json")
    assert (plain.code, machine.code) == (ExitCode.USAGE, 0)
    assert "mutation score" in plain.out
    assert str(out / "report") in told(plain.err)
    assert "Read-only file system" in told(plain.err)
    assert json.loads(machine.out) == stored


def test_a_folder_of_another_user_is_read_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        journal.record("m", "llvm", Verdict("survived"))
    before = listing(tmp_path)
    # Root may write anywhere: that this process may not is said here.
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    with Journal(path, read_only=True) as journal:
        assert [row["mutant"] for row in journal.rows()] == ["m"]
        assert listing(tmp_path) == before
    assert listing(tmp_path) == before
