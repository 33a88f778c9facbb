"""The module at stage tensor: as it is if it launches kernels already, else legalised and fused."""

from __future__ import annotations

from typing import Any

from tvm import relax, tirx

from mutatenn.errors import InputError
from mutatenn.lowering.fuse import fuse, is_fused
from mutatenn.lowering.prepare import prepare


def with_kernels(mod: Any, lanes: int | None = None) -> tuple[Any, bool]:
    """A module in which operators of stage tensor find their places.

    Args:
        mod: an IRModule; it is not changed.
        lanes: float32 elements of the vectors for which a graph is prepared before it is fused;
            ``None``: it is fused as it is.

    Returns:
        The module, and whether it was lowered here.

    Raises:
        InputError: it holds neither TIR nor a Relax function ``main``.
    """
    functions = {str(var.name_hint): func for var, func in mod.functions.items()}
    if isinstance(functions.get("main"), relax.Function):
        if is_fused(mod):
            return mod, False
        return fuse(mod if lanes is None else prepare(mod, lanes)), True
    if not any(isinstance(func, tirx.PrimFunc) for func in functions.values()):
        names = ", ".join(sorted(functions)) or "nothing"
        raise InputError(
            f"The module holds neither a TIR function nor a Relax function main (it has {names}); "
            "give a whole model or its lowered kernels"
        )
    return mod, False
