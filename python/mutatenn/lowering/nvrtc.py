"""CUDA C++ to machine code of a GPU, without a GPU: by NVRTC, or by nvcc where there is none."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import importlib.metadata
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mutatenn.errors import MissingToolError
from mutatenn.lowering.cuda_headers import HEADERS
from mutatenn.lowering.kernel import CompileError

_NVRTC = ("nvidia-cuda-nvrtc", "nvidia-cuda-nvrtc-cu12")
_HEADERS = ("nvidia-cuda-runtime", "nvidia-cuda-runtime-cu12")
_HALF = "cuda_fp16.h"
"""The header of 16-bit floats, which only NVIDIA's own packages have."""
_NO_HEADER = re.compile(r"(?:could not|cannot) open source file")


def compile_cuda(source: str, arch: str) -> bytes:
    """Compile a kernel's source; threads may do so at the same time.

    Args:
        source: CUDA C++ as TVM writes it.
        arch: NVIDIA's name of the GPU's generation, such as ``sm_75``.

    Returns:
        A cubin: an ELF file for GPUs of that generation.

    Raises:
        CompileError: the compiler rejects the source; the message is its first error.
        MissingToolError: there is neither NVRTC nor nvcc, or a header that the kernel includes is
            not there.
    """
    library = load_nvrtc()
    if library is not None:
        return _Program(library, source).cubin(arch)
    nvcc = shutil.which("nvcc")
    if nvcc is None:
        raise MissingToolError("CUDA is not compiled here: pip install nvidia-cuda-nvrtc")
    return _by_nvcc(nvcc, source, arch)


@functools.cache
def load_nvrtc() -> ctypes.CDLL | None:
    """NVRTC's library, from its wheel or from the system; ``None`` if there is none that loads."""
    for path in _candidates():
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue  # of another machine, or without what it needs
        library.nvrtcGetErrorString.restype = ctypes.c_char_p
        return library
    return None


def _candidates() -> list[str]:
    found = [str(path) for path in _in_wheels(_NVRTC, "libnvrtc.so")]
    system = ctypes.util.find_library("nvrtc")
    return found + ([system] if system else [])


@functools.cache
def include_folders() -> tuple[str, ...]:
    """Folders with NVIDIA's headers, which 16-bit floats need: from the wheel or a toolkit."""
    homes = [os.environ[name] for name in ("CUDA_PATH", "CUDA_HOME") if name in os.environ]
    nvcc = shutil.which("nvcc")
    if nvcc is not None:
        homes.append(str(Path(nvcc).resolve().parents[1]))
    folders = [path.parent for path in _in_wheels(_HEADERS, _HALF)]
    folders += [Path(home) / "include" for home in homes]
    return tuple(str(folder) for folder in folders if (folder / _HALF).is_file())


def _in_wheels(wheels: Iterable[str], name: str) -> list[Path]:
    """Files of installed packages whose names begin so."""
    found: list[Path] = []
    for wheel in wheels:
        try:
            files = importlib.metadata.files(wheel) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        found += [Path(str(each.locate())) for each in files if each.name.startswith(name)]
    return found


class _Program:
    """One program of NVRTC."""

    def __init__(self, library: ctypes.CDLL, source: str) -> None:
        self._library = library
        self._handle = ctypes.c_void_p()
        texts = [text.encode() for text in HEADERS.values()]
        names = [name.encode() for name in HEADERS]
        strings = ctypes.c_char_p * len(HEADERS)
        self._call(
            "nvrtcCreateProgram",
            ctypes.byref(self._handle),
            source.encode(),
            b"kernel.cu",
            len(HEADERS),
            strings(*texts),
            strings(*names),
        )

    def cubin(self, arch: str) -> bytes:
        """The program as machine code; it is used up then."""
        try:
            given = [f"--gpu-architecture={arch}", "--disable-warnings"]
            given += [f"--include-path={folder}" for folder in include_folders()]
            options = [option.encode() for option in given]
            array = (ctypes.c_char_p * len(options))(*options)
            code = self._library.nvrtcCompileProgram(self._handle, len(options), array)
            if code != 0:
                log = self._bytes("nvrtcGetProgramLogSize", "nvrtcGetProgramLog")
                error = _first_error(log.decode(errors="replace"))
                if _NO_HEADER.search(error):
                    raise MissingToolError(f"{error}: pip install nvidia-cuda-runtime")
                raise CompileError(error or self._name(code))
            return self._bytes("nvrtcGetCUBINSize", "nvrtcGetCUBIN")
        finally:
            self._library.nvrtcDestroyProgram(ctypes.byref(self._handle))

    def _bytes(self, size_of: str, get: str) -> bytes:
        size = ctypes.c_size_t()
        self._call(size_of, self._handle, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self._call(get, self._handle, buffer)
        return buffer.raw

    def _call(self, function: str, *arguments: Any) -> None:
        code = getattr(self._library, function)(*arguments)
        if code != 0:
            raise CompileError(f"{function}: {self._name(code)}")

    def _name(self, code: int) -> str:
        return str(self._library.nvrtcGetErrorString(code).decode())


def _by_nvcc(nvcc: str, source: str, arch: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path, cubin = Path(folder) / "kernel.cu", Path(folder) / "kernel.cubin"
        path.write_text(source)
        command = [nvcc, "-w", f"-arch={arch}", "-cubin", "-o", str(cubin), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            log = done.stderr + done.stdout
            raise CompileError(_first_error(log) or f"nvcc failed with {done.returncode}")
        return cubin.read_bytes()


def _first_error(log: str) -> str:
    """The first line that speaks of an error; else the first one."""
    lines = [line.strip() for line in log.replace("\0", "").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line), lines[0] if lines else "")
