"""Backend ``c``: the kernels of the llvm target as C, compiled by the host's own compiler.

The first half of TVM's pipeline is the one of the llvm target, so that mutants have the same places
and kernels the same loops; only intrinsics and code are made for C. What is linked has the symbol
of the llvm backend and runs in the same runner.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tvm
from tvm import tirx

from mutatenn import _core
from mutatenn.errors import InputError, MutatennError
from mutatenn.lowering.backend import backend
from mutatenn.lowering.c_language import HostCompiler, c_source
from mutatenn.lowering.c_language.host_compiler import CompilerRefusal
from mutatenn.lowering.kernel import SYMBOL, Artifact, CompileError, link
from mutatenn.lowering.lowered_code import LoweredCode, lower_to_code
from mutatenn.lowering.tir_halves import first_half, register_second_half
from mutatenn.tvm_errors import last_line

LEVELS = {
    "c": ("-O3",),
    "c:O0": ("-O0",),
    "c:O1": ("-O1",),
    "c:O2": ("-O2",),
    "c:O3": ("-O3",),
    "c:O3-native": ("-O3", "-march=native"),
}
"""Options of the compiler by device."""


class CBackend:
    """Compiles kernels for CPUs through C."""

    suffix = ".so"
    counts_steps = True

    def __init__(self, target: Any, compiler: HostCompiler) -> None:
        self._target = target
        self._compiler = compiler
        self._second_half = register_second_half()

    def lower(self, func: Any) -> LoweredCode:
        """See ``Backend``; what is lowered still has vectors where the llvm target has them."""
        with_c = tvm.target.Target("c")
        with_c = with_c.with_host(with_c)
        try:
            flat = self._flat(func).with_attr("target", with_c)
            return lower_to_code(tvm.IRModule({SYMBOL: flat}), with_c, self._second_half)
        except MemoryError:
            raise
        except Exception as error:
            raise CompileError(last_line(error)) from error

    def _flat(self, func: Any) -> Any:
        named = func.with_attr("global_symbol", SYMBOL)
        if _core.stage_of(func) == "kernel":
            return named
        host = self._target.with_host(self._target.host or self._target)
        bound = tirx.transform.BindTarget(host)(tvm.IRModule({SYMBOL: named}).clone())
        return first_half(bound)[SYMBOL]

    def generate(self, code: LoweredCode, scratch: Path) -> Artifact:
        """See ``Backend``."""
        path = scratch / "kernel.o"
        try:
            self._compiler.compile(c_source(code), path)
        except (MemoryError, MutatennError):
            raise
        except CompilerRefusal as error:
            raise CompileError(str(error)) from error
        except Exception as error:
            raise CompileError(f"there is no C for the kernel: {last_line(error)}") from error
        return Artifact(path.read_bytes())

    def link(self, artifact: Artifact, path: Path) -> Path:
        """See ``Backend``."""
        return link(artifact, path)


@backend("c", r"(:O[0-3]|:O3-native)?", ", ".join(LEVELS))
def c_backend(device: str, target: Any) -> CBackend:
    """The backend of a device of the family c.

    Raises:
        InputError: the target's kernels are not for CPUs.
        MissingToolError: there is no C compiler.
    """
    kind = str(target.kind.name)
    if kind != "llvm":
        raise InputError(
            f"the device {device} runs what is lowered for a target of kind llvm, --target is of "
            f"kind {kind}"
        )
    return CBackend(target, HostCompiler(LEVELS[device]))
