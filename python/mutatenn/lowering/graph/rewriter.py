"""Rewriting ``main`` binding by binding: what is emitted keeps the layers of what it replaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tvm
from tvm import relax, tirx

from mutatenn.model import layers


class Emitter:
    """Emits calls into the new ``main``, all carrying the layers of the binding at hand."""

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        self.layers: tuple[layers.Layer, ...] = ()

    def op(self, call: Any, also: tuple[layers.Layer, ...] = ()) -> Any:
        """Emit a Relax call; returns the variable that holds it."""
        named = layers.with_layers(self._builder.normalize(call), (*self.layers, *also))
        return self._builder.emit(named)

    def te(self, compute: Callable[..., Any], *args: Any, name: str) -> Any:
        """Emit a launch of a tensor expression; ``args`` are as for ``BlockBuilder.call_te``."""
        call = self._builder.call_te(compute, *args, primfunc_name_hint=name)
        return self._builder.emit(layers.with_layers(call, self.layers))

    def let(self, value: Any) -> Any:
        """Emit a value that is no call of an operator, such as a tuple or an item of one."""
        return self._builder.emit(self._builder.normalize(value))


def rewrite_main(mod: Any, rewrite: Callable[[Emitter, list[Any]], Any]) -> Any:
    """A module whose ``main`` is built anew, in one dataflow block.

    Args:
        mod: an IRModule; it is not changed.
        rewrite: emits all of the new body for the old bindings; returns the function's value.
    """
    main = mod["main"]
    # The builder only knows what is in its module; kernels that main calls must stay.
    others = mod.clone()
    del others[main_var(others)]
    builder = relax.BlockBuilder(others)
    with builder.function("main", list(main.params), attrs=dict(main.attrs or {})):
        with builder.dataflow():
            result = builder.emit_output(rewrite(Emitter(builder), layers.bindings(main)))
        builder.emit_func_output(result)
    return relax.transform.RemoveUnusedOutputs()(
        relax.transform.DeadCodeElimination()(builder.get())
    )


def main_var(mod: Any) -> Any:
    """The global variable of ``main``."""
    return mod.get_global_var("main")


def is_constant(expr: Any) -> bool:
    """Whether an expression is a tensor known now."""
    return isinstance(expr, tvm.ir.GenericConst)


def array_of(expr: Any) -> np.ndarray:
    """The value of a constant."""
    return np.asarray(expr.value.numpy())


def static_shape(expr: Any) -> tuple[int, ...] | None:
    """The shape of a tensor, or ``None`` if it is no tensor of static shape."""
    type_ = expr.ty
    if not isinstance(type_, relax.TensorType) or type_.shape is None:
        return None
    sizes = list(type_.shape.values if hasattr(type_.shape, "values") else type_.shape)
    if not all(isinstance(size, tirx.IntImm) for size in sizes):
        return None
    return tuple(int(size) for size in sizes)


def op_name(value: Any) -> str:
    """The Relax operator that a value calls; empty for anything else."""
    if not isinstance(value, tvm.ir.Call) or not isinstance(value.op, tvm.ir.Op):
        return ""
    return str(value.op.name)
