"""Kernels in which mutants are known to become the original's code, or each other's, if lowered."""

# ruff: noqa: N803, N812  (TVMScript's own customs)
# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def, misc"
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tvm.script import tirx as T


def neutral(n: int, loop: Callable[[Any], Any]) -> Any:
    """Two products with one, which TVM takes away: so it does a quotient by one."""

    @T.prim_func(s_tir=True)
    def neutral(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            with T.sblock("C"):
                v = T.axis.spatial(n, i)
                C[v] = T.Mul(T.Mul(A[v], T.float32(1)), T.float32(1))

    return neutral


def guarded(n: int, loop: Callable[[Any], Any]) -> Any:
    """A condition on data beside one that always holds, which TVM's simplifier takes away."""

    @T.prim_func(s_tir=True)
    def guarded(A: T.Buffer((n,), "float32"), C: T.Buffer((n,), "float32")):
        for i in loop(n):
            with T.sblock("C"):
                v = T.axis.spatial(n, i)
                C[v] = T.if_then_else(
                    A[v] > T.float32(0) and v < n + 1, A[v] * T.float32(3), T.float32(2)
                )

    return guarded
