"""Devices by name: what kernels for them are lowered for, and opening one over a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mutatenn.device.limits import Limits
from mutatenn.device.llvm import LlvmDevice, Oob
from mutatenn.errors import MissingToolError
from mutatenn.lowering.plan import Plan

AnyDevice = LlvmDevice
"""What ``open_device`` gives."""


def target_of_accelerators(devices: Sequence[str]) -> str:
    """The target that kernels for some accelerators of one family are lowered for, as text.

    Raises:
        MissingToolError: one of them is not there.
    """
    raise MissingToolError(f"{devices[0]} is not there")


def open_device(
    name: str,
    plan: Plan,
    weights: Mapping[int, NDArray[Any]],
    kernels: Mapping[str, Path],
    rows: Sequence[NDArray[Any]],
    *,
    cache_mb: int,
    threads: int,
    limits: Limits,
    oob: Oob,
    poison: bool,
) -> AnyDevice:
    """Open a device over a plan; the arguments are those of ``LlvmDevice``.

    Raises:
        InputError: rows, weights or kernels do not fit the plan.
        MissingToolError: the device, or what drives it, is missing.
        RunnerDied: what runs its kernels ended while it started.
    """
    return LlvmDevice(
        plan,
        weights,
        kernels,
        rows,
        cache_mb=cache_mb,
        threads=threads,
        limits=limits,
        oob=oob,
        poison=poison,
    )
