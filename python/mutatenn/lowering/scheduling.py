"""Schedules of a whole module: which there are, and every kernel under its own."""

from __future__ import annotations

import re
from typing import Any

from tvm import s_tir, tirx

from mutatenn import _core
from mutatenn.errors import InputError
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.schedule import Scheduled, Scheduler, scheduler_for
from mutatenn.tvm_errors import last_line

SCHEDULES = ("none", "default")
"""TVM's kernels as fusion leaves them; or prepared graphs with kernels scheduled by rule."""


def require_schedule(name: str) -> None:
    """Refuse a name that stands for no schedules.

    Raises:
        InputError: it is none of ``SCHEDULES``.
    """
    if name not in SCHEDULES:
        raise InputError(f"there is no schedule {name!r}; choose one of: {', '.join(SCHEDULES)}")


def scheduler_of(name: str, target: str, threads: int) -> Scheduler | None:
    """What schedules kernels; ``None`` for the name ``none``.

    Args:
        name: one of ``SCHEDULES``.
        target: target text.
        threads: how many threads share a kernel's work.

    Raises:
        InputError: there is no such name or target, or no schedules for its kind.
    """
    require_schedule(name)
    return None if name == "none" else scheduler_for(parse_target(target), threads)


def schedule_kernels(mod: Any, scheduler: Scheduler) -> tuple[Any, dict[str, tuple[str, ...]]]:
    """A module with its kernels scheduled, and what rules said that did not apply.

    Args:
        mod: a module with kernels at stage tensor; it is not changed. Kernels that are flat or
            scheduled already stay as they are.
        scheduler: what schedules each kernel.

    Returns:
        The module, and the notes of each kernel that has some, by its name.
    """
    scheduled = mod.clone()
    notes: dict[str, tuple[str, ...]] = {}
    for var, func in mod.functions.items():
        if not isinstance(func, tirx.PrimFunc):
            continue
        done = schedule_kernel(func, scheduler)
        scheduled.update_func(var, done.func)
        if done.notes:
            notes[str(var.name_hint)] = done.notes
    return scheduled, notes


def schedule_kernel(func: Any, scheduler: Scheduler) -> Scheduled:
    """One kernel under its schedule; one that has no place for it stays as it is, with a note.

    Args:
        func: a PrimFunc of either stage; flat ones, and those scheduled before, stay as they are.
        scheduler: what schedules it.
    """
    if _core.stage_of(func) != "tensor" or is_scheduled(func):
        return _unscheduled(func)
    try:
        return scheduler.schedule(func)
    except MemoryError:
        raise  # no fault of the kernel's
    except Exception as error:  # TVM raises whatever a step meets
        return _unscheduled(scheduler.bare(func), f"it is not scheduled: {refusal(error)}")


def _unscheduled(func: Any, *notes: str) -> Scheduled:
    return Scheduled(func, s_tir.schedule.Trace([], {}), notes)


def refusal(error: Exception) -> str:
    """What TVM says against a schedule's step; most of its message is the function, drawn twice."""
    step = re.search(r"schedule primitive '([\w-]+)'", str(error))
    said = re.search(r"^Error message: (?:ScheduleError: )?(.*)", str(error), re.MULTILINE)
    parts = [match.group(1) for match in (step, said) if match is not None]
    return ": ".join(parts) or last_line(error)


def has_scheduled(mod: Any) -> bool:
    """Whether any kernel of a module went through a schedule."""
    kernels = (func for func in mod.functions.values() if isinstance(func, tirx.PrimFunc))
    return any(is_scheduled(func) for func in kernels)


def is_scheduled(func: Any) -> bool:
    """Whether a PrimFunc says that it went through a schedule."""
    return bool((func.attrs or {}).get("tirx.is_scheduled"))
