"""The backends; importing this registers them."""

from mutatenn.lowering.backend import Backend, backend_of, family_of, require_device
from mutatenn.lowering.backends import c, cuda, llvm, opencl

__all__ = [
    "Backend",
    "backend_of",
    "c",
    "cuda",
    "family_of",
    "llvm",
    "opencl",
    "require_device",
]
