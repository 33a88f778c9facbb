"""Strata of a population, and a sample that each of them has its share of."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from mutatenn.mutation.mutant import Mutant

BY = ("operator", "layer", "function")
"""What strata are made by."""


def stratum_of(mutant: Mutant, by: str) -> str:
    """The stratum of a mutant; of one in a kernel of several layers, all of them together."""
    if by == "layer":
        return ", ".join(mutant.layers)
    return mutant.operator if by == "operator" else mutant.function


def allocated(sizes: Mapping[str, int], sample: int) -> dict[str, int]:
    """How many each stratum gives to a sample: in proportion, the largest remainders first.

    Each gives one at least where the sample is large enough for that, and none more than it has.
    Source: proportional allocation, W. G. Cochran, Sampling Techniques, 3rd edition, 1977, 5.5.

    Args:
        sizes: mutants in each stratum, one or more.
        sample: how many to draw; at most all of them are.
    """
    total = sum(sizes.values())
    sample = min(sample, total)
    least = 1 if sample >= len(sizes) else 0
    shares = {name: sample * size / total for name, size in sizes.items()}
    given = {name: max(int(share), least) for name, share in shares.items()}
    # Largest remainder first; those that the least has raised already come last.
    order = sorted(sizes, key=lambda name: (given[name] - shares[name], name))
    while sum(given.values()) < sample:
        name = next(one for one in order if given[one] < sizes[one])
        given[name] += 1
        order.sort(key=lambda one: (given[one] - shares[one], one))
    while sum(given.values()) > sample:
        # The least has given too many: those take back that exceed their shares the most.
        name = max(
            (one for one in sizes if given[one] > least), key=lambda n: (given[n] - shares[n], n)
        )
        given[name] -= 1
    return given


def stratified(mutants: Sequence[Mutant], sample: int, seed: int, by: str) -> tuple[Mutant, ...]:
    """All mutants, those first that a stratified sample takes, then those that replace some.

    Within a stratum the order is a seeded permutation. The first ``sample`` hold of each stratum
    what it is allocated; whoever follows, in place of mutants that are proved away, comes from the
    strata in proportion too.

    Args:
        mutants: the population.
        sample: how many runnable ones are wanted.
        seed: of the permutations.
        by: one of ``BY``.
    """
    source = random.Random(seed)
    strata: dict[str, list[Mutant]] = {}
    for mutant in sorted(mutants, key=lambda mutant: mutant.id):
        strata.setdefault(stratum_of(mutant, by), []).append(mutant)
    for name in sorted(strata):
        source.shuffle(strata[name])
    given = allocated({name: len(some) for name, some in strata.items()}, sample)
    first = [mutant for name in sorted(strata) for mutant in strata[name][: given[name]]]
    source.shuffle(first)
    rest = [
        ((place + 0.5) / len(some), name, mutant)
        for name, some in strata.items()
        for place, mutant in enumerate(some)
        if place >= given[name]
    ]
    rest.sort(key=lambda row: (row[0], row[1]))
    return (*first, *(mutant for _, _, mutant in rest))
