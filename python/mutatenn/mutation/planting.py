"""Carrying out what a user asks for on the command line: choose places, plant, compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from mutatenn.errors import InputError
from mutatenn.mutation.diff import changed_functions, kernel_diff
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.tvm_errors import last_line


@dataclasses.dataclass(frozen=True)
class Planted:
    """Modules before and after, the mutants planted, and the diff of the changed kernels."""

    before: Any
    after: Any
    mutants: tuple[Mutant, ...]
    diff: str


def plant_request(mod: Any, operator: str, at: str | None, settings: Mapping[str, str]) -> Planted:
    """Plant an operator where ``at`` says.

    Args:
        mod: a module with kernels; it is not changed.
        operator: id from the catalogue.
        at: a site number, ``first:end``, a mutant id or ``all``; the first place by launch where
            the settings fit if ``None``.
        settings: parameters of the operator.

    Raises:
        InputError: nothing fits, or TVM's verifier refuses the result.
    """
    chosen = _choose(mod, operator, at, settings)
    after = mod
    # Backwards: a change must not move a place that is still to be changed.
    for mutant in reversed(chosen):
        try:
            after = plant(after, mutant)
        except ValueError as error:
            raise InputError(last_line(error)) from error
    names = changed_functions(mod, after)
    diffs = [kernel_diff(mod[name], after[name], name) for name in names]
    return Planted(mod, after, tuple(chosen), "\n".join(diffs))


def _choose(mod: Any, operator: str, at: str | None, settings: Mapping[str, str]) -> list[Mutant]:
    """The mutants asked for: one per place, the operator's first choice among what fits."""
    fitting = enumerate_mutants(mod, [operator], settings)
    if at is not None and "-" in at:
        found = [mutant for mutant in fitting if mutant.id == at]
        if not found:
            raise InputError(f"{operator} has no mutant {at} in this module with these settings")
        return found
    by_site: dict[int, Mutant] = {}
    for mutant in fitting:
        by_site.setdefault(mutant.site, mutant)
    if not by_site:
        raise InputError(f"{operator} fits nowhere in this module with these settings")
    if at is None:
        return in_launch_order(mod, by_site.values())[:1]
    if at == "all":
        return list(by_site.values())
    return [_at_site(mod, operator, by_site, number) for number in _numbers(at)]


def _at_site(mod: Any, operator: str, by_site: dict[int, Mutant], number: int) -> Mutant:
    if number in by_site:
        return by_site[number]
    everywhere = enumerate_mutants(mod, [operator])
    choices = [mutant.replacement for mutant in everywhere if mutant.site == number]
    if choices:
        raise InputError(
            f"the settings do not fit site {number} of {operator}, which takes: "
            f"{', '.join(choice or 'no settings' for choice in choices)}"
        )
    count = len({mutant.site for mutant in everywhere})
    raise InputError(f"{operator} has no site {number}: there are {count} (numbered from 0)")


def _numbers(at: str) -> list[int]:
    first, colon, end = at.partition(":")
    try:
        numbers = list(range(int(first), int(end))) if colon else [int(first)]
    except ValueError:
        numbers = []
    if not numbers:
        raise InputError(f"--at {at!r} is no site number, range such as 2:5, mutant id, or all")
    return numbers
