"""Kernels that write where they must not, crash, hang, eat memory or read what nobody wrote."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import device_kernels as kernels
from device_fixtures import (  # noqa: F401
    Compile,
    chain,
    compiled,
    device,
    rows,
    runner_children,
)
from mutatenn.device import LlvmDevice, MutantRun, RunnerDied

SOUND = {"double": "double_other_way", "wide": "wide"}


@pytest.fixture(params=[8, 4096], ids=["one thread", "two threads, parallel kernel"])
def llvm(request: pytest.FixtureRequest, compiled: Compile) -> Any:  # noqa: F811
    """A device with a golden run: a serial kernel on one thread, a parallel one on two."""
    length: int = request.param
    name = "double" if length == 8 else "wide"
    threads = 1 if length == 8 else 2
    with device(compiled, chain([name], length), rows(3, length), threads=threads) as opened:
        opened.golden()
        yield opened


def misbehave(llvm: LlvmDevice, compiled: Compile, how: str, wide: str) -> MutantRun:  # noqa: F811
    """Run a mutant, then show that the device still works and that no process is left."""
    original = llvm.plan.launches[0].kernel
    run = llvm.run(original, compiled(getattr(kernels, how if original == "double" else wide)))
    assert runner_children(llvm) == []
    again = llvm.run(original, compiled(getattr(kernels, SOUND[original])))
    assert {row.state for row in again.rows} == {"masked"}
    assert again.fate == "completed"
    return run


def test_one_element_written_after_the_end_is_recorded(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(llvm, compiled, "write_after", "wide_after")
    assert run.fate == "completed"
    for row in run.rows:
        assert row.state == "masked"
        (write,) = row.out_of_bounds
        assert (write.buffer, write.side, write.distance) == (1, "after", 4)
        assert (write.launch, write.pattern) == (0, "A")
        # A written byte that equals the pattern's is not seen.
        assert 1 <= write.count <= 4


def test_a_far_write_is_a_crash_that_names_the_buffer(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(llvm, compiled, "write_far", "wide_far")
    assert run.fate == "crash"
    assert run.detail.startswith("SIGSEGV ")
    assert "bytes after buffer 1 (a0), row 0, launch 0" in run.detail
    assert {row.state for row in run.rows} == {"not run"}


def test_a_loop_without_end_is_a_hang(llvm: LlvmDevice, compiled: Compile) -> None:  # noqa: F811
    run = misbehave(llvm, compiled, "never_end", "wide_never_end")
    assert run.fate == "hang"
    assert "row 0, launch 0" in run.detail


def test_a_huge_workspace_meets_the_memory_limit(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(llvm, compiled, "eat_memory", "wide_eat_memory")
    assert run.fate == "memory"
    assert "row 0, launch 0" in run.detail


def test_an_unwritten_output_is_seen_under_both_patterns(
    llvm: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(llvm, compiled, "leave_unwritten", "wide_unwritten")
    assert run.fate == "completed"
    assert all(row.reads_uninitialised and row.state == "propagated" for row in run.rows)
    assert run.outputs_b is not None
    assert np.isnan(run.outputs[0][:, -1]).all()
    assert np.isfinite(run.outputs_b[0][:, -1]).all()
    assert (run.outputs_b[0][:, -1] > 1e30).all()
    np.testing.assert_array_equal(run.outputs[0][:, :-1], run.outputs_b[0][:, :-1])


@pytest.fixture
def small(compiled: Compile) -> Any:  # noqa: F811
    """A device that runs ``double`` on one thread."""
    with device(compiled, chain(["double"]), rows(3)) as opened:
        opened.golden()
        yield opened


def test_one_element_written_before_the_begin_is_recorded(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "write_before", "")
    (write,) = run.rows[0].out_of_bounds
    assert (write.buffer, write.side, write.distance) == (1, "before", 4)


def test_a_write_behind_a_workspace_is_recorded(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "write_workspace", "")
    (write,) = run.rows[0].out_of_bounds
    assert (write.buffer, write.side, write.distance) == (None, "after", 4)


def test_an_overwritten_input_is_recorded_and_stays_golden(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "write_input", "")
    assert [row.state for row in run.rows] == ["masked"] * 3
    (write,) = run.rows[0].out_of_bounds
    assert (write.buffer, write.side) == (0, "inside")


def test_an_unwritten_workspace_is_seen_under_both_patterns(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "read_workspace", "")
    assert all(row.reads_uninitialised for row in run.rows)
    assert np.isnan(run.outputs[0][:, -1]).all()


def test_a_failed_check_of_the_kernel_is_an_error_with_its_message(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "refuse", "")
    assert run.fate == "error"
    assert "shape" in run.detail.lower()


def test_a_library_that_does_not_load_is_no_fault_of_the_mutant(
    small: LlvmDevice, tmp_path: Any
) -> None:
    path = tmp_path / "no library.so"
    path.write_bytes(b"not a library")
    with pytest.raises(RunnerDied, match=r"no library.so is not a 64-bit ELF shared object"):
        small.run("double", path)


def test_an_arithmetic_trap_is_a_crash(
    small: LlvmDevice,
    compiled: Compile,  # noqa: F811
) -> None:
    run = misbehave(small, compiled, "divide_by_zero", "")
    assert run.fate == "crash"
    assert run.detail.startswith("SIGFPE, row 0, launch 0")


def test_a_run_that_was_stopped_tells_its_row(compiled: Compile) -> None:  # noqa: F811
    x = np.full((3, 8), 2, np.float32)
    x[1, 5] = 0
    with device(compiled, chain(["double"]), x) as llvm:
        llvm.golden()
        run = llvm.run("double", compiled(kernels.divide_by_zero))
        assert (run.fate, run.stopped_in) == ("crash", 1)
        assert [row.state for row in run.rows] == ["propagated", "not run", "not run"]
        assert llvm.run("double", compiled(kernels.triple)).stopped_in is None


def test_misbehaviour_beyond_the_cache_is_told_the_same(compiled: Compile) -> None:  # noqa: F811
    with device(compiled, chain(["double"]), rows(3), cache_mb=0) as llvm:
        llvm.golden()
        run = misbehave(llvm, compiled, "leave_unwritten", "")
        assert all(row.reads_uninitialised and row.state == "propagated" for row in run.rows)
        run = misbehave(llvm, compiled, "write_after", "")
        assert run.rows[2].out_of_bounds[0].distance == 4
