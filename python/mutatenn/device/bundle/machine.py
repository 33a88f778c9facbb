"""What a run of a bundle depends on beside the bundle: devices, host and versions."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Any

from mutatenn.device.portable.devices import MissingDevice, open_device

FAMILIES = ("opencl", "cuda")
_PACKAGES = ("numpy", "pyopencl", "pocl-binary-distribution", "cupy-cuda12x", "cupy-cuda13x")


def visible_devices(families: tuple[str, ...] = FAMILIES) -> dict[str, Any]:
    """By name: what each device calls itself; by family: why no more are seen."""
    found: dict[str, Any] = {"devices": {}, "missing": {}}
    for family in families:
        try:
            index = 0
            while True:
                properties = open_device(f"{family}:{index}").properties
                found["devices"][f"{family}:{index}"] = f"{properties.name} ({properties.version})"
                index += 1
        except MissingDevice as error:
            if not index:
                found["missing"][family] = str(error)
    return found


def versions() -> dict[str, str]:
    """Versions of what is installed here of all that a bundle may use."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # one of them is enough
    return found


def host() -> dict[str, str]:
    """The machine's name, and what it is."""
    return {"name": platform.node(), "machine": platform.machine(), "system": platform.platform()}
