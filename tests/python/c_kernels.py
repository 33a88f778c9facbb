"""Kernels that C could mean otherwise than TVM; each is named after what is delicate in it."""

# ruff: noqa: N803, N806, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def shifts_in_place(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    C[T.Ramp(1, 1, 8)] = C[T.Ramp(0, 1, 8)]


@T.prim_func(s_tir=True)
def reverses_in_place(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    C[T.Ramp(15, -1, 16)] = C[T.Ramp(0, 1, 16)]


@T.prim_func(s_tir=True)
def spreads_in_place(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    C[T.Ramp(0, 1, 8)] = C[T.Ramp(0, 1, 8)] + T.Broadcast(C[3], 8)


@T.prim_func(s_tir=True)
def adds_in_place(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    for i in range(4):
        C[T.Ramp(0, 1, 8)] = C[T.Ramp(0, 1, 8)] + A[T.Ramp(i, 1, 8)] * T.Broadcast(A[i], 8)


@T.prim_func(s_tir=True)
def scatters_by_itself(A: T.Buffer((16,), "int32"), C: T.Buffer((16,), "int32")):
    for i in range(16):
        C[i] = (i * 5 + 3) % 16
    C[C[T.Ramp(0, 1, 8)]] = A[T.Ramp(0, 1, 8)]


@T.prim_func(s_tir=True)
def keeps_a_vector(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    v: T.let[T.float32x8] = C[T.Ramp(0, 1, 8)]
    C[T.Ramp(0, 1, 8)] = T.Broadcast(T.float32(0), 8)
    C[T.Ramp(4, 1, 8)] = v + v * v


@T.prim_func(s_tir=True)
def chooses_by_lane(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    C[T.Ramp(0, 2, 8)] = T.Select(
        A[T.Ramp(0, 1, 8)] < A[T.Ramp(8, 1, 8)],
        A[T.Ramp(0, 1, 8)],
        T.Cast("float32x8", T.Ramp(3, 7, 8)),
    )
    C[T.Ramp(1, 2, 8)] = T.exp(A[T.Ramp(8, 1, 8)]) + T.max(A[T.Ramp(0, 1, 8)], T.Broadcast(A[2], 8))


@T.prim_func(s_tir=True)
def shuffles(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    C[T.Ramp(0, 1, 4)] = T.Shuffle([A[T.Ramp(0, 1, 4)], A[T.Ramp(8, 1, 4)]], [6, 0, 5, 3])
    C[9] = T.Shuffle([A[T.Ramp(4, 1, 4)]], [2])


@T.prim_func(s_tir=True)
def holds_vectors(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    tile = T.alloc_buffer((2,), "float32x8", scope="local")
    tile[0] = A[T.Ramp(0, 1, 8)]
    tile[1] = A[T.Ramp(8, 1, 8)] + tile[0]
    tile[0] = tile[1] * tile[0]
    C[T.Ramp(0, 1, 8)] = tile[1]
    C[T.Ramp(8, 1, 8)] = tile[0]


@T.prim_func(s_tir=True)
def has_long_constants(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i] * T.float32(1.0 / 49.0) + T.float32(0.1)
    C[0] = T.float32(-3.4028234663852886e38)
    C[1] = T.float32("inf")
    C[2] = T.float32("-inf")
    C[3] = T.Cast("float32", T.Cast("float64", A[3]) * T.float64(1.0 / 3.0))


@T.prim_func(s_tir=True)
def takes_maxima_in_turn(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in range(16):
        C[i] = A[i]
    C[0] = T.max(C[0], A[1])
    C[0] = T.max(C[0], A[2] + T.float32(9))
    C[0] = T.max(C[0], A[3])
    C[1] = T.min(C[0], C[2])
    C[2] = T.float32(-50)
    C[1] = T.min(C[1], C[2])
    C[3] = T.max(C[2], A[1])


@T.prim_func(s_tir=True)
def wraps_small_integers(A: T.Buffer((16,), "int8"), C: T.Buffer((16,), "int32")):
    for i in range(8):
        C[i] = T.Cast("int32", A[i] + A[i + 8])
    for i in range(8):
        C[i + 8] = T.Cast("int32", A[i] * A[i + 8] < T.int8(5)) + T.Cast("int32", ~A[i])


@T.prim_func(s_tir=True)
def turns_a_truth_round(A: T.Buffer((16,), "int32"), C: T.Buffer((16,), "int32")):
    for i in range(16):
        C[i] = T.Select(~(A[i] < 3), 1, 2)


@T.prim_func(s_tir=True)
def moves_its_own_bound(A: T.Buffer((16,), "int32"), C: T.Buffer((16,), "int32")):
    for i in range(16):
        C[i] = A[i] * 0 + 5
    for _i in range(C[0]):
        C[0] = C[0] + 1


@T.prim_func(s_tir=True)
def has_words_of_c(int: T.Buffer((16,), "float32"), expf: T.Buffer((16,), "float32")):
    for INFINITY in range(16):
        expf[INFINITY] = T.exp(int[INFINITY])


@T.prim_func(s_tir=True)
def runs_in_parallel(A: T.Buffer((16,), "float32"), C: T.Buffer((16,), "float32")):
    for i in T.parallel(4):
        C[T.Ramp(i * 4, 1, 4)] = A[T.Ramp(i * 4, 1, 4)] + T.Broadcast(T.Cast("float32", i), 4)
