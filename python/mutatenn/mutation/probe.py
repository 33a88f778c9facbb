"""A kernel that computes what the original does and flags each place that is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tvm_ffi
from tvm import tirx

_plant = tvm_ffi.get_global_func("mutatenn.engine.PlantProbes")


def probe_kernel(func: Any, paths: Sequence[str]) -> Any:
    """The PrimFunc with one more parameter, last: an int32 buffer of shape (len(paths),).

    Element i becomes 1 when the place at ``paths[i]`` is about to be evaluated, that is, when the
    statement that holds it runs and the conditions of the conditional expressions around it hold.
    Places inside a loop's extent count when the loop is reached.

    Args:
        func: a PrimFunc of either stage; it is not changed.
        paths: places in it, as ``Mutant.path``.

    Raises:
        ValueError: a path leads nowhere.
    """
    flags = tirx.decl_buffer((len(paths),), "int32", name="mutatenn_flags")
    stores = [
        tirx.BufferStore(flags, tirx.IntImm("int32", 1), [tirx.IntImm("int32", index)])
        for index in range(len(paths))
    ]
    # Blocks must declare that they write the flags: what they can see includes the parameters.
    params = [*func.params, flags]
    flagged = tirx.PrimFunc(params, func.body, func.ret_type, func.attrs)
    body = _plant(flagged, list(paths), stores)
    return tirx.PrimFunc(params, body, func.ret_type, func.attrs)
