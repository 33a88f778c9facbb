"""The module at stage tensor: as it is if it launches kernels already, else legalised and fused."""

from __future__ import annotations

from typing import Any

from tvm import relax, tirx

from mutatenn.errors import InputError
from mutatenn.lowering.fuse import fuse, is_fused


def with_kernels(mod: Any) -> tuple[Any, bool]:
    """A module in which operators of stage tensor find their places.

    Args:
        mod: an IRModule; it is not changed.

    Returns:
        The module, and whether it was lowered here.

    Raises:
        InputError: it holds neither TIR nor a Relax function ``main``.
    """
    functions = {str(var.name_hint): func for var, func in mod.functions.items()}
    if isinstance(functions.get("main"), relax.Function):
        return (mod, False) if is_fused(mod) else (fuse(mod), True)
    if not any(isinstance(func, tirx.PrimFunc) for func in functions.values()):
        names = ", ".join(sorted(functions)) or "nothing"
        raise InputError(
            f"The module holds neither a TIR function nor a Relax function main (it has {names}); "
            "give a whole model or its lowered kernels"
        )
    return mod, False
