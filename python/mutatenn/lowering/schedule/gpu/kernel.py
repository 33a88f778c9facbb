"""A kernel's schedule for a GPU: the first of TVM's dlight rules that applies to it."""

from __future__ import annotations

import math
from typing import Any

from tvm import s_tir
from tvm.s_tir.dlight import gpu
from tvm.s_tir.dlight.analysis import normalize_prim_func

from mutatenn.lowering.schedule.gpu.matmul import Matmul
from mutatenn.lowering.schedule.gpu.single_thread import single_threaded
from mutatenn.lowering.schedule.scheduler import Scheduled, schedules
from mutatenn.tvm_errors import last_line

LONG_SUM = 32
"""Terms from which on a sum is shared among the threads of a block: those of a warp."""

_SHARING = (gpu.Reduction, gpu.GeneralReduction)
_RULES = (Matmul(), gpu.GEMV(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Fallback())


class GpuScheduler:
    """Schedules kernels for one GPU."""

    lanes = 1
    """Each thread works on scalars, so the graph keeps its plain layouts."""

    def __init__(self, target: Any, rules: tuple[Any, ...] = _RULES) -> None:
        self._target = target
        self._rules = rules

    @property
    def plainer(self) -> tuple[GpuScheduler, ...]:
        """The rule that leaves blocks as they are: others pad them, or take them apart."""
        plain = _RULES[-1:]
        return () if self._rules == plain else (GpuScheduler(self._target, plain),)

    def bare(self, func: Any) -> Any:
        """A PrimFunc that a single thread runs."""
        return single_threaded(func)

    def schedule(self, func: Any) -> Scheduled:
        """Schedule a PrimFunc at stage tensor; it is not changed.

        Raises:
            ValueError: no rule applies.
        """
        notes: list[str] = []
        for rule in self._rules:
            if isinstance(rule, _SHARING) and not has_long_sum(func):
                continue
            try:
                with self._target:
                    made = rule.apply(func, self._target, False)
            except Exception as error:  # a rule meets what it does not expect
                notes.append(f"{type(rule).__name__}: {last_line(error)}")
                continue
            if made is None:
                continue
            sch = made[0] if isinstance(made, list) else made
            scheduled = sch.mod["main"].with_attr("tirx.is_scheduled", True)
            return Scheduled(scheduled, sch.trace, tuple(notes))
        raise ValueError("; ".join(["no rule of dlight applies", *notes]))


@schedules("opencl")
@schedules("cuda")
def gpu_scheduler(target: Any, threads: int) -> GpuScheduler:
    """The scheduler for a GPU; how many CPU threads there are is nothing to it."""
    return GpuScheduler(target)


def has_long_sum(func: Any) -> bool:
    """Whether some sum has enough terms for a block of threads to share it.

    The rules for reductions give every sum threads of its own, `GeneralReduction` a whole block:
    the nine terms of a depthwise convolution would occupy 256 of them.
    """
    blocks = normalize_prim_func(s_tir.Schedule(func)) or []
    return any(_terms(block) >= LONG_SUM for block in blocks)


def _terms(block: Any) -> float:
    """How many values a block sums for each element; infinite where that is not constant."""
    extents = [axis.dom for axis in block.iters if axis.kind == "R"]
    return math.prod(int(each) if isinstance(each, int) else math.inf for each in extents)
