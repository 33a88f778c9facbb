"""A model as the kernels that mutants are planted in, and what is compiled once they are."""

from __future__ import annotations

import dataclasses
from typing import Any

from mutatenn.lowering.replay import schedule_mutated
from mutatenn.lowering.schedule import Scheduler
from mutatenn.lowering.scheduling import schedule_kernels, scheduler_of
from mutatenn.lowering.stage import at_stage
from mutatenn.lowering.tensor_stage import with_kernels


@dataclasses.dataclass(frozen=True)
class Program:
    """A module at one stage; under schedules its graph is prepared.

    ``lowered`` says whether it was lowered to get there, and ``notes`` by kernel why rules of its
    schedule did not apply. ``unfinished`` schedules what is still to be scheduled.
    """

    module: Any
    lowered: bool
    notes: dict[str, tuple[str, ...]]
    unfinished: Scheduler | None = None

    def finished(self, mutated: Any) -> tuple[Any, dict[str, str]]:
        """What to compile when ``module`` with mutants in it is ``mutated``.

        Returns:
            The module, and by mutated kernel how it was scheduled, where not as the original is.
        """
        if self.unfinished is None:
            return mutated, {}
        return schedule_mutated(self.module, mutated, self.unfinished)


def program_of(mod: Any, stage: str, target: str, schedule: str, threads: int = 1) -> Program:
    """A model at a stage, with or without schedules.

    Args:
        mod: an IRModule; it is not changed.
        stage: ``tensor`` (kernels are not scheduled yet) or ``kernel`` (flat code for the target).
        target: target text.
        schedule: ``none`` or ``default``, as for ``lower``.
        threads: how many threads share a kernel's work; for schedules.

    Raises:
        InputError: there is no such stage, target or schedule, the module holds no code that can be
            brought there, or TVM cannot lower a kernel for the target.
    """
    scheduler = scheduler_of(schedule, target, threads)
    if scheduler is None:
        return Program(*at_stage(mod, stage, target), {})
    kernels, lowered = with_kernels(mod, scheduler.lanes)
    scheduled, notes = schedule_kernels(kernels, scheduler)
    if stage == "tensor":
        return Program(kernels, lowered, notes, scheduler)
    return Program(*at_stage(scheduled, stage, target), notes)
