"""Kernels that no schedule fits run on a GPU all the same, by one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tvm import te, topi

from mutatenn.device import AcceleratorDevice
from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.plan import Buffer, Launch, Plan
from mutatenn.lowering.replay import attempts
from mutatenn.lowering.schedule import scheduler_for
from mutatenn.lowering.schedule.gpu.single_thread import single_threaded
from mutatenn.lowering.scheduling import schedule_kernel

TARGET = accelerator_target("opencl")


def convolution() -> Any:
    """A convolution with a padding before it and a ReLU behind: three loops, two buffers."""
    data = te.placeholder((1, 4, 6, 6), name="data")
    weights = te.placeholder((3, 4, 3, 3), name="weights")
    made = topi.nn.relu(topi.nn.conv2d_nchw(data, weights, 1, 1, 1))
    return te.create_prim_func([data, weights, made])


def answers(func: Any, folder: Path) -> np.ndarray[Any, Any]:
    """What a kernel computes on PoCL."""
    backend = backend_of("opencl:0", parse_target(TARGET))
    path = folder / "kernel.json"
    backend.link(backend.generate(backend.lower(func), folder), path)
    rng = np.random.default_rng(3)
    rows = [rng.standard_normal((2, 1, 4, 6, 6)).astype("float32")]
    weights = rng.standard_normal((3, 4, 3, 3)).astype("float32")
    buffers = (
        Buffer(0, "data", "input", (1, 4, 6, 6), "float32"),
        Buffer(1, "weights", "weight", (3, 4, 3, 3), "float32"),
        Buffer(2, "made", "activation", (1, 3, 6, 6), "float32"),
    )
    plan = Plan(buffers, (Launch(0, "k", (0, 1), (2,)),), (0,), (2,), TARGET)
    with AcceleratorDevice("opencl:0", plan, {1: weights}, {"k": path}, rows) as device:
        return np.array(device.golden().outputs[0])


def test_every_loop_is_a_launch_of_one_thread_with_workspaces_between(tmp_path: Path) -> None:
    backend = backend_of("opencl:0", parse_target(TARGET))
    code = backend.lower(single_threaded(convolution()))
    kernel = backend.kernel(code)  # type: ignore[attr-defined]
    assert [launch.threads for launch in kernel.launches] == [1, 1, 1]
    assert [launch.grid for launch in kernel.launches] == [(1, 1, 1)] * 3
    assert len(kernel.workspaces) == 2


def test_one_thread_computes_what_the_schedule_computes(tmp_path: Path) -> None:
    scheduler = scheduler_for(parse_target(TARGET), 1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    alone = answers(single_threaded(convolution()), tmp_path / "a")
    shared = answers(schedule_kernel(convolution(), scheduler).func, tmp_path / "b")
    np.testing.assert_allclose(alone, shared, rtol=1e-5, atol=1e-5)


def test_a_mutant_that_no_rule_takes_is_run_by_one_thread_as_its_original_is() -> None:
    scheduler = scheduler_for(parse_target(TARGET), 1)
    original = convolution()
    scheduled = schedule_kernel(original, scheduler)
    *_, last = attempts(scheduler, scheduled, original, original)
    assert last.how.startswith("not scheduled, as ")
    assert 'thread="threadIdx.x"' in last.func.script()
    assert last.original is not None
    assert 'thread="threadIdx.x"' in last.original.script()
