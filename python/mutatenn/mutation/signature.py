"""What a kernel takes and gives: the shapes and element types of its parameters."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any


def signature_change(original: Any, mutant: Any) -> str:
    """The first parameter in which two PrimFuncs differ, in one sentence; empty if in none.

    Names do not count: a plan hands buffers over by position.
    """
    for index, (old, new) in enumerate(zip_longest(original.params, mutant.params)):
        before, after = _kind(old), _kind(new)
        if before != after:
            name = (old if new is None else new).name
            return f"parameter {index} ({name}) of the kernel is {after}, but was {before}"
    return ""


def _kind(param: Any) -> str:
    """Such as ``float32[1, 64]``; ``int64`` for a scalar, ``missing`` for no parameter."""
    if param is None:
        return "missing"
    shape = getattr(param, "shape", None)
    if shape is None:
        return str(param.ty)
    return f"{param.dtype}[{', '.join(map(str, shape))}]"
