"""Operators that do the same to blocked tensors as to plain ones: elementwise, pooling, concat."""

from __future__ import annotations

from typing import Any

import tvm
from tvm import relax, topi

from mutatenn.lowering.graph.blocked_value import (
    Blocked,
    Layouts,
    blocked_constant,
    handles,
)
from mutatenn.lowering.graph.rewriter import is_constant, static_shape

UNARY = (
    "abs", "ceil", "clip", "erf", "exp", "floor", "log", "negative", "round", "rsqrt", "sigmoid",
    "sign", "sqrt", "square", "tanh", "nn.relu", "nn.gelu", "nn.gelu_tanh", "nn.silu",
    "nn.leakyrelu", "nn.selu",
)  # fmt: skip
BINARY = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "power")


@handles(*(f"relax.{name}" for name in UNARY))
def unary(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """An operator that maps each element by itself."""
    data = args[0]
    if not isinstance(data, Blocked):
        return None
    return Blocked(layouts.emit.op(_with(call, [data.var, *args[1:]])), data.block)


@handles(*(f"relax.{name}" for name in BINARY))
def binary(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """An operator of two operands, one of which may be a constant that broadcasts."""
    blocked = [arg for arg in args if isinstance(arg, Blocked)]
    shape = static_shape(call)
    if not blocked or shape != blocked[0].shape:
        return None
    block = blocked[0].block
    operands = [_operand(layouts, arg, block, shape) for arg in args]
    if any(operand is None for operand in operands):
        return None
    return Blocked(layouts.emit.op(_with(call, operands)), block)


def _operand(layouts: Layouts, arg: Any, block: int, shape: tuple[int, ...]) -> Any | None:
    if is_constant(arg):
        return blocked_constant(arg, block)
    arg_shape = arg.shape if isinstance(arg, Blocked) else static_shape(arg)
    if arg_shape is None or len(arg_shape) != 4 or arg_shape[1] != shape[1]:
        return None
    return layouts.blocked(arg, block).var


@handles("relax.nn.max_pool2d", "relax.nn.avg_pool2d")
def pooling(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """Maximum or mean over windows of height and width."""
    data, attrs = args[0], call.attrs
    if not isinstance(data, Blocked) or str(attrs.layout) != "NCHW":
        return None
    kind = "max" if "max" in call.op.name else "avg"

    def compute(source: Any) -> Any:
        return topi.nn.pool2d(
            source,
            [int(size) for size in attrs.pool_size],
            [int(step) for step in attrs.strides],
            [int(step) for step in attrs.dilation],
            [int(side) for side in attrs.padding],
            kind,
            bool(attrs.ceil_mode),
            f"NCHW{data.block}c",
            bool(attrs.count_include_pad),
        )

    return Blocked(layouts.emit.te(compute, data.var, name=f"{kind}_pool2d"), data.block)


@handles("relax.mean", "relax.sum", "relax.max", "relax.min")
def reduction(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """A reduction over height and width that keeps them as axes of length one."""
    data, attrs = args[0], call.attrs
    axes = [] if attrs.axis is None else sorted(int(axis) % 4 for axis in attrs.axis)
    if not isinstance(data, Blocked) or axes != [2, 3]:
        return None
    operator = getattr(relax.op, call.op.name.removeprefix("relax."))
    var = layouts.emit.op(operator(data.var, axis=[2, 3], keepdims=True))
    if attrs.keepdims:
        return Blocked(var, data.block)
    shape = static_shape(call)
    return layouts.emit.op(relax.op.reshape(var, shape))  # type: ignore[no-any-return]


@handles("relax.concat")
def concat(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """Tensors joined along the channels, if their blocks agree or can be made to."""
    parts = list(args[0]) if isinstance(args[0], tuple) else []
    axis = call.attrs.axis
    if not parts or axis is None or int(axis) % 4 != 1:
        return None
    blocks = {part.block for part in parts if isinstance(part, Blocked)}
    channels = [part.shape if isinstance(part, Blocked) else static_shape(part) for part in parts]
    if not blocks or any(shape is None or len(shape) != 4 for shape in channels):
        return None
    block = min(blocks)
    if any(shape[1] % block for shape in channels if shape is not None):
        return None
    fields = [layouts.blocked(part, block).var for part in parts]
    return Blocked(layouts.emit.op(relax.op.concat(fields, axis=1)), block)


def _with(call: Any, args: list[Any]) -> Any:
    return tvm.ir.Call(call.op, args, call.attrs, call.ty_args, None)
