"""Models whose kernels have guards, tails and arithmetic in their indices, for tests of proofs."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"

# ruff: noqa: N803, N812  (TVMScript's own customs)
from __future__ import annotations

from typing import Any

import numpy as np
from tvm import relax
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def tailed(
    A: T.Buffer((1, 6), "float32"),
    B: T.Buffer((6, 10), "float32"),
    C: T.Buffer((1, 10), "float32"),
):
    """A product of matrices in tiles of four columns, the last of them incomplete."""
    for j0, j1, k in T.grid(3, 4, 6):
        with T.sblock("C"):
            v_j = T.axis.spatial(10, j0 * 4 + j1)
            v_k = T.axis.reduce(6, k)
            T.where(j0 * 4 + j1 < 10)
            with T.init():
                C[0, v_j] = T.float32(0)
            C[0, v_j] = C[0, v_j] + A[0, v_k] * B[v_k, v_j]


@T.prim_func(s_tir=True)
def backwards(A: T.Buffer((1, 10), "float32"), C: T.Buffer((1, 10), "float32")):
    """Whose place of writing is reckoned in the block."""
    for j in range(10):
        with T.sblock("C"):
            v_j = T.axis.spatial(10, j)
            C[0, 9 - v_j // 2 * 2 - v_j % 2] = A[0, v_j] + A[0, v_j // 2 * 2]


def model() -> Any:
    """A padded convolution, two poolings, a product with a tail, a softmax, and its reverse."""
    rng = np.random.default_rng(5)
    weight, matrix = (
        relax.const(rng.normal(size=shape).astype(np.float32)) for shape in ((3, 2, 3, 3), (6, 10))
    )
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType([1, 2, 6, 6], "float32"))
    with builder.function("main", [x]):
        with builder.dataflow():
            value = builder.emit(relax.op.nn.conv2d(x, weight, padding=1))
            value = builder.emit(relax.op.nn.max_pool2d(value, [3, 3], [2, 2], [1, 1]))
            value = builder.emit(
                relax.op.nn.avg_pool2d(value, [2, 2], [2, 2], padding=[0, 0, 0, 1])
            )
            value = builder.emit(relax.op.reshape(value, [1, -1]))
            tail = builder.add_func(tailed.without_attr("global_symbol"), "tailed")
            kind = relax.TensorType([1, 10], "float32")
            value = builder.emit(relax.call_tir(tail, [value, matrix], kind))
            value = builder.emit(relax.op.nn.softmax(value))
            last = builder.add_func(backwards.without_attr("global_symbol"), "backwards")
            value = builder.emit_output(relax.call_tir(last, [value], kind))
        builder.emit_func_output(value)
    return builder.get()


def small_model() -> Any:
    """Only the product with a tail, and the reverse of what it gives."""
    matrix = relax.const(np.random.default_rng(5).normal(size=(6, 10)).astype(np.float32))
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType([1, 6], "float32"))
    kind = relax.TensorType([1, 10], "float32")
    with builder.function("main", [x]):
        with builder.dataflow():
            tail = builder.add_func(tailed.without_attr("global_symbol"), "tailed")
            value = builder.emit(relax.call_tir(tail, [x, matrix], kind))
            last = builder.add_func(backwards.without_attr("global_symbol"), "backwards")
            value = builder.emit_output(relax.call_tir(last, [value], kind))
        builder.emit_func_output(value)
    return builder.get()
