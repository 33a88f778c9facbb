"""A kernel after all of TVM's TIR passes, right before code is generated, and when two are equal.

Follows ``tvm.tirx.build`` step by step, whose parts TVM offers one by one: its lists of passes are
looked up by name and not repeated here.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.target import Target
from tvm.tirx.build import split_host_device_mods, tir_to_runtime

_PLACE = ("global_symbol", "target")
"""Attributes that say where a function stands, and not what it does."""


@dataclasses.dataclass(frozen=True)
class LoweredCode:
    """What code is generated from: functions for the host, and for each device."""

    host: Any
    devices: dict[Any, Any]
    target_host: Any

    @functools.cached_property
    def hash(self) -> str:
        """A hash of the functions without symbol and target, hexadecimal.

        Equal code has equal hashes, in every process; the reverse is for ``same_as`` to tell.
        """
        # Lowered functions name buffers before they bind them: variables that look free.
        hashes = (tvm_ffi.structural_hash(func, map_free_vars=True) for func in self._functions)
        return "-".join(f"{each % 2**64:016x}" for each in hashes)

    def same_as(self, other: LoweredCode) -> bool:
        """Whether the functions are structurally equal, symbol and target left out."""
        mine, others = self._functions, other._functions
        return len(mine) == len(others) and all(
            tvm_ffi.structural_equal(one, other, map_free_vars=True)
            for one, other in zip(mine, others, strict=True)
        )

    @functools.cached_property
    def _functions(self) -> list[Any]:
        modules = [self.host, *(self.devices[target] for target in sorted(self.devices, key=str))]
        named = [
            sorted((str(var.name_hint), func) for var, func in mod.functions.items())
            for mod in modules
        ]
        return [without_place(func) for functions in named for _, func in functions]


def lower_to_code(mod: Any, target: Any, pipeline: str) -> LoweredCode:
    """Put a module of TIR through all passes that come before code generation.

    Args:
        mod: an IRModule that holds PrimFuncs alone; TVM is given a copy.
        target: a ``tvm.target.Target``, which functions without one are bound to.
        pipeline: the name of a TIR pipeline.

    Raises:
        Exception: whatever TVM raises against a function.
    """
    is_cpu = target.get_target_device_type() == tvm_ffi.DLDeviceType.kDLCPU
    host = target.host or (target if is_cpu else Target("llvm"))
    bound = tirx.transform.BindTarget(target.with_host(host))(mod.clone())
    passes, finalize_host, finalize_device = tirx.get_tir_pipeline(pipeline)
    host_mod, devices = split_host_device_mods(passes(bound))
    return LoweredCode(
        finalize_host()(host_mod),
        {device: finalize_device()(part) for device, part in devices.items()},
        host,
    )


def generate_code(code: LoweredCode) -> Any:
    """The ``tvm.runtime.Module`` that TVM generates from lowered code.

    Raises:
        Exception: whatever the code generator raises.
    """
    return tir_to_runtime(code.host, code.devices, code.target_host)


def without_names(func: Any) -> Any:
    """A PrimFunc whose parameters are named by their position.

    Names of parameters go into the messages of TVM's checks of arguments, and so into the code.
    """
    renamed = {param: type(param)(f"p{index}", param.ty) for index, param in enumerate(func.params)}
    if not renamed:
        return func
    kinds = tuple({type(param) for param in renamed})
    return tvm_ffi.structural_map(func, (kinds, lambda var: renamed.get(var, var)))


def without_place(func: Any) -> Any:
    """A function without its symbol and target."""
    for name in _PLACE:
        func = func.without_attr(name)
    return func
