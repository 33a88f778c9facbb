"""The runner as a process: it is replaced when it dies, and never outlives anybody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import (  # noqa: F401
    Compile,
    alive,
    chain,
    children,
    compiled,
    device,
    rows,
    wait_until,
)
from mutatenn.device import Limits, LlvmDevice, RunnerDied, records, runner_process
from mutatenn.errors import MissingToolError


def test_closing_a_device_ends_its_runner(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows()) as llvm:
        pid = llvm.runner_pid
        assert pid is not None and alive(pid)
    assert not alive(pid)


@pytest.mark.skipif(
    subprocess.run(["setarch", "-R", "true"], capture_output=True, check=False).returncode != 0,
    reason="this system does not let a process fix its addresses",
)
def test_addresses_are_the_same_in_every_runner(compiled: Compile) -> None:  # noqa: F811
    def places() -> list[str]:
        with device(compiled, chain(["double"]), rows()) as llvm:
            llvm.golden()
            maps = Path(f"/proc/{llvm.runner_pid}/maps").read_text()
        return [line for line in maps.splitlines() if line.endswith(("[stack]", "libm.so.6"))]

    first = places()
    assert len(first) > 1
    assert places() == first


def test_a_killed_runner_is_told_once_and_replaced(compiled: Compile) -> None:  # noqa: F811
    x = rows()
    with device(compiled, chain(["double"]), x) as llvm:
        llvm.golden()
        first = llvm.runner_pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        with pytest.raises(RunnerDied, match="signal 9"):
            llvm.run("double", compiled(kernels.triple))
        run = llvm.run("double", compiled(kernels.triple))
        np.testing.assert_array_equal(run.outputs[0], x * np.float32(3))
        assert llvm.runner_pid != first


def test_a_child_that_is_killed_from_outside_is_no_crash(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows(), limits=Limits(floor_ms=60_000)) as llvm:
        llvm.golden()
        runner = llvm.runner_pid
        assert runner is not None

        def kill_child() -> None:
            if wait_until(lambda: bool(children(runner))):
                os.kill(children(runner)[0], signal.SIGKILL)

        killer = threading.Thread(target=kill_child)
        killer.start()
        with pytest.raises(RunnerDied, match="killed from outside"):
            llvm.run("double", compiled(kernels.never_end))
        killer.join()
        assert llvm.run("double", compiled(kernels.triple)).fate == "completed"


def test_a_killed_parent_leaves_no_process_behind(compiled: Compile, tmp_path: Path) -> None:  # noqa: F811
    script = f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import numpy as np
        from pathlib import Path
        from device_fixtures import chain
        from mutatenn.device import Limits, LlvmDevice
        original, endless = map(Path, sys.argv[1:])
        limits = Limits(floor_ms=600_000)
        x = np.ones((1, 8), np.float32)
        llvm = LlvmDevice(chain(["double"]), {{}}, {{"double": original}}, [x], limits=limits)
        llvm.golden()
        print(llvm.runner_pid, flush=True)
        llvm.run("double", endless)
    """
    libraries = [str(compiled(kernels.double)), str(compiled(kernels.never_end))]
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *libraries],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    runner = int(parent.stdout.readline())
    assert wait_until(lambda: len(children(runner)) == 1)
    (child,) = children(runner)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_until(lambda: not alive(runner) and not alive(child))


def test_another_struct_layout_is_refused(
    compiled: Compile,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = (records.PROTOCOL_VERSION, records.HEADER.itemsize + 8, 16, 40)
    monkeypatch.setattr(runner_process, "_LAYOUT", wrong)
    with pytest.raises(
        MissingToolError, match=rf"struct layout '{records.PROTOCOL_VERSION} 512 16 40'"
    ):
        device(compiled, chain(["double"]), rows())


def test_a_missing_runner_is_told(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("MUTATENN_RUNNER", "/nowhere/mutatenn-runner")
    with pytest.raises(MissingToolError, match="no runner at /nowhere/mutatenn-runner"):
        device(compiled, chain(["double"]), rows())


def test_an_unusable_original_kernel_is_named(
    compiled: Compile,  # noqa: F811
    tmp_path: Path,
) -> None:
    broken = tmp_path / "k.so"
    broken.write_bytes(b"nothing")
    with pytest.raises(MissingToolError, match="kernel double"):
        LlvmDevice(chain(["double"]), {}, {"double": broken}, [rows()])


def test_a_silent_runner_is_given_up(
    compiled: Compile,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with device(compiled, chain(["double"]), rows()) as llvm:
        llvm.golden()
        runner = llvm.runner_pid
        assert runner is not None
        monkeypatch.setattr(runner_process, "SILENCE_SECONDS", 0.2)
        os.kill(runner, signal.SIGSTOP)
        with pytest.raises(RunnerDied, match="silent"):
            llvm.run("double", compiled(kernels.triple))
        assert not alive(runner)
