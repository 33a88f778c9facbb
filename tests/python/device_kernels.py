"""Kernels for the tests of devices, sound ones first; each misbehaves as its name says."""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def double(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i] * T.float32(2)


@T.prim_func(s_tir=True)
def double_other_way(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[7 - i] = A[7 - i] + A[7 - i]


@T.prim_func(s_tir=True)
def triple(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i] * T.float32(3)


@T.prim_func(s_tir=True)
def negate(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = T.float32(0) - A[i]


@T.prim_func(s_tir=True)
def double_positive(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Differs from ``double`` only below zero, where a relu hides it."""
    for i in range(8):
        if A[i] < T.float32(0):
            C[i] = A[i] * T.float32(5)
        else:
            C[i] = A[i] * T.float32(2)


@T.prim_func(s_tir=True)
def double_saturating(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Differs from ``double`` only for large numbers, so that a second launch differs first."""
    for i in range(8):
        C[i] = T.min(A[i] * T.float32(2), T.float32(100))


@T.prim_func(s_tir=True)
def relu(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = T.max(A[i], T.float32(0))


@T.prim_func(s_tir=True)
def add(A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i] + B[i]


@T.prim_func(s_tir=True)
def write_after(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(9):
        C[i] = A[T.min(i, 7)] * T.float32(2)


@T.prim_func(s_tir=True)
def write_before(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(9):
        C[i - 1] = A[T.max(i - 1, 0)] * T.float32(2)


@T.prim_func(s_tir=True)
def write_input(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i] * T.float32(2)
        A[i] = T.float32(1)


@T.prim_func(s_tir=True)
def write_far(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i * 1000000] = A[i] * T.float32(2)


@T.prim_func(s_tir=True)
def write_workspace(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    W = T.alloc_buffer((1024,), "float32")
    for i in range(1025):
        W[i] = A[i % 8] * T.float32(2)
    for i in range(8):
        C[i] = W[i]


@T.prim_func(s_tir=True)
def never_end(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    N = T.alloc_buffer((1,), "int32")
    N[0] = 0
    while N[0] < 8:
        C[N[0]] = A[N[0]] * T.float32(2)
        N[0] = (N[0] + 1) % 8


@T.prim_func(s_tir=True)
def eat_memory(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    W = T.alloc_buffer((1073741824,), "float32")
    for i in range(1073741824):
        W[i] = A[i % 8]
    for i in range(8):
        C[i] = W[i * 134217728]


@T.prim_func(s_tir=True)
def leave_unwritten(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(7):
        C[i] = A[i] * T.float32(2)


@T.prim_func(s_tir=True)
def read_workspace(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    # Spread out: TVM shrinks a workspace to what is used, and puts a small one on the stack.
    W = T.alloc_buffer((8000,), "float32")
    for i in range(7):
        W[i * 1000] = A[i]
    for i in range(8):
        C[i] = W[i * 1000] * T.float32(2)


@T.prim_func(s_tir=True)
def refuse(A: T.Buffer((9,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i]


@T.prim_func(s_tir=True)
def divide_by_zero(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Divides by the integer part of each input."""
    for i in range(8):
        C[i] = T.Cast("float32", T.truncdiv(5, T.Cast("int32", A[i])))


@T.prim_func(s_tir=True)
def wide(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4096):
        C[i] = T.exp(A[i])


@T.prim_func(s_tir=True)
def wide_other(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4096):
        C[i] = T.exp(A[i]) + T.float32(1)


@T.prim_func(s_tir=True)
def wide_after(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4097):
        C[i] = T.exp(A[T.min(i, 4095)])


@T.prim_func(s_tir=True)
def wide_far(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4096):
        C[i * 100000] = T.exp(A[i])


@T.prim_func(s_tir=True)
def wide_never_end(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4096):
        N = T.alloc_buffer((1,), "int32")
        N[0] = 0
        while N[0] < 8:
            C[i] = A[i] + T.Cast("float32", N[0])
            N[0] = (N[0] + 1) % 8


@T.prim_func(s_tir=True)
def wide_eat_memory(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4096):
        W = T.alloc_buffer((536870912,), "float32")
        for k in range(536870912):
            W[k] = A[k % 4096]
        C[i] = W[i * 100000]


@T.prim_func(s_tir=True)
def wide_unwritten(A: T.Buffer((4096,), "float32"), C: T.Buffer((4096,), "float32")):
    for i in T.parallel(4095):
        C[i] = T.exp(A[i])


@T.prim_func(s_tir=True)
def add_one(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        C[i] = A[i] + T.float32(1)


@T.prim_func(s_tir=True)
def double_write_after_large(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    """Writes behind its output only where the first element is above 50."""
    for i in range(8):
        C[i] = A[i] * T.float32(2)
    if A[0] > T.float32(50):
        C[8] = T.float32(1)


@T.prim_func(s_tir=True)
def probe_signs(
    A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32"), F: T.Buffer((3,), "int32")
):
    """``double`` that flags a negative number, one above 50, and one that is both."""
    for i in range(8):
        if A[i] < T.float32(0):
            F[0] = 1
        if A[i] > T.float32(50):
            F[1] = 1
            if A[i] < T.float32(0):
                F[2] = 1
        C[i] = A[i] * T.float32(2)


@T.prim_func(s_tir=True)
def probe_spoil(
    A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32"), F: T.Buffer((1,), "int32")
):
    """Raises its flag and computes nonsense."""
    for i in range(8):
        C[i] = T.float32(-1)
    F[0] = 1


@T.prim_func(s_tir=True)
def probe_crash_large(
    A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32"), F: T.Buffer((1,), "int32")
):
    """Raises its flag where the first element is below 10, and crashes where it is above 50."""
    if A[0] < T.float32(10):
        F[0] = 1
    if A[0] > T.float32(50):
        for i in range(8):
            C[i * 1000000] = A[i]


@T.prim_func(s_tir=True)
def probe_never_end(
    A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32"), F: T.Buffer((1,), "int32")
):
    N = T.alloc_buffer((1,), "int32")
    N[0] = 0
    while N[0] < 8:
        C[N[0]] = A[N[0]]
        N[0] = (N[0] + 1) % 8


@T.prim_func(s_tir=True)
def probe_after_flags(
    A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32"), F: T.Buffer((1,), "int32")
):
    for i in range(2):
        F[i] = 1
    C[0] = A[0]
