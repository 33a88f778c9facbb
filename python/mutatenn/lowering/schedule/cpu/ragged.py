"""Products whose extents no vector divides, such as 197 tokens: padded up to whole tiles first."""

from __future__ import annotations

from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Axis, Facts, axes_of
from mutatenn.lowering.tiles import MOST_WASTE, waste, whole_rows


def pad_ragged(sch: s_tir.Schedule, facts: Facts, machine: Machine) -> bool:
    """Pad a sum of products to multiples of a vector and of a register tile, if that pays.

    Only sums all of whose accesses are plain axes; the added terms are products with zeros that
    lie in rows and columns of their own, so no result changes.

    Args:
        sch: the schedule, changed in place.
        facts: the sum.
        machine: what to schedule for.

    Returns:
        Whether the sum was padded.
    """
    if not facts.is_reduction or not facts.is_static or not _is_einsum(facts):
        return False
    spatial = [axis for axis in facts.axes if not axis.reduces]
    if len(spatial) < 2:
        return False
    *_, rows, columns = spatial
    multiples = {columns.index: _vector(columns, machine), rows.index: whole_rows(rows.extent)}
    padding = [multiples.get(axis.index, 1) for axis in facts.axes]
    if all(axis.extent % size == 0 for axis, size in zip(facts.axes, padding, strict=True)):
        return False
    try:
        sch.pad_einsum(facts.block, padding)
    except s_tir.schedule.ScheduleError:
        return False
    return True


def _vector(axis: Axis, machine: Machine) -> int:
    return machine.lanes if waste(axis.extent, machine.lanes) <= MOST_WASTE else 1


def _is_einsum(facts: Facts) -> bool:
    accesses = (facts.write, *facts.reads)
    plain = all(None not in axes_of(access.indices, facts.axes) for access in accesses)
    return plain and len(facts.reads) == 2
