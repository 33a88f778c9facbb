"""Graphs as hypothesis draws them: layers of convolutional networks, links and shared weights.

Every graph is accepted by TVM; values may be read by several calls, constants too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tvm
from hypothesis import strategies as st
from tvm import relax
from tvm.relax import op

UNARY = (
    *(op.nn.relu, op.exp, op.sigmoid, op.tanh, op.negative, op.abs, op.round, op.sqrt, op.square),
    *(op.nn.gelu, op.nn.leakyrelu, op.nn.softmax),
)
BINARY = (op.add, op.subtract, op.multiply, op.divide, op.maximum, op.minimum, op.power)
POOLS = (op.nn.max_pool2d, op.nn.avg_pool2d)
MOST_LAYERS = 7
SIDES = (4, 6)
CHANNELS = (2, 3)


class _Drawer:
    """Emits drawn layers into a block builder."""

    def __init__(self, draw: Any, builder: Any, first: Any) -> None:
        self._draw = draw
        self._builder = builder
        self.values = [first]
        self._constants: list[Any] = []

    def one(self, *choices: Any) -> Any:
        return self._draw(st.sampled_from(choices))

    def layer(self) -> None:
        """One more layer, applied to a value of four dimensions; its result joins the others."""
        kinds = (self.unary, self.unary, self.conv, self.conv, self.bias, self.norm, self.pool)
        data = self.one(*self.values[-3:])
        call = self.one(*kinds, self.link, self.link, self.link, self.concat)(data)
        self.values.append(self._builder.emit(call))

    def constant(self, *shape: int) -> Any:
        """New numbers, or those of an earlier constant of the shape."""
        known = [each for each in self._constants if tuple(each.value.shape) == shape]
        if known and self.one(True, False):
            return self.one(*known)
        seed = self._draw(st.integers(0, 1000))
        values = np.random.default_rng(seed).normal(size=shape).astype("float32")
        self._constants.append(relax.const(values))
        return self._constants[-1]

    def unary(self, data: Any) -> Any:
        make = self.one(*UNARY)
        return make(data, self.one(1, 2, 3)) if make is op.nn.softmax else make(data)

    def conv(self, data: Any) -> Any:
        _, channels, height, width = _extents(data)
        side = self.one(1, 3) if min(height, width) >= 3 else 1
        padding = [self.one(0, 1)] * 2
        strides = [self.one(1, 1, 2)] * 2
        kernel = self.constant(self.one(*CHANNELS), channels, side, side)
        return op.nn.conv2d(data, kernel, strides=strides, padding=padding)

    def bias(self, data: Any) -> Any:
        return self.one(*BINARY)(data, self.constant(1, _extents(data)[1], 1, 1))

    def norm(self, data: Any) -> Any:
        channels = _extents(data)[1]
        arguments = [self.constant(channels) for _ in range(4)]
        whole = op.nn.batch_norm(data, *arguments, axis=1)
        return relax.TupleGetItem(self._builder.emit(whole), 0)

    def pool(self, data: Any) -> Any:
        if min(_extents(data)[2:]) < 2:
            return self.unary(data)
        padding = [self.one(0, 1)] * 2
        return self.one(*POOLS)(data, [2, 2], strides=[self.one(1, 2)] * 2, padding=padding)

    def link(self, data: Any) -> Any:
        same = [value for value in self.values if _extents(value) == _extents(data)]
        return self.one(op.add, op.add, op.add, *BINARY)(data, self.one(*same))

    def concat(self, data: Any) -> Any:
        fits = [value for value in self.values if _extents(value)[2:] == _extents(data)[2:]]
        return op.concat([data, self.one(*fits)], axis=1)

    def head(self) -> Any:
        """The last value, sometimes as classes."""
        last = self.values[-1]
        if self.one(True, False):
            return last
        pooled = self._builder.emit(op.mean(last, [2, 3], keepdims=False))
        dense = self.constant(_extents(last)[1], self.one(*CHANNELS))
        return self._builder.emit(op.matmul(pooled, dense))


def _extents(value: Any) -> tuple[int, ...]:
    return tuple(int(extent) for extent in value.ty.shape.values)


@st.composite
def graphs(draw: Any) -> Any:
    """A module whose ``main`` computes a few layers of one image."""
    side = draw(st.sampled_from(SIDES))
    shape = (1, draw(st.sampled_from(CHANNELS)), side, side)
    data = relax.Var("x", relax.TensorType(shape, "float32"))
    builder = relax.BlockBuilder()
    with builder.function("main", [data]):
        with builder.dataflow():
            drawer = _Drawer(draw, builder, data)
            for _ in range(draw(st.integers(1, MOST_LAYERS))):
                drawer.layer()
            result = builder.emit_output(drawer.head())
        builder.emit_func_output(result)
    mod = builder.get()
    relax.analysis.well_formed(mod)
    return tvm.IRModule(dict(mod.functions.items()))
