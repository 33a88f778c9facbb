"""Kernels whose loops depend on data or end on a condition, for the tests of step counters."""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def count_up(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Adds each element to itself as often as it says."""
    N = T.alloc_buffer((1,), "int32")
    for i in range(8):
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]):
            C[i] = C[i] + A[i]
            N[0] = N[0] + 1


@T.prim_func(s_tir=True)
def count_up_longer(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Five times as many iterations."""
    N = T.alloc_buffer((1,), "int32")
    for i in range(8):
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]) * 5:
            C[i] = C[i] + A[i]
            N[0] = N[0] + 1


@T.prim_func(s_tir=True)
def count_down(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Takes the count in the wrong direction, so that it ends only where integers wrap."""
    N = T.alloc_buffer((1,), "int32")
    for i in range(8):
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]):
            C[i] = C[i] + A[i]
            N[0] = (N[0] - 1) % 3


@T.prim_func(s_tir=True)
def count_down_third_row(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """``count_up`` but where the first element is above 100: there it never ends."""
    N = T.alloc_buffer((1,), "int32")
    for i in range(8):
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]):
            C[i] = C[i] + A[i]
            N[0] = T.if_then_else(A[0] > T.float32(100), 0, N[0] + 1)


@T.prim_func(s_tir=True)
def extent(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """A loop as long as the data say."""
    for i in range(8):
        C[i] = T.float32(0)
        for _ in range(T.Cast("int32", A[i])):
            C[i] = C[i] + A[i]


@T.prim_func(s_tir=True)
def extent_enormous(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = T.float32(0)
        for _ in range(T.Cast("int64", A[i]) * T.int64(1000000000000)):
            C[i] = C[i] * T.float32(0.5) + A[i]


@T.prim_func(s_tir=True)
def extent_negative(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i]
        for _ in range(0 - T.Cast("int32", A[i])):
            C[i] = C[i] + A[i]


@T.prim_func(s_tir=True)
def nested(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """A loop as long as the data say inside another."""
    for i in range(8):
        C[i] = T.float32(0)
    for j in range(T.Cast("int32", A[0])):
        for k in range(T.Cast("int32", A[1]) + j):
            C[0] = C[0] + A[k % 8]


@T.prim_func(s_tir=True)
def nested_enormous(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Only in the last round of the outer loop is the inner one long."""
    for i in range(8):
        C[i] = T.float32(0)
    for j in range(T.Cast("int32", A[0])):
        for k in range(
            T.if_then_else(j == T.Cast("int32", A[0]) - 1, T.int64(1000000000000), T.int64(2))
        ):
            C[0] = C[0] * T.float32(0.5) + A[k % T.int64(8)]


@T.prim_func(s_tir=True)
def left_early(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """A loop of a large extent that is left after as many rounds as the data say."""
    for i in range(8):
        C[i] = T.float32(0)
        for j in range(T.Cast("int32", A[i]) * 1000000):
            if j >= T.Cast("int32", A[i]):
                break
            C[i] = C[i] + A[i]


@T.prim_func(s_tir=True)
def never_left(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = T.float32(0)
        for j in range(T.Cast("int32", A[i]) * 1000000):
            if j < 0 - T.Cast("int32", A[i]):
                break
            C[i] = C[i] * T.float32(0.5) + A[i]


@T.prim_func(s_tir=True)
def parallel(A: T.Buffer((64,), "float32"), C: T.Buffer((64,), "float32")):
    for i in T.parallel(64):
        N = T.alloc_buffer((1,), "int32")
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]):
            C[i] = C[i] + A[i]
            N[0] = N[0] + 1


@T.prim_func(s_tir=True)
def parallel_endless(A: T.Buffer((64,), "float32"), C: T.Buffer((64,), "float32")):
    for i in T.parallel(64):
        N = T.alloc_buffer((1,), "int32")
        C[i] = T.float32(0)
        N[0] = 0
        while N[0] < T.Cast("int32", A[i]):
            C[i] = C[i] + A[i]
            N[0] = (N[0] + 1) % 2


@T.prim_func(s_tir=True)
def far(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(T.Cast("int32", A[0])):
        C[i * 1000000] = A[0]
