"""The kernels of docs/operators.md: an operator is shown on the first that has a place for it."""

from __future__ import annotations

SHIFT = """\
@T.prim_func(s_tir=True)
def shift(A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("shift"):
            v = T.axis.spatial(8, i)
            C[v] = T.if_then_else(1 <= v and v < 7, A[v - 1], T.float32(0)) * B[v]
"""
CLIP = """\
@T.prim_func(s_tir=True)
def clip(A: T.Buffer((8,), "float32"), B: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
    for i in range(8):
        with T.sblock("clip"):
            v = T.axis.spatial(8, i)
            if A[v] < B[v]:
                C[v] = A[v]
            else:
                C[v] = B[v]
"""
SAMPLES = {"shift": SHIFT, "clip": CLIP}
"""Source by the function's name, in the order in which they are tried."""
