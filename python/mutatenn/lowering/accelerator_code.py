"""Kernels for accelerators, lowered: the host half as launches, the device half as source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import tvm
from tvm import tirx
from tvm.tirx.build import split_host_device_mods

from mutatenn import _core
from mutatenn.errors import InputError
from mutatenn.lowering.canonical_names import with_canonical_names
from mutatenn.lowering.device_kernel import DeviceKernel, Language
from mutatenn.lowering.kernel import SYMBOL, Artifact, CompileError, refusals
from mutatenn.lowering.kernel_stage import lower_kernel, with_own_host
from mutatenn.lowering.launches import host_launches
from mutatenn.lowering.lowered_code import LoweredCode
from mutatenn.lowering.tir_halves import second_half


class AcceleratorBackend:
    """Compiles kernels to data that a device without TVM loads: source and launches."""

    suffix = ".json"
    counts_steps = False

    def __init__(self, language: Language, target: Any, write: Callable[[Any, Any], str]) -> None:
        """Take what all kernels share.

        Args:
            language: what the device compiles.
            target: the ``tvm.target.Target`` that kernels are lowered for.
            write: the source of a module of device functions for a target.
        """
        self._language = language
        self._target = with_own_host(target)
        self._write = write

    def lower(self, func: Any) -> LoweredCode:
        """See ``Backend``; the host half stands as the split leaves it, not made for a CPU."""
        with refusals():
            if _core.stage_of(func) == "tensor":
                flat = lower_kernel(func, SYMBOL, self._target)
            else:
                flat = func.with_attr("global_symbol", SYMBOL)
            return _split(with_canonical_names(flat), self._target.host)

    def generate(self, code: LoweredCode, scratch: Path) -> Artifact:
        """See ``Backend``; nothing is compiled here, and no device is needed."""
        return Artifact(self.kernel(code).to_json().encode())

    def kernel(self, code: LoweredCode) -> DeviceKernel:
        """A lowered kernel as data.

        Raises:
            CompileError: the host half does more than launch, or TVM cannot write the device half.
        """
        host = host_launches(code.host[SYMBOL])
        if self._language == "opencl" and any(each.shared_bytes for each in host.launches):
            raise CompileError("the kernel needs dynamic shared memory, which OpenCL does not have")
        with refusals():
            (source,) = (self._write(mod, target) for target, mod in code.devices.items())
        return DeviceKernel(self._language, source, host.launches, host.workspaces, host.parameters)

    def link(self, artifact: Artifact, path: Path) -> Path:
        """See ``Backend``."""
        with path.open("xb") as file:
            file.write(artifact.code)
        return path


def require_kind(family: str, target: Any) -> None:
    """Refuse targets whose kernels the devices of a family cannot run.

    Raises:
        InputError: the target is of another kind.
    """
    kind = str(target.kind.name)
    if kind != family:
        raise InputError(
            f"the devices {family}:N run targets of kind {family}, --target is of kind {kind}"
        )


def _split(flat: Any, host_target: Any) -> LoweredCode:
    """A flat kernel in halves: the host's right after the split, the device's through all passes.

    TVM goes on to make the host half code for a CPU, in which the launches are hard to see.
    """
    # SplitHostDevice changes the module that it is given.
    host = tirx.transform.SplitHostDevice()(tvm.IRModule({SYMBOL: flat}))[SYMBOL]
    _, devices = split_host_device_mods(second_half(tvm.IRModule({SYMBOL: flat})))
    _, _, finalize = tirx.get_tir_pipeline("s_tir")
    return LoweredCode(
        tvm.IRModule({SYMBOL: host}),
        {target: finalize()(_in_order(mod)) for target, mod in devices.items()},
        host_target,
    )


def _in_order(mod: Any) -> Any:
    """A module whose functions are iterated, and so written, by name."""
    named = sorted(mod.functions.items(), key=lambda each: str(each[0].name_hint))
    return tvm.IRModule(dict(named), attrs=mod.attrs)
