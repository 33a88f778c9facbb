"""Mutants that could not take the original's schedule, set apart by what they are compared with."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from mutatenn.campaign.compiled import Compiled
from mutatenn.campaign.trials import Trials
from mutatenn.campaign.verdict import Verdict
from mutatenn.mutation.mutant import Mutant

RESCHEDULED = "rescheduled"
"""Mark of a mutant that was compared with the original under another schedule than its own."""


@dataclasses.dataclass
class Group:
    """Mutants of some kernels, mostly one, and the originals of these compiled in their way.

    Another schedule rounds differently, so that the campaign's golden answers cannot be compared
    bit by bit: a group has a golden run of its own, of the program with these kernels in place.
    """

    originals: dict[str, Compiled]
    mutants: list[tuple[Mutant, Compiled]]

    def remove_libraries(self) -> None:
        """Remove the originals' libraries; nothing may run them afterwards."""
        for original in self.originals.values():
            original.remove_libraries()


class SetApart:
    """Takes rescheduled mutants out of a stream, and gives them in groups afterwards."""

    def __init__(self) -> None:
        self._groups: dict[tuple[tuple[str, str], ...], Group] = {}

    def filtered(
        self, compiled: Iterable[tuple[Mutant, Compiled]], trials: Trials
    ) -> Iterator[tuple[Mutant, Compiled]]:
        """The mutants under their original's schedule, or decided already; the others are kept."""
        for mutant, one in compiled:
            if not one.originals(mutant):
                yield mutant, one
            elif trials.beforehand(mutant, one) is not None:
                one.remove_originals(mutant)
                yield mutant, one
            else:
                self._keep(mutant, one)

    def groups(self) -> list[Group]:
        """The others, those with the same original code together, by their first mutant."""
        return list(self._groups.values())

    def _keep(self, mutant: Mutant, compiled: Compiled) -> None:
        originals = compiled.originals(mutant)
        key = tuple(sorted((name, one.artifact) for name, one in originals.items()))
        if key not in self._groups:
            self._groups[key] = Group(originals, [])
        else:
            compiled.remove_originals(mutant)
        self._groups[key].mutants.append((mutant, compiled))


def marked(verdict: Verdict, compiled: Compiled) -> Verdict:
    """The verdict, with what is known of how the mutant was made.

    That is how it was scheduled, where not in the original's way, and what of a mutated graph's
    program is not the original's.
    """
    if compiled.program:
        evidence = {**verdict.evidence, "program": compiled.program}
        verdict = dataclasses.replace(verdict, evidence=evidence)
    if not compiled.rescheduled:
        return verdict
    return dataclasses.replace(
        verdict,
        marks=(*verdict.marks, RESCHEDULED),
        evidence={**verdict.evidence, "schedule": compiled.rescheduled},
    )
