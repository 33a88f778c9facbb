"""Constants of a graph that a mutation changed, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import tvm

from mutatenn.model.layers import bindings


def changed_constants(before: Any, after: Any) -> list[str]:
    """A line for each constant argument that differs; none where the graphs differ otherwise.

    Args:
        before: a Relax function.
        after: the same with other values in some of its constants.
    """
    old, new = constants_of(before), constants_of(after)
    if [place for place, _ in old] != [place for place, _ in new]:
        return []
    lines = []
    for (place, left), (_, right) in zip(old, new, strict=True):
        if left.same_as(right):
            continue
        was, now = np.asarray(left.value.numpy()), np.asarray(right.value.numpy())
        if was.shape == now.shape and was.dtype == now.dtype:
            lines += _difference(place, was, now)
    return lines


def constants_of(function: Any) -> list[tuple[str, Any]]:
    """Constant arguments with where they stand, such as ``lv3 = relax.add(argument 1)``."""
    found = []
    for binding in bindings(function):
        call = binding.value
        if not isinstance(call, tvm.ir.Call):
            continue
        for index, argument in enumerate(call.args):
            if isinstance(argument, tvm.ir.GenericConst):
                name = getattr(call.op, "name", "a call")
                found.append((f"argument {index} of {binding.var.name} = {name}", argument))
    return found


def _difference(place: str, was: np.ndarray, now: np.ndarray) -> list[str]:
    # Bits, so that a sign of zero and a NaN are told too.
    bits = [np.frombuffer(array.tobytes(), np.uint8) for array in (was, now)]
    width = was.dtype.itemsize
    differs = (bits[0] != bits[1]).reshape(-1, width).any(axis=1)
    if not differs.any():
        return []
    first = int(np.argmax(differs))
    index = ", ".join(str(int(i)) for i in np.unravel_index(first, was.shape))
    return [
        f"! {place}: {int(differs.sum())} of {was.size} weights differ, "
        f"[{index}] is {now.flat[first]:.6g} instead of {was.flat[first]:.6g}"
    ]
