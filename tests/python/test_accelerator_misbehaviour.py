"""Mutants that misbehave on device ``opencl``: each ends alone, the others are as without it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    LENGTH,
    Write,
    answer,
    centre_variant,
    device,
    opencl,
    pocl_cache,
    rows,
    unary,
    write,
)
from mutatenn.device import AcceleratorDevice, Limits, OutOfBoundsWrite
from mutatenn.lowering.device_kernel import DeviceKernel

DOUBLE = "y[i] = x[i] * 2.0f;"
HANG = unary("volatile int go = 1; while (go) y[i] += x[i];")
FAR = unary(DOUBLE + " y[1 << 30] = 1.0f;")


def sound(device: AcceleratorDevice, write: Write) -> bool:  # noqa: F811
    """Whether the next mutant gets what is true of it."""
    run = device.run("double", write(unary("y[i] = x[i] * 3.0f;")))
    expected = answer(rows(), factor=3)
    states = [(row.state, row.first_launch, row.out_of_bounds) for row in run.rows]
    same = np.array_equal(run.outputs[0], expected)
    return same and run.fate == "completed" and states == [("propagated", 0, ())] * 3


@pytest.mark.parametrize(
    ("body", "side", "distance", "count"),
    [
        ("if (i == 0) y[64] = 1.0f;", "after", 4, 4),
        ("if (i == 0) y[-2] = 1.0f;", "before", 8, 4),
        ("y[i + 64] = 1.0f;", "after", 256, 256),
        ("if (i == 7) ((__global char*)y)[300] = 1;", "after", 45, 1),
    ],
)
def test_writes_out_of_bounds_are_contained_and_recorded(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
    body: str,
    side: str,
    distance: int,
    count: int,
) -> None:
    run = opencl.run("double", write(unary(f"{DOUBLE} {body}")))
    expected = OutOfBoundsWrite(1, side, distance, count, 0, "A")  # type: ignore[arg-type]
    assert run.fate == "completed"
    assert [row.out_of_bounds for row in run.rows] == [(expected,)] * 3
    assert {row.state for row in run.rows} == {"masked"}
    assert sound(opencl, write)


def test_writes_beside_a_workspace_are_recorded(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("centre", write(centre_variant("sum[0] = all;", "sum[0] = all; sum[2] = 1;")))
    assert run.rows[0].out_of_bounds == (OutOfBoundsWrite(None, "after", 8, 4, 1, "A"),)


def test_an_input_that_is_overwritten_is_recorded_and_repaired(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("relu", write(unary("y[i] = fmax(x[i], 0.0f); if (i == 2) x[i] = 1e9f;")))
    (recorded,) = run.rows[0].out_of_bounds
    assert (recorded.buffer, recorded.side, recorded.distance) == (3, "inside", 0)
    assert {row.state for row in run.rows} == {"masked"}
    assert sound(opencl, write)


def test_under_trap_the_first_write_out_of_bounds_is_a_crash(write: Write) -> None:  # noqa: F811
    with device(write, oob="trap") as opened:
        opened.golden()
        run = opened.run("double", write(unary(DOUBLE + " if (i == 0) y[64] = 1.0f;")))
        assert run.fate == "crash"
        assert run.detail == (
            "Wrote 4 bytes out of bounds, up to 4 bytes after buffer 1 (a), row 0, "
            "launch 0 (double)."
        )
        assert run.rows[0].out_of_bounds[0].distance == 4
        assert sound(opened, write)


def test_a_mutant_that_never_ends_is_a_hang(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("double", write(HANG))
    assert (run.fate, run.proved) == ("hang", False)
    assert run.detail == "Time limit passed, row 0, launch 0 (double)."
    assert [row.state for row in run.rows] == ["not run"] * 3
    assert sound(opencl, write)


def test_a_hang_on_a_later_row_keeps_what_was_seen_before(write: Write) -> None:  # noqa: F811
    x = rows()
    x[:, 0] = [1, 2, 3]
    body = "volatile int go = x[0] > 1; while (go) y[i] += 1; y[i] = -x[i];"
    with device(write, x) as opened:
        golden = opened.golden()
        run = opened.run("double", write(unary(body)))
    assert (run.fate, run.stopped_in) == ("hang", 1)
    assert [row.state for row in run.rows] == ["propagated", "not run", "not run"]
    assert not np.array_equal(run.outputs[0][0], golden.outputs[0][0])
    np.testing.assert_array_equal(run.outputs[0][1:], golden.outputs[0][1:])


def test_the_limit_of_the_whole_run_is_a_hang(write: Write) -> None:  # noqa: F811
    with device(write, limits=Limits(floor_ms=20_000, total_ms=300)) as opened:
        opened.golden()
        run = opened.run("double", write(HANG))
    assert run.fate == "hang"
    assert run.detail.startswith("Time limit passed by the whole run, row 0")


def test_a_write_far_away_is_a_crash(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    run = opencl.run("double", write(FAR))
    assert run.fate == "crash"
    assert run.detail.startswith("SIGSEGV, row 0, launch 0 (double)")
    assert run.stopped_in == 0
    assert sound(opencl, write)
    assert opencl.recheck() is None


def test_a_barrier_that_not_all_threads_reach_ends_alone(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    body = f"if (get_local_id(0) < 3) barrier(CLK_LOCAL_MEM_FENCE); {DOUBLE}"
    run = opencl.run("double", write(unary(body)))
    assert run.fate in ("completed", "hang", "crash")
    assert sound(opencl, write)
    assert opencl.recheck() is None


def shared(nbytes: int) -> DeviceKernel:
    """``double`` through so much shared memory."""
    words = nbytes // 4
    return unary(
        f"__local float room[{words}]; int l = get_local_id(0) * {words // 16}; room[l] = x[i];"
        "barrier(CLK_LOCAL_MEM_FENCE); y[i] = room[l] + room[l];"
    )


@pytest.mark.parametrize(
    ("kernel", "reason"),
    [
        (unary(DOUBLE, block=1 << 20, grid=1), "1048576 threads in a block"),
        (unary(DOUBLE, block=LENGTH, grid=0), "0, 1, 1] blocks"),
        (shared(1 << 24), "16777216 bytes of shared memory"),
        (unary("y[i] = nothing;"), "does not compile: .*nothing"),
        (unary(DOUBLE).__class__("cuda", "", (), (), 2), "written for cuda, not for opencl"),
        (unary(DOUBLE).__class__("opencl", "", (), (), 3), "does not compile|3 parameters"),
    ],
    ids=["threads", "empty", "shared", "source", "language", "parameters"],
)
def test_a_kernel_that_the_device_cannot_run_is_refused_with_the_reason(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
    kernel: DeviceKernel,
    reason: str,
) -> None:
    run = opencl.run("double", write(kernel))
    assert run.fate == "refused"
    assert re.search(reason, run.detail), run.detail
    assert sound(opencl, write)


def test_workspaces_beyond_the_memory_limit_are_refused(
    opencl: AcceleratorDevice,  # noqa: F811
    write: Write,  # noqa: F811
) -> None:
    kernel = DeviceKernel("opencl", unary(DOUBLE).source, unary(DOUBLE).launches, (1 << 40,), 2)
    run = opencl.run("double", write(kernel))
    assert (run.fate, run.detail[:20]) == ("memory", "Memory limit reached")
