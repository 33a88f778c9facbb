"""Plants one fault in flat TIR, right before TVM splits host and device code, and runs it."""

from __future__ import annotations

from typing import Any

import numpy as np
import tvm
from tvm.script import ir as I  # noqa: N812
from tvm.script import tirx as T  # noqa: N812

import mutatenn.transform
from mutatenn.lowering import tir_pipeline


@I.ir_module
class Kernel:
    """Adds one to the positive numbers among five."""

    @T.prim_func(s_tir=True)
    def bump(x: T.Buffer((5,), "float32"), y: T.Buffer((5,), "float32")):  # noqa: D102, N805
        for i in range(5):
            with T.sblock("y"):
                v_i = T.axis.spatial(5, i)
                y[v_i] = T.if_then_else(T.float32(0) < x[v_i], x[v_i] + T.float32(1), x[v_i])


def answer(*kernel_passes: Any) -> Any:
    """What the kernel computes when these passes run right before the split."""
    built = tvm.compile(Kernel, target="llvm", tir_pipeline=tir_pipeline(kernel_passes))
    x = tvm.runtime.tensor(np.array([-1, 0, 1, 2, 0], "float32"))
    y = tvm.runtime.tensor(np.zeros(5, "float32"))
    built["bump"](x, y)
    return y.numpy()


def main() -> None:
    original = answer()
    mutant = answer(mutatenn.transform.SwapCmp(site=0, to="le"))
    print(f"original {original}, mutant {mutant}")
    assert original.tolist() == [-1, 0, 2, 3, 0]
    assert mutant.tolist() == [-1, 1, 2, 3, 1], "zero counts as positive now"


if __name__ == "__main__":
    main()
