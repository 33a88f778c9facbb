"""Faults that a drill causes, full and read-only disks and killed processes, and their traces."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import AWAY
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.report.record import Record

PAGE = 4096
SENTENCE = "mutatenn-ir: "


@contextlib.contextmanager
def tmpfs(folder: Path, size: str) -> Iterator[Path]:
    """A file system in memory, of that size; skips where this process may not mount one."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a file system of a fixed size takes root and mount(8)")
    folder.mkdir()
    mounted = mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    if mounted.returncode != 0:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)


def remount(folder: Path, options: str) -> None:
    done = mount("-o", f"remount,{options}", str(folder))
    assert done.returncode == 0, done.stderr


def arguments(inputs: Path, out: Path, mutants: int = 6) -> list[object]:
    """A command that runs a small campaign on the demo model."""
    chosen = ["--sample", str(mutants), "--operators", "swap-cmp", "--all"]
    chosen += ["--jobs", "1"]
    return ["run", model_path(), "--inputs", inputs, *chosen, "--out", out]


@contextlib.contextmanager
def started(command: list[object]) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own; it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mutatenn.cli.app", *map(str, command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def verdicts(out: Path) -> int:
    """How many verdicts there are; the journal may not be there yet."""
    try:
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            return len(list(journal.rows()))
    except InputError:
        return 0


def rows(out: Path) -> dict[str, tuple[Any, ...]]:
    """What was found of each mutant, without times."""
    return {
        row["mutant"]: (row["verdict"], row["kill"], row["reach"], row["failing"])
        for row in Record.read(out).rows
    }


def runnable(out: Path) -> int:
    """How many mutants have a verdict and were not proved away."""
    return sum(row[0] not in AWAY for row in rows(out).values())


def told(err: str) -> str:
    """The one sentence that a command complained in."""
    (sentence,) = [line for line in err.splitlines() if line.startswith(SENTENCE)]
    assert "Traceback" not in err
    return sentence


def fill(folder: Path) -> Path:
    """A file that takes all the room that is left."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(PAGE))
    return path
