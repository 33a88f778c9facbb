"""Paddings that sums read: filled where they are read, or copied once without a condition."""

from __future__ import annotations

import math
from typing import Any

from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Facts
from mutatenn.lowering.schedule.cpu.injective import schedule_injective
from mutatenn.lowering.tiles import divisors

SLAB_BYTES = 24 * 1024
"""What a padded slab may take, so that it stays in a first-level cache with what is beside it."""


def paddings_of(sch: s_tir.Schedule, block: Any) -> list[Any]:
    """The blocks that pad what a sum reads."""
    return [each for each in sch.get_producers(block) if Facts(sch, each).has_guard]


def slab_rows(sch: s_tir.Schedule, padding: Any, rows: int) -> int:
    """How many rows of outputs a slab of padded input should serve: a divisor of ``rows``.

    Args:
        sch: the schedule.
        padding: the padding; its rows are axis 2 of (N, C, H, W, block) or (N, C, H, W).
        rows: rows of outputs, which axis 2 of the padding is read for.
    """
    _, _, height, *rest = (int(size) for size in Facts(sch, padding).write.buffer.shape)
    row_bytes = 4 * math.prod(rest)
    per_row = max(1.0, height / rows)
    fitting = [size for size in divisors(rows, rows) if size * per_row * row_bytes <= SLAB_BYTES]
    return max(fitting, default=1)


def pad_where_read(sch: s_tir.Schedule, padding: Any, loop: Any) -> None:
    """Fill the part of a padding that one turn of a loop reads, right there, by vectors."""
    sch.compute_at(padding, loop, preserve_unit_loops=True)
    last = sch.get_loops(padding)[-1]
    extent = int(sch.get(last).extent)
    if 1 < extent <= 16:
        sch.vectorize(last)


def schedule_padding(sch: s_tir.Schedule, padding: Any, machine: Machine) -> None:
    """A padding on its own: by vectors of channels, else as a fill and a copy."""
    facts = Facts(sch, padding)
    whole = max(divisors(facts.axes[-1].extent, machine.lanes)) >= machine.lanes // 2
    if whole and not facts.guard_uses(facts.axes[-1]):
        schedule_injective(sch, padding, machine)
        return
    fill = sch.decompose_padding(padding, sch.get_loops(padding)[0])
    schedule_injective(sch, fill, machine)
    schedule_injective(sch, padding, machine)
