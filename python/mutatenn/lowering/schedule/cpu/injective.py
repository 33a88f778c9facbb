"""Elementwise code, copies and layouts: vectors along the last axis, the rest shared by threads."""

from __future__ import annotations

from typing import Any

from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Facts, axes_of
from mutatenn.lowering.schedule.cpu.sharing import share
from mutatenn.lowering.tiles import divisors

WORTH = 1 << 14
"""Elements from which on sharing a copy pays: it moves eight bytes for each."""


def schedule_injective(sch: s_tir.Schedule, block: Any, machine: Machine) -> None:
    """Schedule a block whose loops are as the tensor expression made them."""
    facts = Facts(sch, block)
    loops = sch.get_loops(block)
    if not loops:
        return
    if _is_flat(facts):
        whole = sch.fuse(*loops)
        _vectorize(sch, [whole], facts.work, facts.work, machine)
        return
    _vectorize(sch, loops, facts.axes[-1].extent, facts.work, machine)


def _vectorize(
    sch: s_tir.Schedule, loops: list[Any], extent: int, work: int, machine: Machine
) -> None:
    *outer, last = loops
    lanes = max(divisors(extent, machine.lanes))
    if lanes > 1:
        rest, vector = sch.split(last, factors=[None, lanes])
        sch.vectorize(vector)
        outer = [*outer, rest]
    share(sch, outer, work, WORTH)


def _is_flat(facts: Facts) -> bool:
    """Whether every access is to the block's own place, in buffers of one shape."""
    own = [str(size) for size in facts.write.buffer.shape]
    return all(
        [axis and axis.index for axis in axes_of(access.indices, facts.axes)]
        == list(range(len(facts.axes)))
        and [str(size) for size in access.buffer.shape] == own
        for access in (facts.write, *facts.reads)
    )
