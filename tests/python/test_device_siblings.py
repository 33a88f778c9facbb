"""Several devices over one golden run, and several runs at once from one thread."""

from __future__ import annotations

import gc
import os
import select
import selectors
import signal
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import (  # noqa: F401
    QUICK,
    Compile,
    alive,
    chain,
    children,
    compiled,
    device,
    residual,
    rows,
    wait_until,
)
from mutatenn.device import Limits, RunnerDied, runner_process


def ready(devices: list[Any], seconds: float) -> list[Any]:
    """Devices whose run is over; waited for as ``multiprocessing`` waits for anything."""
    return wait(devices, seconds)


WEIGHT = np.linspace(-3, 3, 8, dtype=np.float32)
PATIENT = Limits(floor_ms=600_000)
X = rows()


@pytest.fixture
def llvm(compiled: Compile) -> Any:  # noqa: F811
    """A device with a golden run of ``double``."""
    with device(compiled, chain(["double"]), X) as opened:
        opened.golden()
        yield opened


@pytest.mark.parametrize("cache_mb", [0, 16])
def test_a_sibling_gives_the_same_evidence(compiled: Compile, cache_mb: int) -> None:  # noqa: F811
    library = compiled(kernels.triple)
    with device(compiled, residual(), X, {3: WEIGHT}, cache_mb=cache_mb) as llvm:
        llvm.golden()
        first = llvm.run("double", library)
        with llvm.sibling() as twin:
            second = twin.run("double", library)
    assert first.rows == second.rows
    np.testing.assert_array_equal(first.outputs[0], second.outputs[0])


def test_a_sibling_makes_no_golden_run_of_its_own(llvm: Any) -> None:
    golden = llvm.golden()
    with llvm.sibling() as twin:
        assert twin.golden() is golden
        assert llvm.golden() is golden
        assert twin.recheck() is None


def test_a_sibling_before_the_golden_run_is_an_error(compiled: Compile) -> None:  # noqa: F811
    with (
        device(compiled, chain(["double"]), X) as llvm,
        pytest.raises(RuntimeError, match=r"call golden\(\) before sibling\(\)"),
    ):
        llvm.sibling()


@pytest.mark.parametrize("first", [0, 1])
def test_closing_one_leaves_the_other_working(
    compiled: Compile,  # noqa: F811
    first: int,
) -> None:
    llvm = device(compiled, chain(["double"]), X)
    llvm.golden()
    pair = [llvm, llvm.sibling()]
    pair.pop(first).close()
    with pair[0] as left:
        assert left.run("double", compiled(kernels.triple)).fate == "completed"
        os.kill(left.runner_pid or 0, signal.SIGKILL)
        with pytest.raises(RunnerDied):
            left.run("double", compiled(kernels.triple))
        # The fresh runner is given the shared memory once more.
        run = left.run("double", compiled(kernels.triple))
    np.testing.assert_array_equal(run.outputs[0], X * np.float32(3))


def test_closed_siblings_give_every_descriptor_back(compiled: Compile) -> None:  # noqa: F811
    def open_descriptors() -> int:
        gc.collect()  # a mapping keeps a descriptor until its last view is gone
        return len(list(Path("/proc/self/fd").iterdir()))

    with device(compiled, chain(["double"]), X) as llvm:
        llvm.golden()
        alone = open_descriptors()
        with llvm.sibling(), llvm.sibling():
            assert open_descriptors() > alone
        assert open_descriptors() == alone


def test_results_of_runs_at_once_do_not_mix(compiled: Compile, llvm: Any) -> None:  # noqa: F811
    with llvm.sibling() as second, llvm.sibling() as third:
        for _ in range(20):
            llvm.begin("double", compiled(kernels.triple))
            second.begin("double", compiled(kernels.negate))
            third.begin("double", compiled(kernels.double_other_way))
            for one, factor in ((second, -1), (third, 2), (llvm, 3)):
                np.testing.assert_array_equal(one.end().outputs[0], X * np.float32(factor))


