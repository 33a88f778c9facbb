"""Matrix products with known weights: the weights packed once, columns in blocks of a vector."""

from __future__ import annotations

from typing import Any

import numpy as np
import tvm
from tvm import relax, te, tirx

from mutatenn.lowering.graph.blocked_value import block_of
from mutatenn.lowering.graph.rewriter import (
    Emitter,
    array_of,
    is_constant,
    op_name,
    rewrite_main,
    static_shape,
)
from mutatenn.lowering.graph.substitution import Environment
from mutatenn.lowering.tiles import whole_rows
from mutatenn.model import layers


def pack_matmul(lanes: int) -> Any:
    """The pass for vectors of ``lanes`` float32 elements.

    ``matmul`` of data (..., K) and constant weights (K, N) reads them as (N / block, K, block):
    each block of columns is one run of memory, however many rows the data has. Products with few
    columns, or a number of them that no vector divides, stay as they are.
    """

    @tvm.transform.module_pass(opt_level=0, name="mutatenn.PackMatmul")  # type: ignore[untyped-decorator]
    def transform(mod: Any, _context: Any) -> Any:
        def rewrite(emit: Emitter, bindings: list[Any]) -> Any:
            known = Environment()
            for binding in bindings:
                value = known.substitute(binding.value)
                emit.layers = layers.layers(binding)
                packed = _packed(emit, value, lanes)
                known[binding.var] = (
                    known.emitted(emit, binding, value) if packed is None else packed
                )
            return known.result(mod["main"])

        return rewrite_main(mod, rewrite)

    return transform


def _packed(emit: Emitter, value: Any, lanes: int) -> Any | None:
    if op_name(value) != "relax.matmul" or not is_constant(value.args[1]):
        return None
    weights, data = array_of(value.args[1]), value.args[0]
    shape = static_shape(value)
    if weights.ndim != 2 or shape is None or str(value.ty.dtype) != "float32":
        return None
    depth, columns = weights.shape
    block = block_of(columns, lanes)
    if block is None or static_shape(data) is None or len(shape) < 1:
        return None
    packed = weights.reshape(depth, columns // block, block).transpose(1, 0, 2)

    rows = shape[-2] if len(shape) > 1 else 1
    padded = -(-rows // whole_rows(rows)) * whole_rows(rows)

    def compute(source: Any, blocks: Any) -> Any:
        k = te.reduce_axis((0, depth), "k")
        lines = source if padded == rows else _with_rows(source, rows, padded)
        product = te.compute(
            (*shape[:-2], padded, columns) if len(shape) > 1 else shape,
            lambda *index: te.sum(
                lines(*index[:-1], k) * blocks[index[-1] // block, k, index[-1] % block], axis=k
            ),
            name="matmul",
        )
        if padded == rows:
            return product
        return te.compute(shape, product, name="rows")

    return emit.te(compute, data, relax.const(np.ascontiguousarray(packed)), name="matmul")


def _with_rows(source: Any, rows: int, padded: int) -> Any:
    """The data with rows of zeros after its own, so that whole tiles of rows can be computed."""
    size = [*source.shape[:-2], padded, source.shape[-1]]

    def value(*index: Any) -> Any:
        return tirx.if_then_else(index[-2] < rows, source(*index), tirx.const(0, source.dtype))

    return te.compute(size, value, name="pad")
