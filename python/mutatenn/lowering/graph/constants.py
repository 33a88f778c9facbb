"""Folds what is known before the program runs, with NumPy: no kernel is compiled for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tvm
from tvm import relax

from mutatenn.lowering.graph.rewriter import (
    Emitter,
    array_of,
    is_constant,
    op_name,
    rewrite_main,
    static_shape,
)
from mutatenn.lowering.graph.substitution import Environment
from mutatenn.model import layers

Arrays = list[np.ndarray]


def _cast_like(value: np.ndarray, dtype: str) -> np.ndarray:
    return np.ascontiguousarray(value.astype(dtype, copy=False))


# Moving and selecting values, and single IEEE operations, are exact whoever carries them out.
_FOLDERS: dict[str, Callable[[Arrays, tuple[int, ...]], np.ndarray]] = {
    "relax.reshape": lambda a, shape: a[0].reshape(shape),
    "relax.broadcast_to": lambda a, shape: np.broadcast_to(a[0], shape),
    "relax.expand_dims": lambda a, shape: a[0].reshape(shape),
    "relax.squeeze": lambda a, shape: a[0].reshape(shape),
    "relax.isnan": lambda a, _: np.isnan(a[0]),
    "relax.where": lambda a, _: np.where(a[0], a[1], a[2]),
    "relax.add": lambda a, _: a[0] + a[1],
    "relax.subtract": lambda a, _: a[0] - a[1],
    "relax.multiply": lambda a, _: a[0] * a[1],
    "relax.negative": lambda a, _: -a[0],
}


@tvm.transform.module_pass(opt_level=0, name="mutatenn.FoldConstants")  # type: ignore[untyped-decorator]
def fold_constants(mod: Any, _context: Any) -> Any:
    """Replace calls whose operands are constants by their values; others stay as they are."""

    def rewrite(emit: Emitter, bindings: list[Any]) -> Any:
        known = Environment()
        for binding in bindings:
            value = known.substitute(binding.value)
            folded = _folded(value)
            emit.layers = layers.layers(binding)
            if folded is not None:
                known[binding.var] = folded
            else:
                known[binding.var] = known.emitted(emit, binding, value)
        return known.result(mod["main"])

    return rewrite_main(mod, rewrite)


def _folded(value: Any) -> Any | None:
    name, shape = op_name(value), static_shape(value) if isinstance(value, tvm.ir.Call) else None
    if name == "relax.permute_dims":
        return _permuted(value)
    folder = _FOLDERS.get(name)
    # A shape argument of reshape or broadcast_to is part of the result's type.
    tensors = [arg for arg in getattr(value, "args", []) if not isinstance(arg, relax.ShapeExpr)]
    if folder is None or shape is None or not all(map(is_constant, tensors)):
        return None
    result = folder([array_of(arg) for arg in tensors], shape)
    return relax.const(_cast_like(result, str(value.ty.dtype)))


def _permuted(value: Any) -> Any | None:
    if not is_constant(value.args[0]):
        return None
    axes = None if value.attrs.axes is None else [int(axis) for axis in value.attrs.axes]
    return relax.const(np.ascontiguousarray(np.transpose(array_of(value.args[0]), axes)))
