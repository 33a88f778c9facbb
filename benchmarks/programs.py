"""A model as what is measured: kernels as TVM's default leaves them, or prepared and scheduled."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

import tvm
from tvm import tirx
from tvm.target import codegen

from mutatenn.errors import MutatennError
from mutatenn.lowering.fuse import fuse
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.prepare import prepare
from mutatenn.lowering.schedule import Scheduler
from mutatenn.lowering.scheduling import schedule_kernels, scheduler_of

DEFAULT_TARGET = "llvm"
"""What a campaign without schedules compiles for; wider vectors make such code no faster."""
_FEATURES = ("neon", "sve", "avx", "avx2", "fma", "avx512f", "avx512vnni", "avx512bf16")


@dataclasses.dataclass(frozen=True)
class Program:
    """A fused module, and the target that it is to be compiled for."""

    module: Any
    target: Any

    def kernels(self) -> dict[str, Any]:
        """Its PrimFuncs by name."""
        functions = {str(var.name_hint): func for var, func in self.module.functions.items()}
        return {name: f for name, f in sorted(functions.items()) if isinstance(f, tirx.PrimFunc)}


def default_program(mod: Any) -> Program:
    """The model as TVM's default pipeline fuses it, no kernel scheduled."""
    return Program(fuse(mod), parse_target(DEFAULT_TARGET))


def prepared_program(mod: Any, threads: int) -> tuple[Program, Scheduler]:
    """The model prepared for the host's vectors and fused, and what will schedule its kernels."""
    target = host_target()
    scheduler = scheduler_of("default", target, threads)
    assert scheduler is not None
    return Program(fuse(prepare(mod, scheduler.lanes)), parse_target(target)), scheduler


def scheduled_program(prepared: Program, scheduler: Scheduler) -> Program:
    """A prepared program with every kernel scheduled by its target's rules."""
    module, _notes = schedule_kernels(prepared.module, scheduler)
    return Program(module, prepared.target)


def described(target: Any) -> str:
    """The CPU that a target names and those of its features that matter to float32 kernels."""
    cpu = str(target.attrs.get("mcpu", target.kind.name))
    found = [name for name in _FEATURES if codegen.llvm_cpu_has_features(name, target)]
    return f"{cpu} ({', '.join(found)})" if found else cpu


def pool_settings(threads: int) -> dict[str, str]:
    """Environment for a pool of TVM's of that size, its threads free as in a campaign's runner.

    TVM reads it once, when the first kernel runs. A binding that the user asks for stays.
    """
    bound = os.environ.get("TVM_BIND_THREADS", "0")
    return {"TVM_NUM_THREADS": str(threads), "TVM_BIND_THREADS": bound}


def use_threads(threads: int) -> None:
    """Set the size of this process's pool.

    Raises:
        MutatennError: the pool has another size already.
    """
    os.environ.update(pool_settings(threads))
    found = int(tvm.get_global_func("runtime.NumThreads")())
    if found != threads:
        raise MutatennError(f"TVM's pool has {found} threads, not {threads}; use a new process")
