"""The one mutant that a beginning of its id names, or the ones that may have been meant."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

NAMED = 3
"""Mutants that are named in a refusal."""


def find_mutant(mutants: Sequence[Mutant], prefix: str, folder: Path) -> Mutant:
    """The mutant whose id begins with ``prefix``; the operator's name may be left out.

    Args:
        mutants: a campaign's.
        prefix: as the user wrote it.
        folder: the campaign's, for the message.

    Raises:
        InputError: there is none, or more than one; the message names the nearest.
    """
    found = [one for one in mutants if any(name.startswith(prefix) for name in _names(one))]
    exact = [one for one in found if prefix in _names(one)]
    if len(exact) == 1:
        return exact[0]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            f"{len(found)} mutants in {folder} have an id that begins with {prefix!r}: "
            f"{_listed(found)}; give the whole id"
        )
    near = _nearest(mutants, prefix)
    hint = f"; the nearest are {_listed(near)}" if near else ""
    raise InputError(
        f"no mutant in {folder} has an id that begins with {prefix!r}{hint}; "
        f"{folder / 'manifest.json'} has all"
    )


def _names(mutant: Mutant) -> tuple[str, str]:
    """The id, and what of it follows the operator's name."""
    return mutant.id, mutant.id.rpartition("-")[2]


def _nearest(mutants: Sequence[Mutant], prefix: str) -> list[Mutant]:
    """Those that agree with the prefix on most characters from the first, if on any."""

    def common(mutant: Mutant) -> int:
        return max(_agreement(name, prefix) for name in _names(mutant))

    ranked = sorted(mutants, key=lambda one: (-common(one), one.id))
    most = common(ranked[0]) if ranked else 0
    return [one for one in ranked[: NAMED + 1] if 0 < most == common(one)]


def _agreement(one: str, other: str) -> int:
    """On how many characters from the first two texts agree."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _listed(mutants: Sequence[Mutant]) -> str:
    names = ", ".join(one.id for one in mutants[:NAMED])
    return names if len(mutants) <= NAMED else f"{names}, ..."
