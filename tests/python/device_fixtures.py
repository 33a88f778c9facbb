"""Tiny kernels, plans over them, and checks on processes, for the tests of devices."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm

import device_kernels as kernels
from mutatenn.device import Limits, LlvmDevice
from mutatenn.lowering.plan import Buffer, Launch, Plan

ENTRY = "mutatenn_kernel"
QUICK = Limits(floor_ms=300, factor=20.0, memory_mb=256, golden_ms=20_000)

Compile = Callable[[Any], Path]


def compile_to(folder: Path, function: Any) -> Path:
    """Compile a PrimFunc to a shared object at a path that was never used before."""
    stem = folder / f"{function.attrs['global_symbol']}-{len(list(folder.iterdir()))}"
    module = tvm.IRModule({ENTRY: function.with_attr("global_symbol", ENTRY)})
    tvm.compile(module, target="llvm").mod.write_to_file(f"{stem}.o", "obj")
    subprocess.run(["ld", "-shared", f"{stem}.o", "-o", f"{stem}.so"], check=True)
    return Path(f"{stem}.so")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Compiles each kernel of ``device_kernels`` at most once."""
    folder = tmp_path_factory.mktemp("kernels")
    done: dict[str, Path] = {}

    def compile_once(function: Any) -> Path:
        name = str(function.attrs["global_symbol"])
        if name not in done:
            done[name] = compile_to(folder, function)
        return done[name]

    return compile_once


def chain(names: Sequence[str], length: int = 8) -> Plan:
    """A plan that sends ``x`` of float32[length] through unary kernels, one after another."""
    buffers = [Buffer(0, "x", "input", (length,), "float32")]
    launches = []
    for index, name in enumerate(names):
        buffers.append(Buffer(index + 1, f"a{index}", "activation", (length,), "float32"))
        launches.append(Launch(index, name, (index,), (index + 1,), ()))
    return Plan(tuple(buffers), tuple(launches), (0,), (len(names),), "llvm")


def residual() -> Plan:
    """``y = relu(double(double(x)) + w) + double(x)``: the last launch reads an early buffer."""
    shape, dtype = (8,), "float32"
    buffers = (
        Buffer(0, "x", "input", shape, dtype),
        Buffer(1, "a", "activation", shape, dtype),
        Buffer(2, "b", "activation", shape, dtype),
        Buffer(3, "w", "weight", shape, dtype),
        Buffer(4, "c", "activation", shape, dtype),
        Buffer(5, "d", "activation", shape, dtype),
        Buffer(6, "y", "activation", shape, dtype),
    )
    launches = (
        Launch(0, "double", (0,), (1,), ()),
        Launch(1, "double", (1,), (2,), ()),
        Launch(2, "add", (2, 3), (4,), ()),
        Launch(3, "relu", (4,), (5,), ()),
        Launch(4, "add", (5, 1), (6,), ()),
    )
    return Plan(buffers, launches, (0,), (6,), "llvm")


def rows(count: int = 4, length: int = 8, seed: int = 7) -> np.ndarray:
    """Rows of small signed numbers."""
    return np.random.default_rng(seed).normal(size=(count, length)).astype(np.float32)


def device(
    compiled: Compile,
    plan: Plan,
    x: np.ndarray,
    weights: dict[int, Any] | None = None,
    **options: Any,
) -> LlvmDevice:
    """A device with the plan's original kernels and short limits."""
    libraries = {name: compiled(getattr(kernels, name)) for name in plan.kernels}
    options.setdefault("limits", QUICK)
    return LlvmDevice(plan, weights or {}, libraries, [x], **options)


def children(pid: int) -> list[int]:
    """Living children of a process (zombies are not)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended while we looked
        if int(parent) == pid and state != "Z":
            found.append(int(entry.name))
    return found


def alive(pid: int) -> bool:
    """Is there such a process, not counting zombies?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Poll a condition; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def runner_children(device: LlvmDevice) -> list[int]:
    """Children that a device's runner has right now."""
    pid = device.runner_pid
    assert pid is not None and alive(pid) and pid in children(os.getpid())
    return children(pid)
