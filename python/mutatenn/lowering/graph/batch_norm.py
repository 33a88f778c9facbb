"""Batch normalisation with known statistics: a scale and a shift, folded into convolutions."""

from __future__ import annotations

import collections
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


@tvm.transform.module_pass(opt_level=0, name="mutatenn.DecomposeBatchNorm")  # type: ignore[untyped-decorator]
def decompose_batch_norm(mod: Any, _context: Any) -> Any:
    """``batch_norm`` with constant statistics to one multiplication and one addition.

    Scale and shift are computed in float64: ``gamma / sqrt(var + eps)`` and
    ``beta - mean * scale`` (Ioffe and Szegedy, arXiv 1502.03167, section 3.1). ``dropout``, which
    does nothing when a model is run, goes as well.
    """

    def rewrite(emit: Emitter, bindings: list[Any]) -> Any:
        known = Environment()
        for binding in bindings:
            value = known.substitute(binding.value)
            emit.layers = layers.layers(binding)
            if op_name(value) == "relax.nn.batch_norm" and _is_known(value):
                known[binding.var] = _scaled(emit, value)
            elif op_name(value) == "relax.nn.dropout":
                known[binding.var] = relax.Tuple([value.args[0], value.args[0]])
            else:
                known[binding.var] = known.emitted(emit, binding, value)
        return known.result(mod["main"])

    return rewrite_main(mod, rewrite)


def _is_known(value: Any) -> bool:
    return all(is_constant(arg) for arg in value.args[1:5]) and not bool(
        getattr(value.attrs, "training", False)
    )


def _scaled(emit: Emitter, value: Any) -> Any:
    data = value.args[0]
    gamma, beta, mean, variance = (array_of(arg).astype("float64") for arg in value.args[1:5])
    if not value.attrs.scale:
        gamma = np.ones_like(gamma)
    if not value.attrs.center:
        beta = np.zeros_like(beta)
    scale = gamma / np.sqrt(variance + float(value.attrs.epsilon))
    shift = beta - mean * scale
    shape = static_shape(data)
    rank = len(shape) if shape is not None else int(data.ty.ndim)
    along = [1] * rank
    along[int(value.attrs.axis)] = -1
    dtype = str(data.ty.dtype)
    product = emit.op(relax.op.multiply(data, _const(scale.reshape(along), dtype)))
    result = emit.op(relax.op.add(product, _const(shift.reshape(along), dtype)))
    # The statistics that batch_norm also gives are those it got.
    return relax.Tuple([result, value.args[3], value.args[4]])


def _const(array: np.ndarray, dtype: str) -> Any:
    return relax.const(np.ascontiguousarray(array.astype(dtype)))


@tvm.transform.module_pass(opt_level=0, name="mutatenn.FoldScale")  # type: ignore[untyped-decorator]
def fold_scale(mod: Any, _context: Any) -> Any:
    """A scale per channel after a convolution, with or without a bias between, into its weights.

    Only where nothing else reads what lies between; shifts that follow each other are added up.
    """
    uses = _uses(mod["main"])

    def rewrite(emit: Emitter, bindings: list[Any]) -> Any:
        known = Environment()
        made: dict[Any, Any] = {}
        for binding in bindings:
            value = known.substitute(binding.value)
            emit.layers = layers.layers(binding)
            folded = _folded(emit, value, made)
            variable, call = folded or (known.emitted(emit, binding, value), value)
            known[binding.var] = variable
            if uses[binding.var] == 1:
                made[variable] = call
        return known.result(mod["main"])

    return rewrite_main(mod, rewrite)


def _folded(emit: Emitter, value: Any, made: dict[Any, Any]) -> tuple[Any, Any] | None:
    """New variable and call for a scale or a shift that goes into what it is applied to.

    ``made`` holds the calls behind variables that are read once.
    """
    if op_name(value) not in ("relax.multiply", "relax.add"):
        return None
    data, factor = value.args
    if not is_constant(factor) or not _per_channel(factor, data):
        return None
    source = made.get(data)
    if source is not None and op_name(source) == "relax.add" and is_constant(source.args[1]):
        return _into_shift(emit, value, source, made)
    if op_name(value) == "relax.multiply" and _is_convolution(source):
        call = _scaled_convolution(source, array_of(factor))
        return emit.op(call, layers.layers(source)), call
    return None


def _into_shift(
    emit: Emitter, value: Any, source: Any, made: dict[Any, Any]
) -> tuple[Any, Any] | None:
    """``(x + b) + c`` to ``x + (b + c)``; ``(conv + b) * s`` to ``conv' + b * s``."""
    inner, shift = source.args
    if not _per_channel(shift, inner):
        return None
    here, before = array_of(value.args[1]), array_of(shift)
    dtype = str(value.ty.dtype)
    named = layers.layers(source)
    if op_name(value) == "relax.add":
        call = relax.op.add(inner, _const(before + here, dtype))
    else:
        convolution = made.get(inner)
        if not _is_convolution(convolution):
            return None
        scaled = _scaled_convolution(convolution, here)
        new = emit.op(scaled, (*layers.layers(convolution), *named))
        made[new] = scaled
        call = relax.op.add(new, _const(before * here, dtype))
    return emit.op(call, named), call


def _is_convolution(value: Any) -> bool:
    return (
        op_name(value) == "relax.nn.conv2d"
        and is_constant(value.args[1])
        and str(value.attrs.data_layout) == "NCHW"
        and str(value.attrs.kernel_layout) == "OIHW"
    )


def _scaled_convolution(call: Any, scale: np.ndarray) -> Any:
    weights = array_of(call.args[1])
    scaled = weights * np.broadcast_to(scale.reshape(-1), weights.shape[:1]).reshape(-1, 1, 1, 1)
    args = [call.args[0], _const(scaled, str(weights.dtype))]
    return tvm.ir.Call(call.op, args, call.attrs, call.ty_args, call.span, call.ty)


def _per_channel(constant: Any, data: Any) -> bool:
    """Whether a constant has one value per channel (axis 1) of 4-d data, or one value."""
    shape, of = static_shape(constant), static_shape(data)
    if shape is None or of is None or len(of) != 4:
        return False
    padded = (1,) * (4 - len(shape)) + shape if len(shape) <= 4 else shape
    return (
        len(padded) == 4 and padded[0] == padded[2] == padded[3] == 1 and (padded[1] in (1, of[1]))
    )


def _uses(main: Any) -> dict[Any, int]:
    counts: dict[Any, int] = collections.defaultdict(int)

    def visit(value: Any) -> None:
        if isinstance(value, tvm.ir.Call):
            for arg in value.args:
                visit(arg)
        elif isinstance(value, relax.Tuple):
            for field in value.fields:
                visit(field)
        elif isinstance(value, relax.TupleGetItem):
            visit(value.tuple_value)
        elif isinstance(value, relax.Var):
            counts[value] += 1

    for binding in layers.bindings(main):
        visit(binding.value)
    visit(main.body.body)
    return counts
