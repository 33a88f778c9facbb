"""The targets that accelerators' limits make."""

from __future__ import annotations

import json

import pytest

from mutatenn.errors import InputError
from mutatenn.lowering.accelerator import Limits, accelerator_target
from mutatenn.lowering.kernel import parse_target


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
