"""The worker of an accelerator as a process: replaced when it died, and gone with its parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    Write,
    answer,
    device,
    opencl,
    pocl_cache,
    rows,
    unary,
    write,
)
from device_fixtures import alive, wait_until
from mutatenn.device import AcceleratorDevice, RunnerDied
from mutatenn.device.portable import client
from mutatenn.device.portable.client import WorkerClient
from mutatenn.device.portable.driver_cache import prune_driver_cache

TRIPLE = unary("y[i] = x[i] * 3.0f;")
HANG = unary("volatile int go = 1; while (go) y[i] += x[i];")
FAR = unary("y[i] = x[i] * 2.0f; y[1 << 30] = 1.0f;")


def pid_of(device: AcceleratorDevice) -> int:
    pid = device.worker_pid
    assert pid is not None
    return pid


def test_a_worker_that_is_killed_from_outside_is_no_fault_of_the_mutant(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.recheck(1)
    opencl.begin("double", write(HANG))
    os.kill(pid_of(opencl), signal.SIGKILL)
    with pytest.raises(RunnerDied, match="killed from outside"):
        opencl.end()
    run = opencl.run("double", write(TRIPLE))
    np.testing.assert_array_equal(run.outputs[0], answer(rows(), factor=3))


def test_a_worker_that_was_killed_while_idle_is_replaced_by_the_next_but_one_call(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.recheck(1)
    pid = pid_of(opencl)
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not alive(pid))
    with pytest.raises(RunnerDied, match="killed from outside"):
        opencl.run("double", write(TRIPLE))
    assert opencl.recheck() is None
    assert pid_of(opencl) != pid


def test_a_crash_in_a_used_worker_is_seen_in_a_fresh_one_before_it_counts(
    write: Write,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = []
    start = WorkerClient._start

    def counted(self: WorkerClient) -> object:
        started.append(self)
        return start(self)

    monkeypatch.setattr(WorkerClient, "_start", counted)
    with device(write) as opened:
        opened.golden()
        assert opened.run("double", write(FAR)).fate == "crash"
        assert len(started) == 1  # the worker had run no other mutant
        opened.run("double", write(TRIPLE))
        assert opened.run("double", write(FAR)).fate == "crash"
        assert len(started) == 3


def test_a_worker_is_replaced_after_so_many_mutants(
    write: Write,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "MOST_MUTANTS", 2)
    triple = write(TRIPLE)
    with device(write) as opened:
        opened.golden()
        pids = []
        for _ in range(4):
            run = opened.run("double", triple)
            np.testing.assert_array_equal(run.outputs[0], answer(rows(), factor=3))
            pids.append(pid_of(opened))
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_check_that_finds_the_worker_dying_asks_a_new_one(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.run("double", write(TRIPLE))
    pid = pid_of(opencl)

    def ended() -> bool:
        os.kill(pid, signal.SIGABRT)  # LLVM's handler takes the first one
        return not alive(pid)

    assert wait_until(ended)  # as a mutant's damage would end it later
    assert opencl.recheck() is None
    assert pid_of(opencl) != pid


def test_programs_that_nobody_loads_leave_the_drivers_cache(tmp_path: Path) -> None:
    for name, age in (("old", 1000), ("new", 0)):
        mark = tmp_path / "pocl" / "AB" / name / "last_accessed"
        mark.parent.mkdir(parents=True)
        mark.touch()
        os.utime(mark, (time.time() - age, time.time() - age))
    prune_driver_cache(tmp_path)
    assert [one.name for one in (tmp_path / "pocl" / "AB").iterdir()] == ["new"]


def test_devices_that_share_a_folder_of_drivers_compile_each_kernel_once(
    write: Write,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("POCL_CACHE_DIR")
    objects = []
    for _ in range(2):
        with device(write, drivers=tmp_path) as opened:
            opened.golden()
        objects.append({one: one.stat().st_mtime_ns for one in tmp_path.rglob("*.so")})
    assert objects[0]
    assert objects[1] == objects[0]


def test_a_worker_has_loaded_nothing_of_tvm(
    opencl: AcceleratorDevice,  # noqa: F811
) -> None:
    opencl.recheck(1)
    loaded = Path(f"/proc/{pid_of(opencl)}/maps").read_text()
    assert "pyopencl" in loaded
    assert "tvm" not in loaded


def test_closing_one_sibling_twice_leaves_the_other_alone(write: Write) -> None:  # noqa: F811
    first = device(write)
    first.golden()
    with first.sibling() as second:
        first.close()
        first.close()
        assert second.recheck() is None
        assert second._scratch.path.is_dir()


def test_the_descriptor_becomes_readable_when_a_run_has_ended(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    opencl.begin("double", write(HANG))
    assert select.select([opencl], [], [], 0)[0] == []
    assert select.select([opencl], [], [], 60)[0] == [opencl]
    assert opencl.end().fate == "hang"
    with pytest.raises(ValueError, match="no run was begun"):
        opencl.fileno()


def test_nothing_else_may_be_asked_while_a_run_is_begun(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    with pytest.raises(RuntimeError, match=r"begin\(\) before end"):
        opencl.end()
    opencl.begin("double", write(TRIPLE))
    with pytest.raises(RuntimeError, match=r"call end\(\) first"):
        opencl.recheck()
    assert opencl.end().fate == "completed"


def test_siblings_share_a_golden_run_and_run_at_the_same_time(write: Write) -> None:  # noqa: F811
    with device(write) as first:
        golden = first.golden()
        with first.sibling() as second:
            assert pid_of(first) != pid_of(second)
            assert second.golden() is golden
            assert first.golden() is golden
            first.begin("double", write(HANG))
            second.begin("double", write(TRIPLE))
            np.testing.assert_array_equal(second.end().outputs[0], answer(rows(), factor=3))
            first.close()
            assert second.recheck() is None
            assert second.run("double", write(FAR)).fate == "crash"
            assert second.recheck() is None


def test_closing_ends_a_busy_worker_and_removes_its_folder(write: Write) -> None:  # noqa: F811
    with device(write) as opened:
        opened.golden()
        pid, folder = pid_of(opened), opened._scratch.path
        opened.begin("double", write(HANG))
        assert folder.is_dir()
    assert not alive(pid)
    assert not folder.exists()


def test_a_worker_dies_with_its_parent_even_in_a_kernel_that_never_ends(
    write: Write,  # noqa: F811
    tmp_path: Path,
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "import accelerator_fixtures as f\n"
        "from mutatenn.device import Limits\n"
        "numbers = iter(range(99))\n"
        "def write(kernel):\n"
        "    path = Path(sys.argv[1]) / f'{next(numbers)}.json'\n"
        "    path.write_text(kernel.to_json())\n"
        "    return path\n"
        "opened = f.device(write, limits=Limits(floor_ms=100_000))\n"
        "opened.golden()\n"
        "opened.begin('double', Path(sys.argv[2]))\n"
        "print(opened.worker_pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, str(script), str(tmp_path), str(write(HANG))]
    folders = [*sys.path, str(Path(__file__).parent)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
        try:
            assert parent.stdout is not None
            worker = int(parent.stdout.readline())
            time.sleep(0.2)  # it may be in the kernel by now
            assert alive(worker)
        finally:
            parent.kill()
    assert wait_until(lambda: not alive(worker))
