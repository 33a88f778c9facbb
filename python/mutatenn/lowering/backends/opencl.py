"""Backend ``opencl``: OpenCL C that TVM writes, which a device's own driver compiles."""

from __future__ import annotations

from typing import Any

import tvm

from mutatenn.lowering.accelerator_code import AcceleratorBackend, require_kind
from mutatenn.lowering.backend import NUMBERED, backend


@backend("opencl", f":{NUMBERED}", "opencl:N")
def opencl_backend(_device: str, target: Any) -> AcceleratorBackend:
    """The backend for a target of kind opencl.

    Raises:
        InputError: the target is of another kind.
    """
    require_kind("opencl", target)
    return AcceleratorBackend("opencl", target, opencl_source)


def opencl_source(mod: Any, target: Any) -> str:
    """OpenCL C for a module of device functions."""
    return str(tvm.get_global_func("target.build.opencl")(mod, target).inspect_source())
