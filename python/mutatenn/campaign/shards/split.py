"""Which shard each mutant belongs to, by what its mutants are predicted to cost."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence

from mutatenn.mutation.mutant import Mutant


def split(mutants: Sequence[Mutant], costs: Sequence[float], of: int) -> list[int]:
    """The shard of each mutant: the one with the least to do so far, the first of such.

    That is list scheduling. No two shards differ by more than the costliest group, wherever a
    sample ends: R. L. Graham, SIAM Journal on Applied Mathematics 17(2), 1969. Mutants of one
    place that follow one another stay together, as these turn out to be the same code most often.

    Args:
        mutants: the manifest's, in its order.
        costs: of each, in any unit.
        of: how many shards there are.
    """
    loads = [(0.0, shard) for shard in range(of)]
    owners: list[int] = []
    rows = zip(mutants, costs, strict=True)
    for _, group in itertools.groupby(rows, lambda row: (row[0].function, row[0].path)):
        some = list(group)
        load, shard = heapq.heappop(loads)
        heapq.heappush(loads, (load + sum(cost for _, cost in some), shard))
        owners += [shard] * len(some)
    return owners
