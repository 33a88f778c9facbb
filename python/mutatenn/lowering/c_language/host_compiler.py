"""The host's C compiler: found, and asked for object code that is the same for the same source."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import tvm.libinfo
import tvm_ffi.libinfo

from mutatenn.errors import MissingToolError

VARIABLE = "CC"
NAMES = ("gcc", "cc", "clang")
_INSTALL = "install one (Debian: gcc) or set $CC"
_MEANING = (
    *("-x", "c", "-std=gnu11", "-w", "-fPIC"),
    # As TVM means it: no product is fused into a sum, integers wrap, and memory has any type.
    *("-ffp-contract=off", "-fwrapv", "-fno-strict-aliasing"),
)


class CompilerRefusal(Exception):
    """The compiler rejects a source; the message is its first error."""


class HostCompiler:
    """A C compiler of this machine with its options; ``flags`` come last."""

    def __init__(self, flags: tuple[str, ...] = ()) -> None:
        """Find it: ``$CC`` if set, else the first of gcc, cc and clang.

        Raises:
            MissingToolError: there is none, or ``$CC`` names none.
        """
        self.command = _find()
        self._flags = flags

    @property
    def version(self) -> str:
        """The first line of what it says of itself.

        Raises:
            MissingToolError: it says nothing, or cannot be run.
        """
        done = self._run(["--version"], b"")
        lines = done.stdout.decode(errors="replace").splitlines()
        if done.returncode != 0 or not lines:
            raise MissingToolError(
                f"{shlex.join(self.command)} --version fails, so it is no C compiler; {_INSTALL}"
            )
        return lines[0].strip()

    def compile(self, source: str, path: Path) -> None:
        """Write object code to a path.

        The source comes by a pipe, and no debug information is asked for: no path is in the bytes.

        Raises:
            CompilerRefusal: it rejects the source.
            MissingToolError: it cannot be run.
        """
        folders = [f"-I{folder}" for folder in _include_folders()]
        arguments = [*_MEANING, *self._flags, *folders, "-c", "-", "-o", str(path)]
        done = self._run(arguments, source.encode())
        if done.returncode != 0:
            raise CompilerRefusal(f"{self.command[0]}: {_first_error(done.stderr)}")

    def _run(self, arguments: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        # Messages are read, and so must be English.
        environment = os.environ | {"LC_ALL": "C"}
        try:
            return subprocess.run(
                [*self.command, *arguments],
                input=given,
                capture_output=True,
                check=False,
                env=environment,
            )
        except OSError as error:
            raise MissingToolError(
                f"the C compiler {self.command[0]} cannot be run ({error.strerror}); {_INSTALL}"
            ) from error


def _find() -> list[str]:
    chosen = os.environ.get(VARIABLE, "").strip()
    if not chosen:
        for name in NAMES:
            found = shutil.which(name)
            if found:
                return [found]
        raise MissingToolError(f"there is no C compiler ({', '.join(NAMES)}); {_INSTALL}")
    try:
        command, *options = shlex.split(chosen)
    except ValueError as error:
        raise MissingToolError(f"$CC is {chosen!r}, which is no command: {error}") from error
    found = shutil.which(command)
    if found is None:
        raise MissingToolError(f"$CC names {command!r}, and there is no such program; {_INSTALL}")
    return [found, *options]


def _include_folders() -> list[str]:
    """Where the headers lie that TVM's C code includes.

    Raises:
        MissingToolError: TVM's packages do not hold them.
    """
    folders = {
        "tvm/runtime/c_backend_api.h": Path(tvm.__path__[0]) / "include",
        "tvm/ffi/c_api.h": Path(tvm_ffi.libinfo.find_include_path()),
        "dlpack/dlpack.h": Path(tvm_ffi.libinfo.find_dlpack_include_path()),
    }
    for header, folder in folders.items():
        if not (folder / header).is_file():
            raise MissingToolError(f"TVM's header {header} is not at {folder}; reinstall TVM")
    return list(dict.fromkeys(map(str, folders.values())))


def _first_error(said: bytes) -> str:
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line), lines[-1] if lines else "no reason")
