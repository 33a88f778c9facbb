"""Sums, products of which are contiguous in an output axis: convolution, matmul, pooling."""

from __future__ import annotations

import dataclasses
from typing import Any

from tvm import s_tir

from mutatenn.lowering.machine import Machine
from mutatenn.lowering.schedule.block_facts import Axis, Facts, axes_of
from mutatenn.lowering.schedule.cpu.padding import pad_where_read, paddings_of, slab_rows
from mutatenn.lowering.schedule.cpu.sharing import share
from mutatenn.lowering.tiles import Tile, choose_tile, divisors


@dataclasses.dataclass(frozen=True)
class Roles:
    """What a sum's axes are for: vector lanes, rows that share weights, blocks that share data.

    ``run`` is how many values of the vector axis lie side by side in all that is read along it.
    """

    vector: Axis
    run: int
    rows: Axis | None
    blocks: Axis | None
    shares_data: bool
    spatial: tuple[Axis, ...]
    reduced: tuple[Axis, ...]


def roles_of(facts: Facts) -> Roles | str:
    """The roles of a block's axes, or why it is no such sum."""
    if not facts.is_reduction or not facts.is_static:
        return "it is no sum over static axes"
    order = axes_of(facts.write.indices, facts.axes)
    spatial = [axis for axis in order if axis is not None]
    unit = [axis for axis in facts.axes if not axis.reduces and axis not in spatial]
    if any(axis.extent > 1 for axis in unit) or not spatial or order[-1] is None:
        return "it does not write each output at its own place"
    vector = spatial[-1]
    with_lanes = [read for read in facts.reads if read.uses(vector)]
    run = min((read.run(vector) for read in with_lanes), default=0)
    if run == 0:
        return "its last output axis is not contiguous in what it reads"
    shared = [read for read in facts.reads if not read.uses(vector)]
    outer = [axis for axis in spatial[:-1] if axis.extent > 1]

    def is_block(axis: Axis) -> bool:
        return bool(shared) and not any(read.uses(axis) for read in shared)

    rows = [axis for axis in outer if not is_block(axis)]
    blocks = [axis for axis in outer if is_block(axis)]
    return Roles(
        vector,
        run,
        rows[-1] if rows else None,
        blocks[-1] if blocks else None,
        bool(shared),
        tuple(axis for axis in facts.axes if not axis.reduces),
        tuple(axis for axis in facts.axes if axis.reduces),
    )


def schedule_vector_sum(
    sch: s_tir.Schedule, block: Any, epilogue: Any | None, machine: Machine
) -> str:
    """Tile for registers, vectorise the last axis, share the outer loops among threads.

    Args:
        sch: the schedule, changed in place if the rule applies.
        block: the sum.
        epilogue: the block that reads it element by element, if there is one.
        machine: what to schedule for.

    Returns:
        Why the rule does not apply; empty if it does.
    """
    facts = Facts(sch, block)
    roles = roles_of(facts)
    if isinstance(roles, str):
        return roles
    lanes = max(divisors(roles.run, machine.lanes))
    if lanes < 4:
        return f"its last axis has runs of {roles.run}, which fill no vector"
    loops = dict(zip((axis.index for axis in facts.axes), sch.get_loops(block), strict=True))
    blocks = roles.blocks.extent if roles.blocks else roles.vector.extent // lanes
    tile = choose_tile(roles.rows.extent if roles.rows else 1, blocks, machine)
    slab = _slab(sch, block, roles)
    outer, between, inner = _split(sch, roles, loops, tile, lanes, slab)
    reduced = [loops[axis.index] for axis in roles.reduced]
    sch.reorder(*outer, *between, *reduced, *inner)
    shared = share(sch, outer, facts.work)
    assert shared is not None
    if slab is not None:
        pad_where_read(sch, slab.padding, shared)
    if epilogue is None:
        epilogue = sch.cache_write(block, 0, "local")
    sch.reverse_compute_at(epilogue, between[-1] if between else shared, preserve_unit_loops=True)
    _finish_epilogue(sch, epilogue, lanes)
    for loop in inner[:-1]:
        sch.unroll(loop)
    sch.vectorize(inner[-1])
    sch.decompose_reduction(block, reduced[0])
    return ""


@dataclasses.dataclass(frozen=True)
class Slab:
    """A padding that is filled piece by piece: ``size`` values of ``axis`` at a time."""

    padding: Any
    axis: Axis
    size: int


def _slab(sch: s_tir.Schedule, block: Any, roles: Roles) -> Slab | None:
    """The piece of padding to fill at a time, where each piece is read by one piece of output.

    A sum that shares data between blocks of outputs would pad once for each of them.
    """
    paddings = paddings_of(sch, block)
    before = [axis for axis in roles.spatial if axis not in (roles.vector, roles.rows)]
    if roles.shares_data or roles.rows is None or len(paddings) != 1 or not before:
        return None
    axis = before[-1]
    return Slab(paddings[0], axis, slab_rows(sch, paddings[0], axis.extent))


def _split(
    sch: s_tir.Schedule,
    roles: Roles,
    loops: dict[int, Any],
    tile: Tile,
    lanes: int,
    slab: Slab | None,
) -> tuple[list[Any], list[Any], list[Any]]:
    """Loops to share, loops within a slab, and the tile's own: rows, blocks, lanes."""
    outer: list[Any] = []
    between: list[Any] = []
    rows: list[Any] = []
    blocks: list[Any] = []
    vector: list[Any] = []
    within = outer if slab is None else between
    for axis in roles.spatial:
        loop = loops[axis.index]
        if axis is roles.rows:
            rest, part = sch.split(loop, factors=[None, tile.rows])
            within.append(rest)
            rows.append(part)
        elif axis is roles.blocks:
            rest, part = sch.split(loop, factors=[None, tile.blocks])
            outer.append(rest)
            blocks.append(part)
        elif axis is roles.vector:
            per_tile = 1 if roles.blocks else tile.blocks
            rest, part, lane = sch.split(loop, factors=[None, per_tile, lanes])
            within.append(rest)
            blocks.append(part)
            vector.append(lane)
        elif slab is not None and axis is slab.axis:
            rest, part = sch.split(loop, factors=[None, slab.size])
            outer.append(rest)
            between.append(part)
        else:
            outer.append(loop)
    return outer, between, [*rows, *blocks, *vector]


def _finish_epilogue(sch: s_tir.Schedule, epilogue: Any, lanes: int) -> None:
    """Vectorise what reverse_compute_at has put under the shared loop."""
    if Facts(sch, epilogue).axes[-1].extent % lanes:
        return  # a tile's last vector is cut off by a condition, which vectors cannot have
    last = sch.get_loops(epilogue)[-1]
    extent = int(sch.get(last).extent)
    size = max(divisors(extent, lanes))
    if size < 2:
        return
    if size < extent:
        _, last = sch.split(last, factors=[None, size])
    sch.vectorize(last)
