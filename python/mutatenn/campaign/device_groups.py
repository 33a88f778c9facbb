"""Groups of devices that run the same lowered kernels: one lowering, and one target, each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mutatenn.device.opening import target_of_accelerators
from mutatenn.errors import InputError
from mutatenn.lowering.backends import family_of
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.kernel import parse_target

CPU = "cpu"
"""The lowering of all devices whose kernels are made for a CPU."""
_CPU_FAMILIES = ("llvm", "c")
_KINDS = {CPU: "llvm"}
"""The kind of a lowering's target, where it has another name."""


@dataclasses.dataclass(frozen=True)
class DeviceGroup:
    """Devices of one lowering, and the target that kernels are lowered for, as text."""

    lowering: str
    devices: tuple[str, ...]
    target: str


def lowering_of(device: str) -> str:
    """The lowering that a device runs: ``cpu``, ``opencl`` or ``cuda``."""
    family = family_of(device)
    return CPU if family in _CPU_FAMILIES else family


def is_elsewhere(device: str) -> bool:
    """Whether a device ran a bundle: its name says where, after an ``@``."""
    return "@" in device


def device_groups(
    devices: Sequence[str], target: str | None, schedule: str
) -> tuple[DeviceGroup, ...]:
    """The groups, by their first devices.

    Args:
        devices: names of devices, each once.
        target: what the user asks for, for the lowering of that kind; ``None`` or ``host``: the
            default of each.
        schedule: the name of the schedules.

    Raises:
        InputError: TVM does not accept the target, or it is of a kind that no device has.
        MissingToolError: an accelerator is not there.
    """
    names = tuple(dict.fromkeys(lowering_of(device) for device in devices))
    kind = None if target in (None, "host") else str(parse_target(str(target)).kind.name)
    if kind is not None and kind not in [_kind(name) for name in names]:
        raise InputError(
            f"--target is of kind {kind}, which none of the devices runs: {', '.join(devices)}"
        )
    groups = []
    for name in names:
        members = tuple(device for device in devices if lowering_of(device) == name)
        given = target if kind in (None, _kind(name)) else None
        if name == CPU:
            text = resolve_target(given, schedule)
        else:
            text = given if kind == name and given is not None else target_of_accelerators(members)
        groups.append(DeviceGroup(name, members, text))
    return tuple(groups)


def aligned_lanes(schedule: str) -> int:
    """The vectors that a graph is prepared for which devices of all lowerings share (``lower``).

    Args:
        schedule: the name of the schedules.
    """
    return 0 if schedule == "none" else 1


def _kind(lowering: str) -> str:
    return _KINDS.get(lowering, lowering)
