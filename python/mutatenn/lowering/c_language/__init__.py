"""Kernels in C: TVM's C code generator, what it needs of a kernel first, and the host's compiler."""

from mutatenn.lowering.c_language.host_compiler import HostCompiler
from mutatenn.lowering.c_language.source import c_source

__all__ = ["HostCompiler", "c_source"]