def test_the_one_that_is_done_is_readable(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), X, limits=PATIENT) as llvm:
        llvm.golden()
        with llvm.sibling() as twin:
            llvm.begin("double", compiled(kernels.never_end))
            twin.begin("double", compiled(kernels.triple))
            assert ready([llvm, twin], 60) == [twin]
            assert twin.end().fate == "completed"
            assert ready([llvm], 0) == []


def test_one_thread_keeps_two_devices_busy(compiled: Compile, llvm: Any) -> None:  # noqa: F811
    work = ["triple", "never_end", "negate", "leave_unwritten", "write_far", "double_other_way"]
    fates: dict[str, str] = {}
    with llvm.sibling() as twin, selectors.DefaultSelector() as selector:
        todo = list(work)
        for one in (llvm, twin):
            name = todo.pop(0)
            one.begin("double", compiled(getattr(kernels, name)))
            selector.register(one, selectors.EVENT_READ, name)
        while selector.get_map():
            for key, _ in selector.select(60):
                fates[key.data] = key.fileobj.end().fate  # type: ignore[union-attr]
                selector.unregister(key.fileobj)
                if todo:
                    name = todo.pop(0)
                    key.fileobj.begin("double", compiled(getattr(kernels, name)))  # type: ignore[union-attr]
                    selector.register(key.fileobj, selectors.EVENT_READ, name)
    completed = dict.fromkeys(work, "completed")
    assert fates == completed | {"never_end": "hang", "write_far": "crash"}


def test_a_long_run_shows_its_pulse_and_wakes_nobody(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), X, limits=PATIENT) as llvm:
        llvm.golden()
        llvm.begin("double", compiled(kernels.never_end))
        assert wait_until(lambda: llvm._results.pulse() > 0)
        assert select.select([llvm], [], [], 0) == ([], [], [])


def test_a_runner_with_a_pulse_is_not_given_up(
    compiled: Compile,  # noqa: F811
    llvm: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beats = iter(range(1_000_000))
    monkeypatch.setattr(runner_process, "SILENCE_SECONDS", 0.1)
    monkeypatch.setattr(runner_process, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(llvm._process, "_pulse", lambda: next(beats))
    run = llvm.run("double", compiled(kernels.never_end))
    assert QUICK.floor_ms > 100
    assert run.fate == "hang"


def test_a_runner_that_dies_in_a_run_wakes_its_waiter(
    compiled: Compile,  # noqa: F811
) -> None:
    with device(compiled, chain(["double"]), X, limits=PATIENT) as llvm:
        llvm.golden()
        llvm.begin("double", compiled(kernels.never_end))
        os.kill(llvm.runner_pid or 0, signal.SIGKILL)
        assert ready([llvm], 60) == [llvm]
        with pytest.raises(RunnerDied, match="signal 9"):
            llvm.end()
        assert llvm.run("double", compiled(kernels.triple)).fate == "completed"


def test_closing_a_device_ends_the_run_that_was_begun(compiled: Compile) -> None:  # noqa: F811
    llvm = device(compiled, chain(["double"]), X, limits=PATIENT)
    llvm.golden()
    llvm.begin("double", compiled(kernels.never_end))
    runner = llvm.runner_pid
    assert runner is not None
    assert wait_until(lambda: len(children(runner)) == 1)
    (child,) = children(runner)
    llvm.close()
    assert not alive(runner)
    assert wait_until(lambda: not alive(child))


def test_a_device_runs_one_mutant_at_a_time(compiled: Compile, llvm: Any) -> None:  # noqa: F811
    library = compiled(kernels.triple)
    llvm.begin("double", library)
    for ask in (
        lambda: llvm.begin("double", library),
        lambda: llvm.probe("double", library, 1),
        llvm.recheck,
        llvm.golden,
    ):
        with pytest.raises(RuntimeError, match=r"call end\(\) first"):
            ask()
    np.testing.assert_array_equal(llvm.end().outputs[0], X * np.float32(3))


def test_there_is_no_end_without_a_begin(llvm: Any) -> None:
    with pytest.raises(RuntimeError, match=r"call begin\(\) before end\(\)"):
        llvm.end()
    with pytest.raises(ValueError, match="no run was begun"):
        llvm.fileno()
