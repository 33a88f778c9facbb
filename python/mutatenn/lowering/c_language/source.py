"""A lowered kernel as C source that a compiler accepts and that means what TVM's code means."""

from __future__ import annotations

from typing import Any

import tvm_ffi

from mutatenn.lowering.c_language.exact_form import exact_form
from mutatenn.lowering.c_language.prelude import prelude
from mutatenn.lowering.c_language.scalar_form import scalar_form
from mutatenn.lowering.lowered_code import LoweredCode


def c_source(code: LoweredCode) -> str:
    """The C source of a kernel; its parallel loops run one round after the other.

    Args:
        code: what was lowered for a target of kind c.

    Raises:
        NoLanes: a vector in it does not work lane by lane.
        Exception: whatever TVM's code generator raises.
    """
    host = code.host.clone()
    for name, func in code.host.functions.items():
        host.update_func(name, exact_form(scalar_form(func)))
    module = tvm_ffi.get_global_func("target.build.c")(host, code.target_host)
    text: Any = module.inspect_source()
    return prelude() + str(text)
