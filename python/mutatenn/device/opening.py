"""Devices by name: what kernels for them are lowered for, and opening one over a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mutatenn.device.accelerator import AcceleratorDevice
from mutatenn.device.limits import Limits
from mutatenn.device.llvm import LlvmDevice, Oob
from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.backends import family_of
from mutatenn.lowering.plan import Plan

ACCELERATORS = ("opencl", "cuda")
"""Families of devices that run in a worker of their own."""
AnyDevice = LlvmDevice | AcceleratorDevice
"""What ``open_device`` gives."""


def target_of_accelerators(devices: Sequence[str]) -> str:
    """The target that kernels for some accelerators of one family are lowered for, as text.

    It does not depend on the devices: on all of them the same mutants run, and one that asks for
    more than a device has is invalid there.
    """
    return accelerator_target(family_of(devices[0]))


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
    drivers: Path | None = None,
) -> AnyDevice:
    """Open a device over a plan; the arguments are those of ``LlvmDevice``.

    ``drivers`` is a folder in which an accelerator's drivers keep what they compiled, so that the
    next device that is given it need not compile it again.

    Raises:
        BaselineError: the device cannot run an original kernel.
        InputError: rows, weights or kernels do not fit the plan.
        MissingToolError: the device, or what drives it, is missing.
        RunnerDied: what runs its kernels ended while it started.
    """
    if family_of(name) in ACCELERATORS:
        return AcceleratorDevice(
            name,
            plan,
            weights,
            kernels,
            rows,
            cache_mb=cache_mb,
            limits=limits,
            oob=oob,
            poison=poison,
            drivers=drivers,
        )
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
        name=name,
    )
