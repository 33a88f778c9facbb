"""Targets of accelerators, from what a device says of itself."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from mutatenn.errors import InputError

_MOST: dict[str, dict[str, int]] = {
    "opencl": {
        "max_num_threads": 256,
        "max_threads_per_block": 256,
        "max_shared_memory_per_block": 16384,
    },
    "cuda": {"max_num_threads": 1024, "max_threads_per_block": 1024},
}
"""What TVM assumes of a device. More is not asked for: devices that have it share one lowering,
and so the mutants of stage kernel."""
DEFAULT_ARCH = "sm_75"
"""The oldest GPUs that CUDA 13 compiles for; newer ones run what is compiled for them."""


class Limits(TypedDict, total=False):
    """What a device says of itself; what it does not say is taken for no limit.

    Memory is in bytes; ``arch`` is NVIDIA's name, such as ``sm_75``.
    """

    max_threads_per_block: int
    max_shared_memory_per_block: int
    arch: str


def accelerator_target(family: str, limits: Limits | None = None) -> str:
    """The target that kernels for a device are lowered for, as JSON text that TVM reads.

    Args:
        family: ``opencl`` or ``cuda``.
        limits: the device's; ``None``: there is no device, kernels are for a usual one.

    Raises:
        InputError: there is no such family, or a GPU's limits lack its ``arch``.
    """
    if family not in _MOST:
        raise InputError(f"there are no accelerators {family!r}; there are: {', '.join(_MOST)}")
    fields: dict[str, Any] = {"kind": family}
    if family == "cuda":
        fields["arch"] = DEFAULT_ARCH if limits is None else limits.get("arch")
        if fields["arch"] is None:
            raise InputError("limits of a CUDA device must name its arch, such as sm_75")
    given: dict[str, Any] = {**(limits or {})}
    threads = given.get("max_threads_per_block")
    if threads is not None:
        given["max_num_threads"] = threads
    for name, most in _MOST[family].items():
        fields[name] = min(most, given.get(name, most))
    return json.dumps(fields | {"host": "llvm"})
