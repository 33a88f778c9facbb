"""The backends; importing this registers them."""

from mutatenn.lowering.backend import Backend, backend_of, family_of
from mutatenn.lowering.backends import cuda, llvm, opencl

__all__ = ["Backend", "backend_of", "cuda", "family_of", "llvm", "opencl"]
