"""Lowering for GPUs without one: dlight's schedules, thread bindings, source of kernels."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import s_tir, te, topi
from tvm.ir import assert_structural_equal

from campaign_fixtures import Cli, cli  # noqa: F401
from gpu_kernels import CUDA, OPENCL, launches_of, lowered_demo, opencl_source
from mutatenn.demo import model_path
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import has_threads
from mutatenn.lowering.program import program_of
from mutatenn.lowering.replay import replay
from mutatenn.lowering.schedule import scheduler_for
from mutatenn.lowering.schedule.gpu.kernel import has_long_sum
from mutatenn.lowering.schedule.gpu.matmul import blocks_of
from mutatenn.lowering.scheduling import schedule_kernel
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from opencl_kernels import device_kernel, run, scheduled
from operator_kernels import each, module

TARGETS = pytest.mark.parametrize("target", [OPENCL, CUDA])


def kernels_of(mod: Any) -> dict[str, Any]:
    return {
        str(var.name_hint): func
        for var, func in mod.functions.items()
        if isinstance(func, tvm.tirx.PrimFunc)
    }


def depthwise(size: int) -> Any:
    """A depthwise convolution with a square filter."""
    data = te.placeholder((1, 8, 16, 16), name="data")
    weights = te.placeholder((8, 1, size, size), name="weights")
    made = topi.nn.depthwise_conv2d_nchw(data, weights, 1, 0, 1)
    return te.create_prim_func([data, weights, made])


@TARGETS
def test_every_kernel_of_a_model_is_launched(target: str) -> None:
    kernels = kernels_of(lowered_demo(target))
    assert kernels
    for func in kernels.values():
        assert has_threads(func)
        assert launches_of(func).functions


@TARGETS
def test_barriers_stand_in_flat_kernels(target: str) -> None:
    assert any(
        "tvm_storage_sync" in func.script() for func in kernels_of(lowered_demo(target)).values()
    )


def test_tvm_writes_opencl_for_every_kernel() -> None:
    for func in kernels_of(lowered_demo(OPENCL)).values():
        assert "__kernel void" in opencl_source(func)


@TARGETS
def test_unscheduled_kernels_are_refused(target: str) -> None:
    with pytest.raises(InputError, match="has no schedule that binds its loops to threads"):
        program_of(load(model_path()), "kernel", target, "none")


@TARGETS
def test_kernels_without_threads_are_told_from_those_with_some(target: str) -> None:
    mod = module(each("C[i] = A[i]"))
    with pytest.raises(InputError, match=r"kernel main has no schedule .* --schedule default$"):
        at_stage(mod, "kernel", target)


@TARGETS
def test_a_schedule_is_replayed_from_its_trace(target: str) -> None:
    scheduler = scheduler_for(parse_target(target), 1)
    func = depthwise(3)
    done = schedule_kernel(func, scheduler)
    assert done.trace.insts
    assert_structural_equal(replay(done.trace, func), done.func)


@pytest.mark.parametrize(("size", "long"), [(3, False), (5, False), (7, True)])
def test_short_sums_are_left_to_one_thread_each(size: int, long: bool) -> None:
    func = depthwise(size)
    assert has_long_sum(func) == long
    done = scheduler_for(parse_target(OPENCL), 1).schedule(func)
    # Sharing a sum takes partial sums of the threads.
    assert ("_rf" in done.func.script()) == long


def test_a_rule_that_raises_leaves_a_note_and_the_next_one_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: Any) -> Any:
        raise ValueError("not this one")

    monkeypatch.setattr(s_tir.dlight.gpu.Matmul, "apply", refuse)
    done = scheduler_for(parse_target(OPENCL), 1).schedule(depthwise(3))
    assert done.notes == ("Matmul: not this one",)
    assert "threadIdx.x" in done.func.script()


def test_a_kernel_that_no_rule_takes_is_not_scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s_tir.dlight.gpu.Fallback, "apply", lambda *_arguments: None)
    done = schedule_kernel(depthwise(3), scheduler_for(parse_target(OPENCL), 1))
    assert done.notes == ("it is not scheduled: no rule of dlight applies",)
    assert not done.trace.insts


@TARGETS
def test_sites_of_gpu_kernels_are_listed_and_planted(cli: Cli, tmp_path: Any, target: str) -> None:  # noqa: F811
    options = ["--stage", "kernel", "--schedule", "default", "--target", target]
    listed = cli("sites", model_path(), "--pass", "drop-guard", *options, "--json")
    assert listed.code == ExitCode.OK, listed.err
    assert any("threadIdx_x" in row["before"] for row in json.loads(listed.out))
    output = tmp_path / "m.json"
    answer = cli("apply", model_path(), "--pass", "drop-guard", *options, "-o", output)
    assert answer.code == ExitCode.OK, answer.err
    assert f"tvm.compile(mod, {target!r}" in answer.err.replace('"opencl"', "'opencl'")
    flat = tvm.ir.load_json(output.read_text())
    assert all(has_threads(func) for func in kernels_of(flat).values())


def test_sites_of_a_gpu_without_schedules_say_what_is_missing(cli: Cli) -> None:  # noqa: F811
    options = ["--stage", "kernel", "--target", "opencl"]
    answer = cli("sites", model_path(), "--pass", "drop-guard", *options)
    assert answer.code == ExitCode.USAGE
    assert len(answer.err.splitlines()) == 1
    assert answer.err.endswith("which code for opencl needs; give --schedule default\n")


@pytest.mark.parametrize(
    ("rows", "blocks", "threads"), [(64, 2, 8 * 8), (65, 2, 8 * 4), (256, 4, 8 * 4)]
)
def test_products_of_several_large_tiles_have_fewer_threads_with_more_to_do(
    rows: int, blocks: int, threads: int
) -> None:
    a, b = te.placeholder((rows, 64), name="a"), te.placeholder((64, 32), name="b")
    func = te.create_prim_func([a, b, topi.nn.matmul(a, b)])
    made = scheduler_for(parse_target(OPENCL), 1).schedule(func).func
    assert blocks_of(made) == blocks
    (launch,) = device_kernel(made).launches
    assert launch.threads == threads
    assert launch.grid[0] * launch.grid[1] == blocks


def test_large_tiles_compute_what_numpy_does() -> None:
    a, b = te.placeholder((100, 70), name="a"), te.placeholder((70, 40), name="b")
    kernel = device_kernel(scheduled(te.create_prim_func([a, b, topi.nn.matmul(a, b)])))
    assert kernel.launches[0].block == (8, 4, 1)
    rng = np.random.default_rng(4)
    left, right = (rng.standard_normal(s).astype("float32") for s in ((100, 70), (70, 40)))
    found = run(kernel, left, right, np.full((100, 40), np.nan, "float32"))[-1]
    np.testing.assert_allclose(found, left @ right, rtol=1e-4, atol=1e-5)


def test_a_depthwise_convolution_computes_what_llvm_does() -> None:
    func = depthwise(3)
    rng = np.random.default_rng(5)
    data = rng.standard_normal((1, 8, 16, 16)).astype("float32")
    weights = rng.standard_normal((8, 1, 3, 3)).astype("float32")
    outputs = [tvm.runtime.tensor(np.zeros((1, 8, 14, 14), "float32"))]
    tvm.compile(func, "llvm")(tvm.runtime.tensor(data), tvm.runtime.tensor(weights), *outputs)
    found = run(device_kernel(scheduled(func)), data, weights, np.zeros((1, 8, 14, 14), "float32"))
    np.testing.assert_allclose(found[-1], outputs[0].numpy(), rtol=1e-5, atol=1e-6)
