"""Compiling one kernel alone, under one fixed symbol name, to a shared library of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tvm

from mutatenn import _core
from mutatenn.errors import InputError, MissingToolError, MutatennError
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import require_runnable
from mutatenn.lowering.lowered_code import LoweredCode, generate_code, lower_to_code
from mutatenn.lowering.tir_halves import register_second_half
from mutatenn.tvm_errors import last_line

SYMBOL = "mutatenn_kernel"
"""Every kernel is compiled under this name: objects of equal kernels are then equal bytes."""

_SECOND_HALF = register_second_half()


class CompileError(MutatennError):
    """TVM or LLVM rejected a kernel; the message is theirs, shortened to its last line."""

    exit_code = ExitCode.USAGE


@dataclasses.dataclass(frozen=True)
class Artifact:
    """A compiled kernel: its object code and the hash of it."""

    code: bytes

    @property
    def sha256(self) -> str:
        """Hash of the object code, hexadecimal."""
        return hashlib.sha256(self.code).hexdigest()


def parse_target(text: str) -> Any:
    """A TVM target from its text.

    Raises:
        InputError: TVM does not accept it.
    """
    try:
        return tvm.target.Target(text)
    except Exception as error:
        reason = last_line(error)
        raise InputError(f"{text!r} is not a target that TVM accepts: {reason}") from error


def require_llvm(target: Any) -> None:
    """Refuse targets whose kernels the device ``llvm`` cannot run.

    Raises:
        InputError: the target is of another kind, or for a CPU that can more than this one.
    """
    kind = str(target.kind.name)
    if kind != "llvm":
        raise InputError(f"the device llvm runs targets of kind llvm, --target is of kind {kind}")
    require_runnable(target)


def compile_kernel(func: Any, target: Any, scratch: Path) -> Artifact:
    """Lower and compile one PrimFunc alone.

    Args:
        func: the PrimFunc, at stage tensor, or at stage kernel and bound to ``target``.
        target: a ``tvm.target.Target`` of kind llvm.
        scratch: a folder for the object file while it is written.

    Raises:
        CompileError: TVM or LLVM rejects the kernel.
    """
    return generate(lower_alone(func, target), scratch)


def lower_alone(func: Any, target: Any) -> LoweredCode:
    """One PrimFunc alone, after all passes before code generation.

    Args:
        func: the PrimFunc, at stage tensor, or at stage kernel and bound to ``target``. TVM is
            given a copy in a module of its own, since some passes change the module they get.
        target: a ``tvm.target.Target``.

    Raises:
        CompileError: TVM rejects the kernel.
    """
    mod = tvm.IRModule({SYMBOL: func.with_attr("global_symbol", SYMBOL)})
    pipeline = "default" if _core.stage_of(func) == "tensor" else _SECOND_HALF
    with refusals():
        return lower_to_code(mod, target, pipeline)


def generate(code: LoweredCode, scratch: Path) -> Artifact:
    """Object code of a lowered kernel.

    Args:
        code: what ``lower_alone`` gave, for a target of kind llvm.
        scratch: a folder for the object file while it is written.

    Raises:
        CompileError: TVM or LLVM rejects the kernel.
    """
    path = scratch / "kernel.o"
    with refusals():
        library = generate_code(code)
    library.write_to_file(str(path), "obj")
    return Artifact(path.read_bytes())


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Whatever TVM raises, as a ``CompileError``."""
    try:
        yield
    except MemoryError:
        raise  # no fault of the kernel's
    except Exception as error:
        raise CompileError(last_line(error)) from error


def link(artifact: Artifact, library: Path) -> Path:
    """Link an artifact to a shared library at a path that was never used before.

    ``dlopen`` of a path whose file was overwritten gives the old library back.

    Raises:
        MissingToolError: there is no linker.
        FileExistsError: the path is taken.
    """
    linker = shutil.which("ld") or shutil.which("ld.lld")
    if linker is None:
        raise MissingToolError("No linker is installed: install binutils (ld) or lld")
    if library.exists():
        raise FileExistsError(f"{library} exists; a library's path must be fresh")
    object_file = library.with_suffix(".o")
    object_file.write_bytes(artifact.code)
    command = [linker, "-shared", str(object_file), "-o", str(library)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    object_file.unlink()
    if done.returncode != 0:
        raise MutatennError(f"{linker} failed: {done.stderr.strip()}")
    return library
