"""Plain operators in place of the longer ways in which TVM's ONNX frontend writes them."""

from __future__ import annotations

import functools
from typing import Any

import tvm
import tvm_ffi
from tvm import relax, tirx
from tvm.s_tir import SBlockRealize

from mutatenn.lowering.graph.rewriter import Emitter, op_name, rewrite_main, static_shape
from mutatenn.lowering.graph.substitution import Environment
from mutatenn.model import layers

_EXTREMA = {tirx.Max: relax.op.maximum, tirx.Min: relax.op.minimum}


@tvm.transform.module_pass(opt_level=0, name="mutatenn.Simplify")  # type: ignore[untyped-decorator]
def simplify(mod: Any, _context: Any) -> Any:
    """Drop what does nothing, and name what is spelt out.

    ``broadcast_to`` and ``reshape`` to the shape that is there go; ``sum(stack(a, b, ...), 0)`` is
    an addition; a launch that only takes a minimum or maximum with one value is that operator.
    """

    def rewrite(emit: Emitter, bindings: list[Any]) -> Any:
        known = Environment()
        stacks: dict[Any, Any] = {}
        for binding in bindings:
            value = known.substitute(binding.value)
            emit.layers = layers.layers(binding)
            plain = _plain(emit, value, stacks, mod)
            known[binding.var] = known.emitted(emit, binding, value) if plain is None else plain
            if op_name(value) == "relax.stack" and int(value.attrs.axis or 0) == 0:
                stacks[known[binding.var]] = value.args[0]
        return known.result(mod["main"])

    return rewrite_main(mod, rewrite)


def _plain(emit: Emitter, value: Any, stacks: dict[Any, Any], mod: Any) -> Any | None:
    name = op_name(value)
    if name in ("relax.broadcast_to", "relax.reshape"):
        shape = static_shape(value)
        return value.args[0] if shape is not None and shape == static_shape(value.args[0]) else None
    if name == "relax.sum":
        return _addition(emit, value, stacks)
    if name == "relax.call_tir":
        return _extremum(emit, value, mod)
    return None


def _addition(emit: Emitter, value: Any, stacks: dict[Any, Any]) -> Any | None:
    axes = value.attrs.axis
    parts = stacks.get(value.args[0])
    if value.attrs.keepdims or axes is None or list(map(int, axes)) != [0]:
        return None
    if not isinstance(parts, relax.Tuple) or len(parts.fields) < 2:
        return None
    return functools.reduce(lambda a, b: emit.op(relax.op.add(a, b)), list(parts.fields))


def _extremum(emit: Emitter, value: Any, mod: Any) -> Any | None:
    """``maximum`` or ``minimum`` in place of a launch that computes it of data and one value."""
    kernel, arguments = mod[value.args[0]], value.args[1]
    if not isinstance(arguments, relax.Tuple) or len(arguments.fields) != 2:
        return None
    store = _only_store(kernel.body)
    if store is None or type(store.value) not in _EXTREMA:
        return None
    operator = _EXTREMA[type(store.value)]
    data, bound = list(kernel.params)[:2]
    loads = (store.value.a, store.value.b)
    if not all(isinstance(load, tvm.ir.TensorLoad) for load in loads):
        return None
    same_place = all(map(tvm_ffi.structural_equal, loads[0].indices, store.indices))
    one_value = all(int(size) == 1 for size in bound.shape)
    if (
        loads[0].source.same_as(data)
        and loads[1].source.same_as(bound)
        and same_place
        and one_value
    ):
        return emit.op(operator(*arguments.fields))
    return None


def _only_store(stmt: Any) -> Any | None:
    """The store of a kernel that is one nest of loops around one block."""
    while not isinstance(stmt, tirx.BufferStore):
        if isinstance(stmt, SBlockRealize):
            stmt = stmt.block.body if stmt.block.init is None else None
        elif isinstance(stmt, tirx.For):
            stmt = stmt.body
        else:
            return None
    return stmt
