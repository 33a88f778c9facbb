"""A stand-in for CuPy that runs CUDA sources on the host: what `CudaComparator` uses of it.

Sources are compiled by g++ with `cuda_on_host.h` in front. It shows what the sources compute, and
nothing of a GPU: not its memory model, not its speed.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import tempfile
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADER = Path(__file__).with_name("cuda_on_host.h")


class Array(np.ndarray[Any, Any]):
    """An array that is asked for by ``get`` as CuPy's are."""

    def get(self, stream: Any = None, blocking: bool = True) -> NDArray[Any]:
        return np.array(self)


def empty(size: int, dtype: Any) -> Array:
    """Memory that holds nothing in particular."""
    return np.full(size, 0xA5, dtype).view(Array)


class RawModule:
    """A CUDA source, compiled for the host."""

    def __init__(self, code: str, options: Sequence[str]) -> None:
        kernels = re.findall(r"^KERNEL (\w+)\(", code, re.MULTILINE)
        launchers = "\n".join(f"LAUNCHER({kernel})" for kernel in kernels)
        command = ["g++", "-std=c++17", "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-pthread"]
        defines = [option for option in options if option.startswith("-D")]
        with tempfile.TemporaryDirectory() as folder:
            source, library = Path(folder, "source.cc"), Path(folder, "source.so")
            source.write_text(f'#include "{HEADER.name}"\n{code}\n{launchers}\n')
            files = [f"-I{HEADER.parent}", str(source), "-o", str(library)]
            subprocess.run([*command, *defines, *files], check=True)
            self._library = ctypes.CDLL(str(library))  # stays when its file goes

    def get_function(self, name: str) -> Callable[..., None]:
        launch = getattr(self._library, f"launch_{name}")

        def run(grid: tuple[int], block: tuple[int], arguments: Any, stream: Any) -> None:
            words = [
                each.ctypes.data if isinstance(each, np.ndarray) else int(each)
                for each in arguments
            ]
            launch(ctypes.c_uint(grid[0]), (ctypes.c_uint64 * len(words))(*words))

        return run


def module(processors: int = 2) -> types.ModuleType:
    """What ``import cupy`` is to give."""
    made = types.ModuleType("cupy")
    device = types.SimpleNamespace(attributes={"MultiProcessorCount": processors})
    members = {
        "empty": empty,
        "uint8": np.uint8,
        "RawModule": RawModule,
        "cuda": types.SimpleNamespace(
            Device=lambda: device, get_current_stream=lambda: "the current stream"
        ),
    }
    made.__dict__.update(members)
    return made
