"""Convolution over blocked channels, its weights packed once."""

from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax, te, tirx

from mutatenn.lowering.graph.blocked_value import Blocked, Layouts, block_of, handles
from mutatenn.lowering.graph.rewriter import array_of, is_constant, static_shape


@handles("relax.nn.conv2d")
def convolution(layouts: Layouts, call: Any, args: list[Any]) -> Blocked | None:
    """``conv2d`` in NCHW with constant weights, dense, grouped or depthwise."""
    attrs, weights = call.attrs, args[1]
    plain = str(attrs.data_layout) == "NCHW" and str(attrs.kernel_layout) == "OIHW"
    if not plain or not is_constant(weights) or str(call.ty.dtype) != "float32":
        return None
    kernel, shape = array_of(weights), static_shape(call)
    if shape is None:
        return None
    groups = int(attrs.groups)
    if groups > 1 and kernel.shape[1] == 1 and kernel.shape[0] == groups:
        return _depthwise(layouts, call, args[0], kernel)
    return _grouped(layouts, call, args[0], kernel)


def _depthwise(layouts: Layouts, call: Any, data: Any, kernel: np.ndarray) -> Blocked | None:
    channels, _, height, width = kernel.shape
    block = block_of(channels, layouts.lanes)
    if block is None:
        return None
    blocked = layouts.blocked(data, block)
    packed = kernel.reshape(channels // block, block, height, width).transpose(0, 2, 3, 1)
    geometry = _Geometry(call)

    def compute(source: Any, weights: Any) -> Any:
        padded = geometry.padded(source)
        y, x = te.reduce_axis((0, height), "kh"), te.reduce_axis((0, width), "kw")
        return te.compute(
            (blocked.shape[0], channels // block, *geometry.size, block),
            lambda n, co, h, w, ci: te.sum(
                padded(n, co, *geometry.at(h, w, y, x), ci) * weights[co, y, x, ci], axis=[y, x]
            ),
            name="depthwise_conv2d",
        )

    packed_const = relax.const(np.ascontiguousarray(packed))
    var = layouts.emit.te(compute, blocked.var, packed_const, name="depthwise_conv2d")
    return Blocked(var, block)


def _grouped(layouts: Layouts, call: Any, data: Any, kernel: np.ndarray) -> Blocked | None:
    groups = int(call.attrs.groups)
    outs, ins, height, width = kernel.shape
    block = block_of(outs // groups, layouts.lanes)
    if block is None:
        return None
    inner = block_of(ins, layouts.lanes)
    if inner is None and groups > 1:
        return None
    geometry = _Geometry(call)
    # A convolution of few channels, such as a first one, reads them where they lie.
    source = layouts.plain(data) if inner is None else layouts.blocked(data, inner).var
    per_block = ins if inner is None else inner
    outer = ins // per_block
    packed = kernel.reshape(outs // block, block, outer, per_block, height, width).transpose(
        0, 2, 4, 5, 3, 1
    )
    batch = _shape(call)[0]

    def compute(source: Any, weights: Any) -> Any:
        padded = geometry.padded(source)
        co, ci = te.reduce_axis((0, outer), "ico"), te.reduce_axis((0, per_block), "ici")
        y, x = te.reduce_axis((0, height), "kh"), te.reduce_axis((0, width), "kw")
        first = tirx.const(outs // block // groups, "int64")

        def read(n: Any, o: Any, h: Any, w: Any) -> Any:
            at = geometry.at(h, w, y, x)
            if inner is None:
                return padded(n, ci, *at)
            return padded(n, co if groups == 1 else o // first * outer + co, *at, ci)

        return te.compute(
            (batch, outs // block, *geometry.size, block),
            lambda n, o, h, w, i: te.sum(
                read(n, o, h, w) * weights[o, co, y, x, ci, i], axis=[co, y, x, ci]
            ),
            name="conv2d",
        )

    var = layouts.emit.te(compute, source, relax.const(np.ascontiguousarray(packed)), name="conv2d")
    return Blocked(var, block)


class _Geometry:
    """Where a convolution reads: strides, dilation and padding; axes 2 and 3 are height, width."""

    def __init__(self, call: Any) -> None:
        attrs = call.attrs
        self.strides = [int(step) for step in attrs.strides]
        self.dilation = [int(step) for step in attrs.dilation]
        top, left, bottom, right = (int(side) for side in attrs.padding)
        self.before, self.after = (top, left), (bottom, right)
        self.size = _shape(call)[2:4]

    def at(self, h: Any, w: Any, y: Any, x: Any) -> tuple[Any, Any]:
        """Row and column of the padded data for an output and a weight."""
        row = h * self.strides[0] + y * self.dilation[0]
        return row, w * self.strides[1] + x * self.dilation[1]

    def padded(self, source: Any) -> Any:
        """The data with zeros around, or as it is if there is no padding."""
        if not any((*self.before, *self.after)):
            return source
        shape = list(source.shape)
        (top, left), (bottom, right) = self.before, self.after
        height, width = shape[2], shape[3]
        size = [shape[0], shape[1], height + top + bottom, width + left + right, *shape[4:]]

        def value(*index: Any) -> Any:
            n, c, h, w, *rest = index
            guards = [
                guard
                for guard, needed in (
                    (h >= top, top),
                    (h < height + top, bottom),
                    (w >= left, left),
                    (w < width + left, right),
                )
                if needed
            ]
            inside = source(n, c, h - top, w - left, *rest)
            return tirx.if_then_else(tirx.all(*guards), inside, tirx.const(0, source.dtype))

        return te.compute(size, value, name="pad")


def _shape(call: Any) -> tuple[int, ...]:
    shape = static_shape(call)
    assert shape is not None
    return shape
