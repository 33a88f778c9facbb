"""The devices of the CPU, ``llvm`` and ``c``, and the kernel that each is tried out with.

``python -m`` runs it in a process of its own; the answer is a line of JSON.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from tvm import te
from tvm.target import codegen

from mutatenn.device.llvm import LlvmDevice
from mutatenn.errors import MissingToolError, MutatennError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.c_language import HostCompiler
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.plan import Buffer, Launch, Plan

COUNT = 64


def surveyed(device: str) -> dict[str, Any]:
    """Properties, and in ``reason`` what was wrong; or what is ``missing``."""
    properties: dict[str, Any] = {}
    try:
        properties = _properties(device)
        return {"properties": properties, "reason": _fault(device)}
    except MissingToolError as error:
        return {"properties": properties, "missing": str(error)}
    except MutatennError as error:
        return {"properties": properties, "reason": str(error)}


def _properties(device: str) -> dict[str, Any]:
    threads = len(os.sched_getaffinity(0))
    if device == "c":
        compiler = HostCompiler()
        return {"compiler": compiler.command[0], "version": compiler.version, "threads": threads}
    return {
        "cpu": str(codegen.llvm_get_system_cpu()),
        "machine": platform.machine(),
        "llvm": int(codegen.llvm_version_major()),
        "tvm": str(tvm.__version__),
        "target": host_target(),
        "threads": threads,
    }


def _fault(device: str) -> str:
    """Compile a kernel and run it as a campaign does; what is wrong with its answer."""
    x = te.placeholder((COUNT,), "float32", name="x")
    y = te.compute((COUNT,), lambda i: x[i] * 2.0 + 1.0, name="y")
    backend = backend_of(device, parse_target("llvm"))
    buffers = (
        Buffer(0, "x", "input", (COUNT,), "float32"),
        Buffer(1, "y", "activation", (COUNT,), "float32"),
    )
    plan = Plan(buffers, (Launch(0, "doubled", (0,), (1,), ()),), (0,), (1,), "llvm")
    given = np.arange(COUNT, dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        artifact = backend.generate(backend.lower(te.create_prim_func([x, y])), Path(folder))
        library = backend.link(artifact, Path(folder) / f"doubled{backend.suffix}")
        with LlvmDevice(plan, {}, {"doubled": library}, [given[None]], name=device) as running:
            got = running.golden().outputs[0][0]
    wrong = np.flatnonzero(got != 2 * given + 1)
    return f"{wrong.size} of {COUNT} values are wrong" if wrong.size else ""


if __name__ == "__main__":
    print(json.dumps(surveyed(sys.argv[1])))
