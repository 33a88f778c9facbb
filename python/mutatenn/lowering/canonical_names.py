"""A flat kernel with variables named by their order, so that equal kernels have equal sources.

TVM sorts the arguments of a device function by name, and by chance where two names are equal.
"""

from __future__ import annotations

import itertools
from typing import Any

import tvm_ffi
from tvm.ir import Var


def with_canonical_names(func: Any) -> Any:
    """The same PrimFunc: parameters are named ``p0``, ``p1``, …, other variables ``v0``, ``v1``, ….

    Args:
        func: a PrimFunc at stage kernel.
    """
    renamed = {param: Var(f"p{index}", param.ty) for index, param in enumerate(func.params)}
    numbers = itertools.count()

    def rename(var: Any) -> Any:
        if var not in renamed:
            renamed[var] = Var(f"v{next(numbers)}", var.ty)
        return renamed[var]

    return tvm_ffi.structural_map(func, ((Var,), rename))
