"""OpenCL's devices through PyOpenCL, and the kernel that each is tried out with.

This file runs alone, in a process of its own, as ``list`` or ``test N``; it answers in JSON.
Devices are numbered over all platforms, in the order in which the loader lists them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

PACKAGE = "pip install 'mutatenn[opencl]'"
PLATFORM = (
    "install your device's OpenCL driver, or one for this CPU (Debian: pocl-opencl-icd and "
    "ocl-icd-libopencl1)"
)
ADVICE = f"{PACKAGE}; {PLATFORM}"
SOURCE = """
__kernel void doubled(__global const float* x, __global float* y) {
  const int i = get_global_id(0);
  y[i] = 2.0f * x[i] + 1.0f;
}
"""
COUNT = 64


def listed() -> dict[str, Any]:
    """The devices' properties, or what is missing and how to get it."""
    try:
        import pyopencl as cl  # noqa: PLC0415
    except ImportError as error:
        return {"missing": f"PyOpenCL cannot be imported ({error})", "advice": PACKAGE}
    try:
        devices = _devices(cl)
    except cl.Error as error:
        return {"missing": f"there is no OpenCL platform ({error})", "advice": PLATFORM}
    if not devices:
        return {"missing": "no OpenCL platform has a device", "advice": PLATFORM}
    return {"devices": [_properties(cl, device) for device in devices]}


def tested(index: int) -> dict[str, Any]:
    """Compile and run the kernel; ``reason`` says what was wrong, and is empty if nothing was."""
    import numpy as np  # noqa: PLC0415
    import pyopencl as cl  # noqa: PLC0415

    context = cl.Context([_devices(cl)[index]])
    queue = cl.CommandQueue(context)
    kernel = cl.Kernel(cl.Program(context, SOURCE).build(), "doubled")
    given = np.arange(COUNT, dtype=np.float32)
    got = np.full_like(given, np.nan)
    flags = cl.mem_flags
    source = cl.Buffer(context, flags.READ_ONLY | flags.COPY_HOST_PTR, hostbuf=given)
    target = cl.Buffer(context, flags.READ_WRITE | flags.COPY_HOST_PTR, hostbuf=got)
    kernel.set_args(source, target)
    cl.enqueue_nd_range_kernel(queue, kernel, (COUNT,), None)
    cl.enqueue_copy(queue, got, target)
    queue.finish()
    wrong = np.flatnonzero(got != 2 * given + 1)
    return {"reason": f"{wrong.size} of {COUNT} values are wrong" if wrong.size else ""}


def _devices(cl: Any) -> list[Any]:
    return [device for platform in cl.get_platforms() for device in platform.get_devices()]


def _properties(cl: Any, device: Any) -> dict[str, Any]:
    extensions = device.extensions.split()
    return {
        "name": _line(device.name),
        "platform": _line(device.platform.name),
        "platform_version": _line(device.platform.version),
        "version": _line(device.version),
        "type": cl.device_type.to_string(device.type),
        "compute_units": device.max_compute_units,
        "max_work_group_size": device.max_work_group_size,
        "local_memory_bytes": device.local_mem_size,
        "memory_bytes": device.global_mem_size,
        "fp16": "cl_khr_fp16" in extensions,
        "fp64": "cl_khr_fp64" in extensions,
    }


def _line(text: str) -> str:
    """Text of a driver without what it pads its lines with."""
    return " ".join(text.replace("\0", " ").split())


if __name__ == "__main__":
    print(json.dumps(listed() if sys.argv[1] == "list" else tested(int(sys.argv[2]))))
