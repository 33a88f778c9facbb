"""Inlining: blocks that only map elements disappear into those that read them."""

from __future__ import annotations

from typing import Any

from tvm import s_tir

from mutatenn.lowering.schedule.block_facts import Facts


def blocks_of(sch: s_tir.Schedule) -> list[Any]:
    """The blocks of the kernel in the order in which they run."""
    root = sch.get_sblock("root")
    return list(sch.get_child_blocks(root))


def inline_elementwise(sch: s_tir.Schedule) -> None:
    """Inline every block that maps elements, except paddings that sums read and the last block.

    A padding is read many times by a sum, and its condition would be asked each time.
    """
    for block in blocks_of(sch):
        facts = Facts(sch, block)
        consumers = sch.get_consumers(block)
        if not facts.is_injective or not consumers:
            continue
        feeds_sum = any(Facts(sch, consumer).is_reduction for consumer in consumers)
        if feeds_sum and (facts.has_guard or len(facts.reads) > 1):
            continue
        try:
            sch.compute_inline(block)
        except s_tir.schedule.ScheduleError:
            continue
