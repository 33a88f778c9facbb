"""The backends; importing this registers them."""

from mutatenn.lowering.backend import Backend, backend_of, family_of, require_device
from mutatenn.lowering.backends import c, llvm

__all__ = [
    "Backend",
    "backend_of",
    "c",
    "family_of",
    "llvm",
    "require_device",
]
