"""What a schedule rule may know of the machine that kernels are made for."""

from __future__ import annotations

import dataclasses
from typing import Any

from tvm.target import codegen

# LLVM's own vector width says 512 bits for CPUs without AVX-512: features are what tells.
_VECTORS = (("avx512f", 16, 32), ("avx2", 8, 16))
"""Feature, float32 lanes and number of registers, the widest first."""
_NARROW = (4, 16)


@dataclasses.dataclass(frozen=True)
class Machine:
    """A CPU: float32 lanes of a vector register, number of those, and threads to share the work."""

    lanes: int
    registers: int
    threads: int

    @classmethod
    def of(cls, target: Any, threads: int) -> Machine:
        """What LLVM knows of the CPU that a target names.

        Args:
            target: a ``tvm.target.Target`` of kind llvm.
            threads: how many threads share a kernel's work.
        """
        for feature, lanes, registers in _VECTORS:
            if codegen.llvm_cpu_has_features(feature, target):
                return cls(lanes, registers, threads)
        return cls(*_NARROW, threads)
