"""The walk through a manifest: which mutants are next, until enough of them are runnable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mutatenn.campaign.until import Until
from mutatenn.campaign.verdict import AWAY
from mutatenn.mutation.mutant import Mutant

Size = int | Until | None
"""How many runnable mutants are wanted; ``None`` for all of them."""
_TAKEN = ""
"""Stands for the verdict of a mutant that was taken and has none yet: it may be runnable."""


def due(mutants: Sequence[Mutant], verdicts: Mapping[str, str], size: Size) -> list[Mutant]:
    """Mutants to take next: with fewer, there would be too few even if all of them are runnable.

    What is walked is thereby always a beginning of ``mutants`` that ends with a runnable one, and
    never are more than ``size`` of it runnable. Those without a verdict in the midst of it, which
    were in flight or are tried again, come first.

    Args:
        mutants: the manifest's, in its order.
        verdicts: those that have fallen, by mutant; those proved away do not count.
        size: how many runnable mutants are wanted; where that depends on verdicts, there may be
            more when all that are due have one.
    """
    if isinstance(size, Until):
        size = size.size(mutants, verdicts)
    undecided = [index for index, mutant in enumerate(mutants) if mutant.id not in verdicts]
    if size is not None:
        runnable = [
            i for i, mutant in enumerate(mutants) if verdicts.get(mutant.id, AWAY[0]) not in AWAY
        ]
        amid = sum(index < max(runnable, default=0) for index in undecided)
        undecided = undecided[: max(amid, size - len(runnable))]
    return [mutants[index] for index in undecided]


class Walk:
    """Gives mutants in batches; a batch makes up for those of the last that were proved away."""

    def __init__(self, mutants: Sequence[Mutant], size: Size, verdicts: Mapping[str, str]) -> None:
        """Begin, or go on after a resumption; arguments as for ``due``."""
        self._mutants = mutants
        self._size = size
        self._verdicts = dict(verdicts)

    def batch(self) -> list[Mutant]:
        """The mutants to take next; none when there are enough, or no more."""
        found = due(self._mutants, self._verdicts, self._size)
        self._verdicts |= dict.fromkeys((mutant.id for mutant in found), _TAKEN)
        return found

    def undecided(self) -> list[Mutant]:
        """All mutants without a verdict, wanted or not."""
        return due(self._mutants, self._verdicts, None)

    def wanted(self) -> int:
        """How many mutants the next batch has."""
        return len(due(self._mutants, self._verdicts, self._size))

    def decided(self, mutant: str, verdict: str) -> None:
        """A verdict has fallen."""
        self._verdicts[mutant] = verdict
