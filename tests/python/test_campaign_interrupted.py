"""A campaign that is killed keeps its verdicts and leaves no process; Ctrl-C ends it in order."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign_fixtures import descendants, digits  # noqa: F401
from device_fixtures import alive, children, wait_until
from mutatenn.campaign.journal import Journal
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.report.record import Record


def _take_interrupts() -> None:
    # A shell's background job is born deaf to Ctrl-C, and so would be our child.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def campaign(digits: Path, out: Path, *more: str) -> Iterator[subprocess.Popen[str]]:  # noqa: F811
    """A campaign on all mutants of the demo, as a process; it is killed at the end."""
    command = [sys.executable, "-m", "mutatenn.cli.app", "run", str(model_path())]
    command += ["--inputs", str(digits), "--out", str(out), *more]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_interrupts,  # noqa: PLW1509  (this process has one thread)
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def verdicts(out: Path) -> int:
    try:
        with Journal(out / "journal.sqlite", read_only=True) as journal:
            return len(list(journal.rows()))
    except InputError:
        return 0  # it is not there yet


def all_gone(pids: list[int]) -> bool:
    return wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_killed_campaign_keeps_its_verdicts_and_leaves_no_process(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with campaign(digits, out) as process:
        assert wait_until(lambda: verdicts(out) >= 3, 120)
        started = descendants(process.pid, children)
        assert len(started) >= 2, "neither a compile worker nor a runner is there"
        process.kill()
        process.wait()
        assert all_gone(started)
    record = Record.read(out)
    assert len(record.rows) >= 3
    assert record.pending > 0
    assert {row["mutant"] for row in record.rows} < record.mutants().keys()


def test_a_compile_worker_that_hangs_dies_with_its_killed_campaign(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with campaign(digits, out) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        (worker,) = [pid for pid in children(process.pid) if "worker_process" in command_of(pid)]
        # A stopped process does not see that the other end of its socket is closed.
        os.kill(worker, signal.SIGSTOP)
        process.kill()
        process.wait()
        assert all_gone([worker])


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_a_killed_campaign_can_be_reported(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with campaign(digits, out) as process:
        assert wait_until(lambda: verdicts(out) >= 1, 120)
        process.kill()
        process.wait()
    command = [sys.executable, "-m", "mutatenn.cli.app", "report", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    summary = json.loads(done.stdout)
    assert summary == json.loads((out / "report" / "summary.json").read_text())
    assert sum(summary["counts"].values()) == summary["mutants"] - summary["pending"] >= 1
    assert summary["golden"]["llvm"]["inputs"] > 0
    assert "incomplete: " in (out / "report" / "report.md").read_text()


def test_ctrl_c_ends_a_campaign_with_a_report_of_what_there_is(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with campaign(digits, out, "--json") as process:
        assert wait_until(lambda: verdicts(out) >= 2, 120)
        started = descendants(process.pid, children)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        assert process.returncode == 3
        assert all_gone(started)
    summary = json.loads(stdout)
    *_, sentence, advice = stderr.splitlines()
    assert sentence == f"mutatenn-ir: interrupted: {summary['pending']} mutants have no verdict"
    assert advice == f"go on with: mutatenn-ir run --resume {out}"
    assert "Traceback" not in stderr
    assert summary["pending"] == summary["mutants"] - verdicts(out)
    assert {path.name for path in out.iterdir()} == {
        "manifest.json",
        "journal.sqlite",
        "plan.json",
        "code.json",
        "logs",
        "report",
    }


def test_ctrl_c_before_the_first_mutant_leaves_nothing(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    with campaign(digits, out) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "reading and lowering the model ...\n"
        assert wait_until(lambda: bool(children(process.pid)), 60)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == 3
    assert stderr.splitlines()[-1] == "mutatenn-ir: interrupted"
    assert "Traceback" not in stderr
    assert not out.exists()


@pytest.mark.parametrize("command", ["demo", "sites"])
def test_ctrl_c_ends_any_command_with_the_code_for_incomplete(command: str) -> None:
    arguments = {"demo": ["demo"], "sites": ["sites", str(model_path()), "--pass", "swap-arith"]}
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTED_WHILE_LOADING, *arguments[command]],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_take_interrupts,  # noqa: PLW1509  (this process has one thread)
    )
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 3
    assert stderr.splitlines()[-1] == "mutatenn-ir: interrupted"
    assert "Traceback" not in stderr


_INTERRUPTED_WHILE_LOADING = """
import os, signal
from mutatenn.cli import app, sites
from mutatenn.campaign import subject

def load(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("the interrupt was not taken")

sites.load = subject.load = load
app.main()
"""
