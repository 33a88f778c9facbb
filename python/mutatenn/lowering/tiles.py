"""Register tiles: how many outputs a loop nest keeps in vector registers at once."""

from __future__ import annotations

import dataclasses

from mutatenn.lowering.machine import Machine

LATENCY = 4
"""Cycles until the sum of a fused multiply-add can be used again, on the CPUs of today."""
PER_CYCLE = 2
"""Multiply-adds and vector loads that such a CPU begins in a cycle."""


STREAMS = 8
"""Runs of weights that are read side by side; more defeat the hardware's prefetching."""


@dataclasses.dataclass(frozen=True)
class Tile:
    """``rows`` outputs along the axis that shares weights times ``blocks`` vectors of weights."""

    rows: int
    blocks: int


ROWS = range(6, 15)
"""Rows for which it pays to add rows of zeros, where no such number divides what is there."""
MOST_WASTE = 0.15
"""Share of additional work that padding may cost."""


def choose_tile(rows: int, blocks: int, machine: Machine) -> Tile:
    """The tile of least estimated cycles per multiply-add among those that fit the registers.

    A tile of r rows and b blocks costs, per term of the sum, ``r * b`` multiply-adds, ``b`` loads
    of weights and, if b > 1, ``r`` loads of data; it takes the longest of what the multiply-adds,
    the loads and the latency of one sum take. Only divisors are tried: a rest would need code of
    its own. Ties go to fewer blocks, then to more rows.

    Args:
        rows: extent of the axis along which weights are shared.
        blocks: vectors of outputs that share data.
        machine: number of registers.
    """
    budget = machine.registers - 4

    def cost(tile: Tile) -> float:
        sums = tile.rows * tile.blocks
        loads = tile.blocks + (tile.rows if tile.blocks > 1 else 0)
        cycles = max(sums / PER_CYCLE, loads / PER_CYCLE, LATENCY)
        return cycles / sums

    tiles = [
        Tile(r, b)
        for r in divisors(rows, budget)
        for b in divisors(blocks, budget)
        if r * b <= budget and (b <= 2 or r < 4) and b <= STREAMS
    ]
    return min(tiles, key=lambda tile: (round(cost(tile), 4), tile.blocks, -tile.rows))


def divisors(number: int, most: int) -> list[int]:
    """Divisors of a number up to ``most``, smallest first."""
    return [size for size in range(1, min(number, most) + 1) if number % size == 0]


def whole_rows(rows: int) -> int:
    """The number that a count of rows should be padded to a multiple of; 1: to none.

    Where a number of ``ROWS`` divides it, or it is smaller than those, nothing is to be added.
    """
    if rows < min(ROWS) or max(divisors(rows, max(ROWS))) >= min(ROWS):
        return 1
    best = min(ROWS, key=lambda size: (waste(rows, size), -size))
    return best if waste(rows, best) <= MOST_WASTE else 1


def waste(extent: int, multiple: int) -> float:
    """The share that padding an extent to a multiple adds to it."""
    return -extent % multiple / extent
