"""A lowered kernel as C source that a compiler accepts and that means what TVM's code means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tvm_ffi
from tvm import tirx

from mutatenn.lowering.c_language.exact_form import exact_form
from mutatenn.lowering.c_language.prelude import prelude
from mutatenn.lowering.c_language.scalar_form import scalar_form
from mutatenn.lowering.lowered_code import LoweredCode


def c_source(code: LoweredCode) -> str:
    """The C source of a kernel; its parallel loops run one round after the other.

    Args:
        code: what was lowered for a target of kind c.

    Raises:
        Exception: a vector in it does not work lane by lane, or whatever TVM raises.
    """
    host = _mapped(code.host, scalar_form)
    # TVM leaves functions of vectors, such as exp, as they are: C's are functions of numbers.
    host = _mapped(tirx.transform.LowerIntrin()(host), exact_form)
    module = tvm_ffi.get_global_func("target.build.c")(host, code.target_host)
    text: Any = module.inspect_source()
    return prelude() + str(text)


def _mapped(mod: Any, change: Callable[[Any], Any]) -> Any:
    """A module whose functions are changed."""
    changed = mod.clone()
    for name, func in mod.functions.items():
        changed.update_func(name, change(func))
    return changed
