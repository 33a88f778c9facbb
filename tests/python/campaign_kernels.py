"""A kernel ``2 * x + 1`` and the ways in which a mutant of it can misbehave, serial or parallel."""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tvm import relax
from tvm.script import tirx as T


def original(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def scale(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            C[i] = A[i] * T.float32(2) + T.float32(1)

    return scale


def after(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def after(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n + 1):
            C[i] = A[T.min(i, n - 1)] * T.float32(2) + T.float32(1)

    return after


def before(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def before(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n + 1):
            C[i - 1] = A[T.max(i - 1, 0)] * T.float32(2) + T.float32(1)

    return before


def far(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def far(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            C[i * 100000] = A[i] * T.float32(2) + T.float32(1)

    return far


def endless(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def endless(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            N = T.alloc_buffer((1,), "int32")
            N[0] = 0
            while N[0] < 8:
                C[i] = A[i] + T.Cast("float32", N[0])
                N[0] = (N[0] + 1) % 8

    return endless


def greedy(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def greedy(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            W = T.alloc_buffer((536870912,), "float32")
            # One element a page is enough to be given the page.
            for k in range(524288):
                W[k * 1024] = A[k % n]
            C[i] = W[i * 102400]

    return greedy


def unwritten(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def unwritten(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n - 1):
            C[i] = A[i] * T.float32(2) + T.float32(1)

    return unwritten


MISBEHAVIOUR = (after, before, far, endless, greedy, unwritten)


def shift(n: int, loop: Callable[[Any], Any]) -> Any:
    @T.prim_func(s_tir=True)
    def shift(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            C[i] = A[i] - T.float32(3)

    return shift


def model(n: int, loop: Callable[[Any], Any], kernel: Callable[..., Any] = original) -> Any:
    """A lowered model: ``x`` of float32[n] through ``kernel``, called ``scale``, then ``shift``."""
    builder = relax.BlockBuilder()
    kind = relax.TensorType([n], "float32")
    x = relax.Var("x", kind)
    with builder.function("main", [x]):
        with builder.dataflow():
            value = x
            for name, func in (("scale", kernel(n, loop)), ("shift", shift(n, loop))):
                called = builder.add_func(func.without_attr("global_symbol"), name)
                value = builder.emit(relax.call_tir(called, [value], kind))
            value = builder.emit_output(value)
        builder.emit_func_output(value)
    return builder.get()
