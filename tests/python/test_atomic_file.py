"""A file is written whole or not at all, and a failed attempt leaves nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from drill_fixtures import fill, remount, tmpfs
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.errors import InputError


def test_a_file_and_its_folder_are_made(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new" / "file", "text")
    assert (tmp_path / "new" / "file").read_text() == "text"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


@pytest.mark.parametrize("before", [None, "old"])
def test_a_disk_that_is_full_leaves_the_old_file_and_no_part_of_the_new(
    tmp_path: Path, before: str | None
) -> None:
    with tmpfs(tmp_path / "disk", "1m") as disk:
        path = disk / "file"
        if before is not None:
            path.write_text(before)
        fill(disk)
        with pytest.raises(InputError, match="file cannot be written: No space left on device"):
            write_atomically(path, "x" * 100_000)
        left = {path.name: path.read_text() for path in disk.iterdir() if path.name != "filler"}
    assert left == ({} if before is None else {"file": before})


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_at_any_step_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[failing], fail)
    with pytest.raises(InputError, match="No space left on device"):
        write_atomically(tmp_path / "file", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_disk_is_told(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "1m") as disk:
        remount(disk, "ro")
        with pytest.raises(InputError, match="file cannot be written: Read-only file system"):
            write_atomically(disk / "file", "text")
