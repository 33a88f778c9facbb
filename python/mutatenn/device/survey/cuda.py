"""NVIDIA's GPUs through CuPy, and the kernel that each is tried out with.

This file runs alone, in a process of its own, as ``list`` or ``test N``; it answers in JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

PACKAGE = "pip install 'mutatenn[cuda]' (CuPy for CUDA 13; cupy-cuda12x for older drivers)"
DRIVER = "needs an NVIDIA GPU and its driver"
ADVICE = f"{PACKAGE}; {DRIVER}"
SOURCE = """
extern "C" __global__ void doubled(const float* x, float* y) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  y[i] = 2.0f * x[i] + 1.0f;
}
"""
COUNT = 64


def listed() -> dict[str, Any]:
    """The devices' properties, or what is missing and how to get it."""
    try:
        import cupy  # noqa: PLC0415
    except ImportError as error:
        return {"missing": f"CuPy cannot be imported ({error})", "advice": PACKAGE}
    runtime = cupy.cuda.runtime
    try:
        count = runtime.getDeviceCount()
    except runtime.CUDARuntimeError as error:
        return {"missing": f"CUDA finds no device ({error})", "advice": DRIVER}
    if count == 0:
        return {"missing": "CUDA finds no device", "advice": DRIVER}
    return {"devices": [_properties(runtime, index) for index in range(count)]}


def tested(index: int) -> dict[str, Any]:
    """Compile and run the kernel; ``reason`` says what was wrong, and is empty if nothing was."""
    import cupy  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    given = np.arange(COUNT, dtype=np.float32)
    with cupy.cuda.Device(index):
        kernel = cupy.RawModule(code=SOURCE).get_function("doubled")
        source = cupy.asarray(given)
        target = cupy.full(COUNT, np.nan, dtype=np.float32)
        kernel((1,), (COUNT,), (source, target))
        got = cupy.asnumpy(target)
    wrong = np.flatnonzero(got != 2 * given + 1)
    return {"reason": f"{wrong.size} of {COUNT} values are wrong" if wrong.size else ""}


def _properties(runtime: Any, index: int) -> dict[str, Any]:
    found = runtime.getDeviceProperties(index)
    name = found["name"]
    return {
        "name": name.decode() if isinstance(name, bytes) else str(name),
        "compute_capability": f"{found['major']}.{found['minor']}",
        "multiprocessors": found["multiProcessorCount"],
        "max_threads_per_block": found["maxThreadsPerBlock"],
        "shared_memory_bytes": found["sharedMemPerBlock"],
        "memory_bytes": found["totalGlobalMem"],
        "driver_version": runtime.driverGetVersion(),
        "runtime_version": runtime.runtimeGetVersion(),
    }


if __name__ == "__main__":
    print(json.dumps(listed() if sys.argv[1] == "list" else tested(int(sys.argv[2]))))
