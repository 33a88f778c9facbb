"""Sums along contiguous memory: one partial sum per vector lane, joined at the end."""

from __future__ import annotations

from typing import Any

from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Facts
from mutatenn.lowering.schedule.cpu.sharing import share
from mutatenn.lowering.tiles import divisors


def schedule_row_sum(sch: s_tir.Schedule, block: Any, machine: Machine) -> str:
    """Split the last summed axis into lanes that are summed side by side (rfactor).

    Returns:
        Why the rule does not apply; empty if it does.
    """
    facts = Facts(sch, block)
    reduced = [axis for axis in facts.axes if axis.reduces]
    if not facts.is_reduction or not facts.is_static:
        return "it is no sum over static axes"
    last = reduced[-1]
    if not any(read.run(last) == last.extent for read in facts.reads):
        return "its last summed axis is not contiguous in what it reads"
    lanes = max(divisors(last.extent, machine.lanes))
    if lanes < 4:
        return f"its last summed axis of {last.extent} fills no vector"
    loop = sch.get_loops(block)[last.index]
    _, lane = sch.split(loop, factors=[None, lanes])
    try:
        partial = sch.rfactor(lane, factor_axis=len(facts.write.indices))
    except s_tir.schedule.ScheduleError:
        return "its sum cannot be split"
    loops = sch.get_loops(partial)
    spatial = len(facts.axes) - len(reduced)
    sch.vectorize(loops[-1])
    shared = share(sch, loops[:spatial], facts.work)
    sch.decompose_reduction(partial, loops[spatial])
    if shared is not None:
        # The lanes of a row are joined by the thread that has summed them.
        sch.reverse_compute_at(block, shared, preserve_unit_loops=True)
    return ""
