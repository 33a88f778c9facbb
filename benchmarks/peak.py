"""The machine's peak of fused multiply-adds, measured with sums that never leave the registers."""

# ruff: noqa: N803, N812  (TVMScript's own customs)
from __future__ import annotations

from typing import Any

import numpy as np
import tvm
from tvm.script import tirx as T

SUMS = 12
"""Vectors that are summed into at once: more than latency needs, fewer than there are registers."""
TERMS = 1 << 18
"""Multiply-adds per vector, worker and call: less than a ms, to fit between disturbances."""


class Peak:
    """A kernel that does nothing but multiply-adds, for one target and a number of threads."""

    def __init__(self, target: Any, lanes: int, threads: int) -> None:
        """Compile it.

        Args:
            target: a ``tvm.target.Target`` of kind llvm.
            lanes: float32 elements of a vector register.
            threads: how many workers run the sums at once.
        """
        self._flops = 2 * threads * TERMS * SUMS * lanes
        kernel = _kernel(lanes, threads).with_attr("global_symbol", "main")
        self._module = tvm.compile(tvm.IRModule({"main": kernel}), target=target).mod
        data = np.full(lanes, 0.5, "float32")
        sums = np.zeros((threads, SUMS * lanes), "float32")
        self._arguments = [tvm.runtime.tensor(data), tvm.runtime.tensor(sums)]

    def gflops(self, repeat: int = 40) -> float:
        """The best of ``repeat`` calls, in 10⁹ floating-point operations per second."""
        timed = self._module.time_evaluator("main", tvm.cpu(), number=1, repeat=repeat)
        return float(self._flops / min(timed(*self._arguments).results) / 1e9)

    def sums(self) -> np.ndarray:
        """What the last call summed up: float32 [threads, ``SUMS`` times lanes]."""
        return np.asarray(self._arguments[1].numpy())


def _kernel(lanes: int, threads: int) -> Any:
    width = SUMS * lanes

    @T.prim_func(s_tir=True)  # type: ignore[untyped-decorator]
    def sums(  # type: ignore[no-untyped-def]
        A: T.Buffer((lanes,), "float32"),  # type: ignore[valid-type]
        S: T.Buffer((threads, width), "float32"),  # type: ignore[valid-type]
    ):
        for worker in T.parallel(threads):
            total = T.alloc_buffer((width,), "float32", scope="local")
            for each in T.unroll(SUMS):
                for lane in T.vectorized(lanes):
                    total[each * lanes + lane] = T.float32(1)
            for _term in range(TERMS):
                for each in T.unroll(SUMS):
                    for lane in T.vectorized(lanes):
                        # Converges to 1: values that overflow or vanish would be slow.
                        total[each * lanes + lane] = total[each * lanes + lane] * A[lane] + A[lane]
            for each in T.unroll(SUMS):
                for lane in T.vectorized(lanes):
                    S[worker, each * lanes + lane] = total[each * lanes + lane]

    # Without it LLVM would store each sum after each term.
    return sums.with_attr("tirx.noalias", True)
