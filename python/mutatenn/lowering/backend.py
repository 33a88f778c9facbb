"""Backends: how a kernel becomes what a device loads; one for each family of devices."""

from __future__ import annotations

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


_MAKERS: dict[str, Callable[[str, Any], Backend]] = {}


def backend(family: str) -> Callable[[Callable[[str, Any], Backend]], Any]:
    """Register what makes the backend of a family of devices, from the device and the target."""

    def register(maker: Callable[[str, Any], Backend]) -> Any:
        _MAKERS[family] = maker
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
    if family_of(device) not in _MAKERS:
        raise InputError(f"there is no device {device!r}; there are: {', '.join(sorted(_MAKERS))}")


def backend_of(device: str, target: Any) -> Backend:
    """The backend of a device.

    Args:
        device: its name, such as ``llvm`` or ``opencl:0``.
        target: the ``tvm.target.Target`` that kernels are lowered for.

    Raises:
        InputError: there is no such family of devices.
    """
    require_device(device)
    return _MAKERS[family_of(device)](device, target)
