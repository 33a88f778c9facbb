"""Narrowing a choice of mutants: by function, by layer, and by position among their kind."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

_POSITIONS = re.compile(r"(\d{0,9}):(\d{0,9})")
_TOLD = 8
"""How many names are told where a pattern fits none."""


@dataclasses.dataclass(frozen=True)
class Narrowing:
    """Which of the mutants that operators offer are taken; without values, all.

    ``functions`` and ``layers`` are shell patterns (``*``, ``?``, ``[...]``; capitals count): a
    mutant is taken whose function fits one of the first, and one of whose layers fits one of the
    second. ``positions`` then counts the mutants that are left, those of each operator by
    themselves, from 0 and in the order of ``in_launch_order``.
    """

    functions: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    positions: slice | None = None

    def chosen(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        """The mutants that are taken, in the order given, which should be that of launches.

        Raises:
            InputError: a pattern fits no function or layer that has mutants, or the positions are
                beyond those of every operator.
        """
        found = list(mutants)
        if self.functions:
            names = dict.fromkeys(mutant.function for mutant in found)
            fitting = _fitting("function", self.functions, list(names))
            found = [mutant for mutant in found if mutant.function in fitting]
        if self.layers:
            names = dict.fromkeys(layer for mutant in found for layer in mutant.layers)
            fitting = _fitting("layer", self.layers, list(names))
            found = [mutant for mutant in found if fitting.intersection(mutant.layers)]
        return found if self.positions is None else self._at_positions(found, self.positions)

    @staticmethod
    def _at_positions(mutants: Sequence[Mutant], positions: slice) -> list[Mutant]:
        by_operator: dict[str, list[str]] = {}
        for mutant in mutants:
            by_operator.setdefault(mutant.operator, []).append(mutant.id)
        taken = {mutant for ids in by_operator.values() for mutant in ids[positions]}
        if mutants and not taken:
            most = max(len(ids) for ids in by_operator.values())
            raise InputError(
                f"--positions {positions.start}:{positions.stop or ''} holds no mutant: of one "
                f"operator there are at most {most}, numbered from 0"
            )
        return [mutant for mutant in mutants if mutant.id in taken]


def parse_positions(text: str) -> slice:
    """``"2:5"``, ``"2:"`` and ``":5"`` as a slice; the end is not in it.

    Raises:
        InputError: the text is none of these, or holds no number at all.
    """
    found = _POSITIONS.fullmatch(text)
    start, end = (int(part) if part else None for part in found.groups()) if found else (None, None)
    if not found or (start is None and end is None) or (end is not None and end <= (start or 0)):
        raise InputError(
            f"{text!r} is no range of positions such as 2:5, where 5 is not in it; also 2: and :5"
        )
    return slice(start or 0, end)


def _fitting(kind: str, patterns: Sequence[str], names: Sequence[str]) -> set[str]:
    """The names that fit some pattern.

    Raises:
        InputError: a pattern fits none of them.
    """
    found: set[str] = set()
    for pattern in patterns:
        fitting = {name for name in names if fnmatchcase(name, pattern)}
        if not fitting:
            told = ", ".join(names[:_TOLD]) or "none"
            more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
            raise InputError(
                f"--{kind} {pattern!r} fits no {kind} that has a mutant; there are: {told}{more}"
            )
        found |= fitting
    return found
