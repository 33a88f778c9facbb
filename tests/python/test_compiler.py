"""The compile worker: what it makes, what it refuses, and what becomes of one that dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tvm.script import tirx as T  # noqa: N812

from campaign_kernels import model
from device_fixtures import alive, children
from drill_fixtures import fill, tmpfs
from mutatenn.campaign.compiled import Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.errors import IncompleteError, MissingToolError
from mutatenn.lowering.kernel import compile_kernel, parse_target
from mutatenn.model import load, save
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    save(model(8, T.serial), tmp_path / "model.json")
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


def start(scratch: Path, seconds: float = 120.0) -> Compiler:
    log = scratch.parent / "compiler.log"
    return Compiler(scratch.parent / "model.json", "llvm", scratch, log, seconds=seconds)


@pytest.fixture
def compiler(scratch: Path) -> Iterator[Compiler]:
    with start(scratch) as started:
        yield started


def worker() -> int:
    (pid,) = children(os.getpid())
    return pid


def tasks(scratch: Path) -> list[Task]:
    """The two kernels of the model, and all mutants of the first."""
    mod = load(scratch.parent / "model.json")
    mutants = [m for m in enumerate_mutants(mod, ["swap-arith"]) if m.function == "scale"]
    return [Task("shift"), *(Task(mutant.function, mutant) for mutant in mutants), Task("scale")]


def test_results_come_in_the_order_of_the_tasks(compiler: Compiler, scratch: Path) -> None:
    mod, target = load(scratch.parent / "model.json"), parse_target("llvm")
    everything = tasks(scratch)
    for task in everything:
        compiler.submit(task)
    results = [compiler.result() for _ in everything]
    for task, result in ((everything[0], results[0]), (everything[-1], results[-1])):
        assert result.artifact == compile_kernel(mod[task.function], target, scratch).sha256
        assert result.diff == ""
    for task, result in zip(everything[1:-1], results[1:-1], strict=True):
        assert task.mutant is not None
        assert result.diff.startswith("--- scale\n+++ scale (mutant)\n")
    libraries = [result.library for result in results]
    assert len(set(libraries)) == len(everything)
    assert all(library is not None and library.is_file() for library in libraries)


def test_the_same_task_gives_the_same_artefact_at_another_path(compiler: Compiler) -> None:
    first, second = compiler.compile(Task("scale")), compiler.compile(Task("scale"))
    assert first.artifact == second.artifact
    assert first.library is not None and second.library is not None
    assert first.library != second.library


def killed_over_the_first(compiler: Compiler, everything: list[Task]) -> int:
    """Submit tasks to a worker that is killed over the first of them; its process id."""
    pid = worker()
    os.kill(pid, signal.SIGSTOP)
    for task in everything:
        compiler.submit(task)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_task_over_which_the_worker_is_killed_is_tried_once_more(
    compiler: Compiler, scratch: Path
) -> None:
    everything = tasks(scratch)[:3]
    pid = killed_over_the_first(compiler, everything)
    assert all(compiler.result().library is not None for _ in everything)
    assert not alive(pid)


def test_a_task_over_which_the_worker_is_killed_twice_is_told_and_costs_no_other(
    compiler: Compiler, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = tasks(scratch)[:3]
    send = compiler._send

    def send_and_kill(task: Task) -> None:
        pid = worker()
        os.kill(pid, signal.SIGSTOP)
        send(task)
        os.kill(pid, signal.SIGKILL)

    killed_over_the_first(compiler, everything)
    with monkeypatch.context() as patch:
        patch.setattr(compiler, "_send", send_and_kill)
        # The next task goes to the worker before the result is there: it is killed over it too.
        first = compiler.result()
    second, third = compiler.result(), compiler.result()
    assert (first.library, first.rejected_by) == (None, "worker killed")
    assert first.reason == "SIGKILL, twice; memory may be short"
    assert second.library is not None and third.library is not None


def test_a_task_that_takes_too_long_is_stopped_and_the_next_one_works(scratch: Path) -> None:
    with start(scratch, seconds=3) as compiler:
        pid = worker()
        os.kill(pid, signal.SIGSTOP)
        slow = compiler.compile(Task("scale"))
        assert (slow.library, slow.rejected_by) == (None, "clock")
        assert slow.reason == "compiling took longer than 3 s"
        assert not alive(pid)
        assert compiler.compile(Task("scale")).library is not None


def test_a_refused_kernel_leaves_the_worker_alive(compiler: Compiler, scratch: Path) -> None:
    mod = load(scratch.parent / "model.json")
    pid = worker()
    mutants = enumerate_mutants(mod, ["swap-arith"])
    place = next(m for m in mutants if m.function == "shift")
    nowhere = Mutant(**{**place.to_dict(), "site_in_function": 99, "layers": ()})
    refused = compiler.compile(Task("shift", nowhere))
    assert (refused.library, refused.rejected_by) == (None, "verifier")
    assert "99" in refused.reason
    assert compiler.compile(Task("shift", place)).library is not None
    assert worker() == pid


def test_a_defect_of_the_worker_is_not_blamed_on_the_mutant(
    compiler: Compiler, scratch: Path
) -> None:
    pid = worker()
    answer = compiler.compile(Task("no_such_kernel"))
    assert (answer.library, answer.rejected_by) == (None, "worker")
    assert "Traceback" in (scratch.parent / "compiler.log").read_text()
    assert worker() == pid


def test_closing_ends_the_worker(scratch: Path) -> None:
    with start(scratch):
        pid = worker()
    assert not alive(pid)


def test_a_worker_that_cannot_start_says_why(scratch: Path) -> None:
    (scratch.parent / "model.json").write_text("{}")
    with pytest.raises(MissingToolError, match=r"did not start: .*model\.json: JSON, but not"):
        start(scratch)
    assert children(os.getpid()) == []


def test_a_missing_linker_is_a_missing_tool(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(scratch))
    with start(scratch) as compiler, pytest.raises(MissingToolError, match="No linker"):
        compiler.compile(Task("scale"))


def test_a_full_disk_is_not_blamed_on_the_kernel(scratch: Path, tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "16m") as disk:
        log = tmp_path / "compiler.log"
        with Compiler(tmp_path / "model.json", "llvm", disk, log) as compiler:
            filler = fill(disk)
            with pytest.raises(IncompleteError, match=r"No space left on device.*make room"):
                compiler.compile(Task("scale"))
            filler.unlink()
        with Compiler(tmp_path / "model.json", "llvm", disk, log) as compiler:
            assert compiler.compile(Task("scale")).library is not None
