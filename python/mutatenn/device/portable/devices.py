"""Accelerators by name: ``opencl:N``, ``cuda:N``."""

from __future__ import annotations

import importlib

from mutatenn.device.portable.accelerator import Accelerator

_KINDS = {
    "opencl": ("mutatenn.device.portable.opencl", "OpenClAccelerator", "PyOpenCL"),
    "cuda": ("mutatenn.device.portable.cuda", "CudaAccelerator", "CuPy"),
}


class MissingDevice(Exception):
    """There is no such device, or what drives it is not installed; the message says which."""


def split_name(name: str) -> tuple[str, int]:
    """Kind and index of a device's name.

    Raises:
        MissingDevice: the name is none of an accelerator.
    """
    kind, _, number = name.partition(":")
    if kind not in _KINDS or not (number or "0").isdecimal():
        raise MissingDevice(f"{name!r} names no accelerator; give opencl:N or cuda:N")
    return kind, int(number or 0)


def open_device(name: str) -> Accelerator:
    """Open a device in this process.

    Raises:
        MissingDevice: it is not there, or what drives it is not installed.
    """
    kind, index = split_name(name)
    module, made, library = _KINDS[kind]
    try:
        opened: Accelerator = getattr(importlib.import_module(module), made)(index)
    except ImportError as error:
        raise MissingDevice(f"device {name} needs {library}, which is missing: {error}") from error
    except LookupError as error:
        raise MissingDevice(str(error)) from error
    return opened
