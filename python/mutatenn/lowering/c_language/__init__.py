"""Kernels in C: TVM's code generator, what it needs of a kernel first, and a compiler."""

from mutatenn.lowering.c_language.host_compiler import HostCompiler
from mutatenn.lowering.c_language.source import c_source

__all__ = ["HostCompiler", "c_source"]
