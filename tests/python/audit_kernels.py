"""A kernel ``2 * x + 1``, mutants of it that the audit plants, and the model and inputs for them.

The first element of row ``r`` of the inputs is ``-(r + 1)``, so that a kernel can tell the rows
apart; element ``CLASS[r]`` is the largest, and the last element is one that the model throws away.
"""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from tvm import relax, tirx
from tvm.script import tirx as T

ROWS = 8
WIDTH = 8
DEAD = WIDTH - 1
"""The element that no output depends on."""
CLASS = tuple(1 + row % 6 for row in range(ROWS))
"""The golden class of each row."""

Loop = Callable[[Any], Any]
When = Callable[[Any], Any]
"""Of the first element of a row: whether the fault shows on it."""


def inputs() -> np.ndarray:
    """float32 [rows, width]; classes by ``CLASS``, far enough apart for any rounding."""
    x = np.random.default_rng(3).uniform(1, 5, (ROWS, WIDTH)).astype(np.float32)
    for row in range(ROWS):
        x[row, 0] = -(row + 1)
        x[row, CLASS[row]] = 9
    return x


def good(a: Any) -> Any:
    """What the original computes."""
    return a * T.float32(2) + T.float32(1)


def computing(value: Callable[[Any, Any, Any], Any]) -> Callable[[Loop], Any]:
    """A kernel that writes ``value(first element, element, index)`` to every element."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                C[i] = value(A[0], A[i], i)

        return scale

    return make


def skipping(skipped: Callable[[Any, Any], Any]) -> Callable[[Loop], Any]:
    """A kernel that leaves the elements unwritten for which ``skipped(first element, index)``."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                if T.Not(skipped(A[0], i)):
                    C[i] = good(A[i])

        return scale

    return make


def straying(
    when: When, place: int, value: Callable[[Any], Any] = good, step: int = 0
) -> Callable[[Loop], Any]:
    """A kernel that writes a thousand to ``place + i * step`` too, on some rows."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                C[i] = value(A[i])
                if when(A[0]):
                    C[place + i * step] = T.float32(1000)

        return scale

    return make


def gathering(when: When) -> Callable[[Loop], Any]:
    """A kernel that takes the larger of what it computes and what nobody wrote, on some rows."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                if T.Not(tirx.all(when(A[0]), i == 3)):
                    C[i] = T.float32(-1e30)
                C[i] = T.max(C[i], good(A[i]))

        return scale

    return make


def endless(when: When) -> Callable[[Loop], Any]:
    """A kernel that never ends on some rows."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            for i in loop(WIDTH):
                C[i] = good(A[i])
                if when(A[0]):
                    N = T.alloc_buffer((1,), "int32")
                    N[0] = 0
                    while N[0] < 8:
                        C[i] = A[i] + T.Cast("float32", N[0])
                        N[0] = (N[0] + 1) % 8

        return scale

    return make


def greedy(loop: Loop) -> Any:
    """A kernel that touches 2 GiB, a page at a time."""

    @T.prim_func(s_tir=True)
    def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
        for i in loop(WIDTH):
            W = T.alloc_buffer((536870912,), "float32")
            for k in range(524288):
                W[k * 1024] = A[k % WIDTH]
            C[i] = W[i * 102400]

    return scale


def failing(when: When) -> Callable[[Loop], Any]:
    """A kernel that raises an error on some rows."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
            assert T.Not(when(A[0])), "this row is refused"
            for i in loop(WIDTH):
                C[i] = good(A[i])

        return scale

    return make


def reshaped(
    takes: tuple[int, ...], gives: tuple[int, ...], taken: str = "float32", given: str = "float32"
) -> Callable[[Loop], Any]:
    """A kernel that takes and gives other shapes or element types than the original."""

    def make(loop: Loop) -> Any:
        @T.prim_func(s_tir=True)
        def scale(A: T.Buffer(takes, taken), C: T.Buffer(gives, given)):
            for i in loop(gives[0]):
                # Every name of the annotations is used here too: TVM sees no others.
                first = T.Cast(taken, A[(0,) * len(takes)])
                C[(i,) + (0,) * (len(gives) - 1)] = T.Cast(given, first)

        return scale

    return make


def demanding(loop: Loop) -> Any:
    """A kernel that takes one buffer more than the original."""

    @T.prim_func(s_tir=True)
    def scale(
        A: T.Buffer((WIDTH,), "float32"),
        B: T.Buffer((WIDTH,), "float32"),
        C: T.Buffer((WIDTH,), "float32"),
    ):
        for i in loop(WIDTH):
            C[i] = good(A[i]) + B[i]

    return scale


def shift(loop: Loop) -> Any:
    """``x - 3``, but nothing of the element that is thrown away."""

    @T.prim_func(s_tir=True)
    def shift(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
        for i in loop(WIDTH):
            C[i] = T.if_then_else(i < DEAD, A[i] - T.float32(3), T.float32(0))

    return shift


def rare(loop: Loop) -> Any:
    """Copies; its one product is for numbers that no input holds."""

    @T.prim_func(s_tir=True)
    def rare(A: T.Buffer((WIDTH,), "float32"), C: T.Buffer((WIDTH,), "float32")):
        for i in loop(WIDTH):
            C[i] = A[i]
            if A[i] > T.float32(1e30):
                C[i] = A[i] * T.float32(7)

    return rare


def original(loop: Loop) -> Any:
    """``2 * x + 1``."""
    return computing(lambda _first, a, _i: good(a))(loop)


def model(loop: Loop) -> Any:
    """A lowered model: ``x`` of float32[width] through ``scale``, ``shift`` and ``rare``."""
    builder = relax.BlockBuilder()
    kind = relax.TensorType([WIDTH], "float32")
    x = relax.Var("x", kind)
    with builder.function("main", [x]):
        with builder.dataflow():
            value = x
            for name, make in (("scale", original), ("shift", shift), ("rare", rare)):
                called = builder.add_func(make(loop).without_attr("global_symbol"), name)
                value = builder.emit(relax.call_tir(called, [value], kind))
            value = builder.emit_output(value)
        builder.emit_func_output(value)
    return builder.get()


def only(row: int) -> When:
    """Shows on one row."""
    return lambda first: first == T.float32(-(row + 1))


def since(row: int) -> When:
    """Shows on a row and all later ones."""
    return lambda first: first <= T.float32(-(row + 1))


def until(row: int) -> When:
    """Shows on a row and all earlier ones."""
    return lambda first: first >= T.float32(-(row + 1))


def never(first: Any) -> Any:
    """Shows on no row, but the compiler cannot know."""
    return first > T.float32(0)


def at(index: int, value: float, when: When) -> Callable[[Loop], Any]:
    """A kernel that writes a number to one element on some rows."""
    return computing(
        lambda first, a, i: tirx.if_then_else(
            tirx.all(when(first), i == index), tirx.const(value, "float32"), good(a)
        )
    )
