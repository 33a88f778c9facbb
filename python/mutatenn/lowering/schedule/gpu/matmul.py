"""dlight's rule for matrix products, and with them convolutions, with larger tiles on OpenCL."""

from __future__ import annotations

from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.s_tir.dlight import gpu


class Matmul(gpu.Matmul):  # type: ignore[misc]
    """On OpenCL, tiles twice as large as dlight's where a kernel has more than one of them.

    A kernel of one tile would keep all compute units but one idle.
    """

    def apply(self, func: Any, target: Any, tunable: bool) -> Any:
        """See dlight."""
        if str(target.kind.name) == "opencl":
            made = _LargeTiles().apply(func, target, tunable)
            if made is not None and blocks_of(made.mod["main"]) > 1:
                return made
        return super().apply(func, target, tunable)


class _LargeTiles(gpu.Matmul):  # type: ignore[misc]
    """Each of 32 work-items computes 8 by 8 elements, where dlight has 64 compute 4 by 4.

    PoCL goes through all work-items between two barriers in a loop: fewer of them with more to do
    took 0.5 to 0.6 times the CPU time on resnet20, squeezenet1.1 and mobilenetv2.
    """

    def get_configs(self, target: Any) -> gpu.Matmul.Config:
        """The tiles for a target; dlight's own for phones, which have no fast shared memory."""
        config = super().get_configs(target)
        if not config.use_shared:
            return config
        return gpu.Matmul.Config(
            block_size_x=8, block_size_y=4, micro_size_x=8, micro_size_y=8, vector_size=8
        )


def blocks_of(func: Any) -> int:
    """How many blocks of threads a scheduled PrimFunc of one launch has; 1 where it has none."""
    count = 1

    def see(loop: Any) -> None:
        nonlocal count
        if loop.thread_binding is not None and str(loop.thread_binding.thread_tag).startswith(
            "blockIdx"
        ):
            count *= int(loop.extent)

    tvm_ffi.structural_walk(func.body, (tirx.For, see), order="post")
    return count
