"""Mutated kernels under the schedule of the original: replayed, else afresh, else without one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import tvm
import tvm_ffi
from tvm import s_tir

from mutatenn import _core
from mutatenn.lowering.schedule import Scheduled, Scheduler
from mutatenn.lowering.scheduling import (
    is_scheduled,
    refusal,
    schedule_kernel,
    schedule_kernels,
)
from mutatenn.mutation.diff import changed_functions

AFRESH = "scheduled afresh"
UNSCHEDULED = "not scheduled"


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One way to schedule a mutated kernel.

    ``original`` is the original kernel under the very same steps, to compare with; ``None`` where
    the steps are those of the original, which has its answers already. ``how`` says then what was
    done instead, and why; it is empty for a replay.
    """

    func: Any
    original: Any | None = None
    how: str = ""


def replay(trace: s_tir.schedule.Trace, func: Any) -> Any:
    """A PrimFunc after the steps of a trace that was made on another.

    Args:
        trace: what ``Scheduled`` holds.
        func: a PrimFunc at stage tensor; it is not changed.

    Raises:
        Exception: whatever TVM raises where a step does not fit the function.
    """
    sch = s_tir.Schedule(tvm.IRModule({"main": func}))
    trace.apply_to_schedule(sch, remove_postproc=False)
    return sch.mod["main"].with_attr("tirx.is_scheduled", True)


def attempts(
    scheduler: Scheduler, scheduled: Scheduled, original: Any, mutant: Any
) -> Iterator[Attempt]:
    """Ways to schedule a mutated kernel, the best first; the last one always works.

    A mutant of a kernel that has no schedule gets none either. A way that leaves mutant and
    original alike is passed over: it may have lost the fault, and the code without schedules tells
    whether there is one.

    Args:
        scheduler: what scheduled the original.
        scheduled: the original under its schedule.
        original: the PrimFunc before the mutation, not scheduled.
        mutant: the PrimFunc after it, not scheduled.
    """
    if not scheduled.trace.insts:
        yield Attempt(_as_it_runs(scheduler, mutant))
        return
    try:
        func = replay(scheduled.trace, mutant)
        reason = "the original's schedule hides the mutation"
        if not tvm_ffi.structural_equal(func, scheduled.func):
            yield Attempt(func)
            reason = "TVM does not compile it under the original's schedule"
    except MemoryError:
        raise  # no fault of the schedule's
    except Exception as error:  # TVM raises whatever a step meets
        reason = f"the original's schedule does not fit ({refusal(error)})"
    for other in (scheduler, *scheduler.plainer):
        try:
            fresh = other.schedule(mutant)
            twin = replay(fresh.trace, original)
            if not tvm_ffi.structural_equal(fresh.func, twin):
                yield Attempt(fresh.func, twin, f"{AFRESH}, as {reason}")
                reason = "TVM does not compile it under a fresh one"
        except MemoryError:
            raise
        except Exception as error:
            reason = f"{reason}, nor does a fresh one ({refusal(error)})"
    yield Attempt(scheduler.bare(mutant), scheduler.bare(original), f"{UNSCHEDULED}, as {reason}")


def _as_it_runs(scheduler: Scheduler, func: Any) -> Any:
    """A mutant of a kernel whose original has no schedule; flat ones are past needing one."""
    flat = _core.stage_of(func) != "tensor"
    return func if flat or is_scheduled(func) else scheduler.bare(func)


def schedule_mutated(before: Any, after: Any, scheduler: Scheduler) -> tuple[Any, dict[str, str]]:
    """A module with mutated kernels, all of them scheduled.

    Args:
        before: the module without mutants, at stage tensor.
        after: the same with mutants; it is not changed.
        scheduler: what schedules each kernel.

    Returns:
        The module, and by mutated kernel how it was scheduled, where not as the original is.
    """
    scheduled, _ = schedule_kernels(after, scheduler)
    ways: dict[str, str] = {}
    for name in changed_functions(before, after):
        own = schedule_kernel(before[name], scheduler)
        attempt = next(attempts(scheduler, own, before[name], after[name]))
        scheduled.update_func(scheduled.get_global_var(name), attempt.func)
        if attempt.how:
            ways[name] = attempt.how
    return scheduled, ways
