"""Whether a device can run a kernel, and the target that a device's limits make."""

from __future__ import annotations

import dataclasses
import json

import pytest

from mutatenn.errors import InputError
from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.device_kernel import DeviceKernel, DeviceLaunch
from mutatenn.lowering.device_limits import Limits, require_fits, shared_bytes
from mutatenn.lowering.kernel import parse_target

OPENCL = """__kernel void k(__global float* restrict p0_ptr) {
  __local volatile float v1[64];
  __local float4 v2[2];
  float v3[100];
}

__kernel void k_1(__global float* restrict p0_ptr) {
  __local char v1[8];
}
"""
CUDA = """extern "C" __global__ void __launch_bounds__(256) k(float* __restrict__ p0_ptr);
extern "C" __global__ void __launch_bounds__(256) k(float* __restrict__ p0_ptr) {
  extern __shared__ uchar buf_dyn_shmem[];
  __shared__ float v1[64];
  __shared__ half v2[16];
}
"""
KERNEL = DeviceKernel(
    "opencl", OPENCL, (DeviceLaunch("k", (), (10, 1, 1), (16, 4, 1), shared_bytes=100),), (), 1
)


def test_shared_memory_is_counted_for_each_function() -> None:
    assert shared_bytes(OPENCL, "k") == 64 * 4 + 2 * 16
    assert shared_bytes(OPENCL, "k_1") == 8
    assert shared_bytes(CUDA, "k") == 64 * 4 + 16 * 2


def test_a_device_without_limits_runs_everything() -> None:
    assert require_fits(KERNEL, {}) is None


def test_a_device_with_just_enough_runs_a_kernel() -> None:
    limits: Limits = {
        "max_threads_per_block": 64,
        "max_block": (16, 4, 1),
        "max_grid": (10, 1, 1),
        "max_shared_memory_per_block": 388,
    }
    assert require_fits(KERNEL, limits) is None


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_threads_per_block": 63}, "k needs blocks of 64 threads, the device has 63"),
        ({"max_block": (64, 2, 64)}, "k needs blocks of 16x4x1, the device has 64x2x64"),
        ({"max_grid": (9, 1, 1)}, "k needs a grid of 10x1x1, the device has 9x1x1"),
        (
            {"max_shared_memory_per_block": 387},
            "k needs 388 bytes of shared memory, the device has 387",
        ),
    ],
)
def test_what_a_device_lacks_is_named(limits: Limits, reason: str) -> None:
    assert require_fits(KERNEL, limits) == reason


def test_every_launch_has_to_fit() -> None:
    wide = dataclasses.replace(KERNEL.launches[0], symbol="k_1", block=(1024, 1, 1))
    both = dataclasses.replace(KERNEL, launches=(*KERNEL.launches, wide))
    reason = require_fits(both, {"max_threads_per_block": 256})
    assert reason == "k_1 needs blocks of 1024 threads, the device has 256"


@pytest.mark.parametrize("family", ["opencl", "cuda"])
def test_tvm_reads_a_target_back(family: str) -> None:
    target = parse_target(accelerator_target(family))
    assert target.kind.name == family
    assert target.host.kind.name == "llvm"


def test_the_target_of_a_gpu_names_its_architecture() -> None:
    assert json.loads(accelerator_target("cuda", {"arch": "sm_90"}))["arch"] == "sm_90"
    with pytest.raises(InputError, match="must name its arch"):
        accelerator_target("cuda", {"max_threads_per_block": 1024})


def test_a_target_asks_for_no_more_than_a_device_has() -> None:
    limits: Limits = {"max_threads_per_block": 128, "max_shared_memory_per_block": 8192}
    target = parse_target(accelerator_target("opencl", limits))
    assert int(target.attrs["max_num_threads"]) == 128
    assert int(target.attrs["max_threads_per_block"]) == 128
    assert int(target.attrs["max_shared_memory_per_block"]) == 8192


def test_devices_with_more_than_usual_share_one_target() -> None:
    limits: Limits = {"max_threads_per_block": 4096, "max_shared_memory_per_block": 524288}
    assert accelerator_target("opencl", limits) == accelerator_target("opencl")


def test_a_family_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no accelerators 'vulkan'"):
        accelerator_target("vulkan")
