"""Backend ``cuda``: CUDA C++ that TVM writes, which NVRTC compiles where the kernel runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import tvm

from mutatenn.lowering.accelerator_code import AcceleratorBackend, require_kind
from mutatenn.lowering.backend import NUMBERED, backend

_NO_COMPILER = "TVM_COMPILE_FORCE_FALLBACK"
"""TVM's switch: keep the source instead of compiling it with a toolkit."""


@backend("cuda", f":{NUMBERED}", "cuda:N")
def cuda_backend(_device: str, target: Any) -> AcceleratorBackend:
    """The backend for a target of kind cuda.

    Raises:
        InputError: the target is of another kind.
    """
    require_kind("cuda", target)
    return AcceleratorBackend("cuda", target, cuda_source)


def cuda_source(mod: Any, target: Any) -> str:
    """CUDA C++ for a module of device functions; neither a toolkit nor a GPU is needed."""
    with _source_only():
        return str(tvm.get_global_func("target.build.cuda")(mod, target).inspect_source())


@contextlib.contextmanager
def _source_only() -> Iterator[None]:
    """TVM compiles no CUDA in this block, whatever the environment says outside of it."""
    before = os.environ.get(_NO_COMPILER)
    os.environ[_NO_COMPILER] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_NO_COMPILER]
        else:
            os.environ[_NO_COMPILER] = before
