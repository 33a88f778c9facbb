"""NVIDIA's runtime compiler from its wheel (nvidia-cuda-nvrtc): compiles CUDA without a GPU."""

from __future__ import annotations

import ctypes
import functools
import importlib.metadata
from collections.abc import Sequence

WHEEL = "nvidia-cuda-nvrtc"


class CompileError(Exception):
    """What the compiler says of a source it refuses."""


@functools.cache
def _library() -> ctypes.CDLL:
    files = importlib.metadata.files(WHEEL) or []
    (path,) = (file for file in files if file.name.startswith("libnvrtc.so."))
    return ctypes.CDLL(str(path.locate()))


def cubin(source: str, arch: str, options: Sequence[str] = ()) -> bytes:
    """Machine code of a CUDA source for an architecture such as ``sm_90``.

    Raises:
        CompileError: with the compiler's log.
        importlib.metadata.PackageNotFoundError: the wheel is not installed.
    """
    nvrtc, program = _library(), ctypes.c_void_p()
    text = source.encode()
    made = nvrtc.nvrtcCreateProgram(ctypes.byref(program), text, b"source.cu", 0, None, None)
    assert made == 0
    try:
        words = [f"--gpu-architecture={arch}".encode(), *(each.encode() for each in options)]
        given = (ctypes.c_char_p * len(words))(*words)
        failed = nvrtc.nvrtcCompileProgram(program, len(words), given)
        if failed:
            raise CompileError(_text(nvrtc, "ProgramLog", program).decode())
        return _text(nvrtc, "CUBIN", program)
    finally:
        nvrtc.nvrtcDestroyProgram(ctypes.byref(program))


def _text(nvrtc: ctypes.CDLL, what: str, program: ctypes.c_void_p) -> bytes:
    size = ctypes.c_size_t()
    assert getattr(nvrtc, f"nvrtcGet{what}Size")(program, ctypes.byref(size)) == 0
    buffer = ctypes.create_string_buffer(size.value)
    assert getattr(nvrtc, f"nvrtcGet{what}")(program, buffer) == 0
    return buffer.raw
