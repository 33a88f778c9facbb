"""A whole kernel on a CPU: inline, find its sums, schedule each by the first rule that applies."""

from __future__ import annotations

from typing import Any

import tvm
from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Facts
from mutatenn.lowering.schedule.cpu.injective import schedule_injective
from mutatenn.lowering.schedule.cpu.inlining import blocks_of, inline_elementwise
from mutatenn.lowering.schedule.cpu.padding import paddings_of, schedule_padding
from mutatenn.lowering.schedule.cpu.ragged import pad_ragged
from mutatenn.lowering.schedule.cpu.row_sum import schedule_row_sum
from mutatenn.lowering.schedule.cpu.sharing import share
from mutatenn.lowering.schedule.cpu.vector_sum import schedule_vector_sum
from mutatenn.lowering.schedule.scheduler import Scheduled, schedules


class CpuScheduler:
    """Schedules kernels for one CPU."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.lanes = machine.lanes

    def schedule(self, func: Any) -> Scheduled:
        """Schedule a PrimFunc at stage tensor; it is not changed."""
        sch, notes = schedule_kernel(func, self._machine)
        scheduled = sch.mod["main"].with_attr("tirx.is_scheduled", True)
        return Scheduled(scheduled, sch.trace, tuple(notes))

    @property
    def plainer(self) -> tuple[CpuScheduler, ...]:
        """None: without a schedule a kernel runs on a CPU as it is."""
        return ()

    def bare(self, func: Any) -> Any:
        """The PrimFunc itself."""
        return func


@schedules("llvm")
def cpu_scheduler(target: Any, threads: int) -> CpuScheduler:
    """The scheduler for a target of kind llvm."""
    return CpuScheduler(Machine.of(target, threads))


def schedule_kernel(func: Any, machine: Machine) -> tuple[s_tir.Schedule, list[str]]:
    """Schedule one PrimFunc; returns the schedule and why rules did not apply."""
    sch = s_tir.Schedule(tvm.IRModule({"main": func}))
    notes: list[str] = []
    inline_elementwise(sch)
    padded = [pad_ragged(sch, facts, machine) for facts in _facts(sch)]
    if any(padded):
        inline_elementwise(sch)
    # Told apart before sums are split into parts of their own.
    maps = {facts.name: facts for facts in _facts(sch) if facts.is_injective}
    for facts in _facts(sch):
        if facts.is_injective:
            continue
        paddings = [Facts(sch, each).name for each in paddings_of(sch, facts.block)]
        epilogue = _epilogue(sch, facts.block)
        refusals = _first_rule(sch, facts, epilogue, machine)
        notes += [f"{facts.name}: {why}" for why in refusals]
        if epilogue is not None and _is_inside(sch, epilogue):
            del maps[Facts(sch, epilogue).name]
        for name in paddings:
            padding = maps.pop(name).block
            if not _is_inside(sch, padding):
                schedule_padding(sch, padding, machine)
    for facts in maps.values():
        schedule_injective(sch, facts.block, machine)
    return sch, notes


def _first_rule(
    sch: s_tir.Schedule, facts: Facts, epilogue: Any | None, machine: Machine
) -> list[str]:
    """Schedule a sum by the first rule that applies; returns why the others did not."""
    refusals = [schedule_vector_sum(sch, facts.block, epilogue, machine)]
    if refusals[-1]:
        refusals.append(schedule_row_sum(sch, facts.block, machine))
    if refusals[-1] and facts.is_static:
        # Any sum can be shared over what it does not sum.
        spatial = sum(not axis.reduces for axis in facts.axes)
        share(sch, sch.get_loops(facts.block)[:spatial], facts.work)
    return [why for why in refusals if why]


def _facts(sch: s_tir.Schedule) -> list[Facts]:
    return [Facts(sch, block) for block in blocks_of(sch)]


def _is_inside(sch: s_tir.Schedule, block: Any) -> bool:
    """Whether a rule has put a block into the loops of another."""
    return len(sch.get_loops(block)) > len(Facts(sch, block).axes)


def _epilogue(sch: s_tir.Schedule, block: Any) -> Any | None:
    """The one block that reads the sum, if it maps elements."""
    consumers = sch.get_consumers(block)
    if len(consumers) != 1 or not Facts(sch, consumers[0]).is_injective:
        return None
    return consumers[0]
