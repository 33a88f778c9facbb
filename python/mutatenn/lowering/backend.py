"""Backends: how a kernel becomes what a device loads; one for each family of devices."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from mutatenn.errors import InputError
from mutatenn.lowering.kernel import Artifact
from mutatenn.lowering.lowered_code import LoweredCode


class Backend(Protocol):
    """Compiles one kernel alone for the devices of one family; equal kernels give equal bytes."""

    @property
    def suffix(self) -> str:
        """How the name of a linked file ends: ``.so``, ``.json``."""
        ...

    @property
    def counts_steps(self) -> bool:
        """Whether devices can run a kernel that counts its own steps."""
        ...

    def lower(self, func: Any) -> LoweredCode:
        """One PrimFunc alone, after all passes before code generation.

        Args:
            func: the PrimFunc, at stage tensor, or at stage kernel and bound to the target that the
                campaign's kernels are lowered for. TVM is given a copy.

        Raises:
            CompileError: TVM rejects the kernel.
        """
        ...

    def generate(self, code: LoweredCode, scratch: Path) -> Artifact:
        """What is run of a lowered kernel, as bytes.

        Args:
            code: what ``lower`` gave.
            scratch: a folder for files while they are written.

        Raises:
            CompileError: a compiler rejects the kernel.
            MissingToolError: there is none.
        """
        ...

    def link(self, artifact: Artifact, path: Path) -> Path:
        """Write an artifact as the file that a device loads, at a path never used before.

        Raises:
            FileExistsError: the path is taken.
            MissingToolError: there is no linker.
        """
        ...


NUMBERED = r"(0|[1-9]\d*)"
"""What follows the colon in the name of a device of a family that numbers them."""


@dataclasses.dataclass(frozen=True)
class _Family:
    """Devices of one kind: a pattern for what may follow the family in their names."""

    make: Callable[[str, Any], Backend]
    pattern: str
    names: str


_FAMILIES: dict[str, _Family] = {}


def backend(family: str, suffix: str = "", names: str = "") -> Callable[[Any], Any]:
    """Register what makes the backend of a family of devices, from the device and the target.

    Args:
        family: what the names of the devices begin with.
        suffix: regular expression of what follows.
        names: the names as people are told them; empty: the family's.
    """

    def register(maker: Callable[[str, Any], Backend]) -> Any:
        _FAMILIES[family] = _Family(maker, family + suffix, names or family)
        return maker

    return register


def family_of(device: str) -> str:
    """The family that a device belongs to: ``opencl`` of ``opencl:0``."""
    return device.partition(":")[0]


def require_device(device: str) -> None:
    """Refuse a name that stands for no device.

    Raises:
        InputError: there is no such family of devices.
    """
    family = _FAMILIES.get(family_of(device))
    if family is None or not re.fullmatch(family.pattern, device):
        known = ", ".join(_FAMILIES[name].names for name in sorted(_FAMILIES))
        raise InputError(f"there is no device {device!r}; there are: {known}")


def backend_of(device: str, target: Any) -> Backend:
    """The backend of a device.

    Args:
        device: its name, such as ``llvm`` or ``opencl:0``.
        target: the ``tvm.target.Target`` that kernels are lowered for.

    Raises:
        InputError: there is no such family of devices.
    """
    require_device(device)
    return _FAMILIES[family_of(device)].make(device, target)
