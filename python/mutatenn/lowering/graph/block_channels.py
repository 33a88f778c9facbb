"""Blocked channels: a model's 4-d tensors as (N, C / block, H, W, block) where that serves."""

from __future__ import annotations

from typing import Any

import tvm
from tvm import relax

from mutatenn.lowering.graph import blocked_convolution, blocked_operators
from mutatenn.lowering.graph.blocked_value import HANDLERS, Layouts
from mutatenn.lowering.graph.rewriter import Emitter, op_name, rewrite_main
from mutatenn.model import layers

# Importing them has registered their handlers.
_FAMILIES = (blocked_convolution, blocked_operators)


def block_channels(lanes: int) -> Any:
    """The pass for vectors of ``lanes`` float32 elements.

    Convolutions begin blocked regions; operators that can work on blocks continue them; wherever
    something else reads a blocked tensor it is turned back, once.
    """

    @tvm.transform.module_pass(opt_level=0, name="mutatenn.BlockChannels")  # type: ignore[untyped-decorator]
    def transform(mod: Any, _context: Any) -> Any:
        return rewrite_main(mod, lambda emit, old: _Walk(emit, lanes).rewritten(mod["main"], old))

    return transform


class _Walk:
    """One walk over the bindings; every old variable becomes a plain or a blocked value."""

    def __init__(self, emit: Emitter, lanes: int) -> None:
        self._layouts = Layouts(emit, lanes)
        self._emit = emit
        self._known: dict[Any, Any] = {}

    def rewritten(self, main: Any, bindings: list[Any]) -> Any:
        for binding in bindings:
            self._emit.layers = layers.layers(binding)
            self._known[binding.var] = self._value(binding.value)
        return self._plain(main.body.body)

    def _value(self, value: Any) -> Any:
        if isinstance(value, relax.Tuple):
            return tuple(self._operand(field) for field in value.fields)
        if isinstance(value, relax.TupleGetItem):
            whole = self._operand(value.tuple_value)
            if isinstance(whole, tuple):
                return whole[int(value.index)]
            return self._emit.let(relax.TupleGetItem(whole, int(value.index)))
        if not isinstance(value, tvm.ir.Call):
            return self._operand(value)
        handler = HANDLERS.get(op_name(value))
        if handler is not None:
            blocked = handler(self._layouts, value, [self._operand(arg) for arg in value.args])
            if blocked is not None:
                return blocked
        args = [self._plain(arg) for arg in value.args]
        return self._emit.op(
            tvm.ir.Call(value.op, args, value.attrs, value.ty_args, None, value.ty)
        )

    def _operand(self, expr: Any) -> Any:
        if isinstance(expr, relax.Tuple):
            return tuple(self._operand(field) for field in expr.fields)
        return self._known.get(expr, expr)

    def _plain(self, expr: Any) -> Any:
        value = self._operand(expr)
        if isinstance(value, tuple):
            return relax.Tuple([self._layouts.plain(field) for field in value])
        return self._layouts.plain(value)
