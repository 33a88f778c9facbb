"""Carrying out what a user asks for on the command line: choose places, plant, compare."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn.errors import InputError
from mutatenn.mutation.diff import changed_functions, kernel_diff
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order, select_mutants
from mutatenn.mutation.higher_order import combined
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.transform import Site, parameter_name, pass_of
from mutatenn.tvm_errors import last_line

_NUMBER = r"\d{1,7}"  # what is longer is a slip, and would be a list of as many numbers


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
    if at is None:
        fitting = select_mutants(mod, operator, "all", settings)
        chosen = in_launch_order(mod, fitting)[:1]
        site: Site = chosen[0].site
    else:
        site = _site(at)
        chosen = select_mutants(mod, operator, site, settings)
    given = {parameter_name(name): value for name, value in settings.items()}
    try:
        after = pass_of(operator)(site=site, **given)(mod)
    except ValueError as error:
        raise InputError(last_line(error)) from error
    names = changed_functions(mod, after)
    diffs = [kernel_diff(mod[name], after[name], name) for name in names]
    return Planted(mod, after, tuple(chosen), "\n".join(diffs))


def plant_mutants(mod: Any, ids: Sequence[str]) -> Planted:
    """Plant a mutant, or several together: one of higher order.

    Args:
        mod: a module with kernels, or a graph; it is not changed.
        ids: the mutants' ids, of any operators.

    Raises:
        InputError: the module has no such mutant, two of them cannot be planted together, or TVM's
            verifier refuses the result.
    """
    operators = dict.fromkeys(operator_of(one) for one in ids)
    found = [m for m in enumerate_mutants(mod, operators, redundant=True) if m.id in ids]
    for one in ids:
        if all(mutant.id != one for mutant in found):
            raise InputError(f"the module has no mutant {one}; check its stage, schedule, target")
    parts = in_launch_order(mod, found)
    mutant = combined(parts) if len(parts) > 1 else parts[0]
    try:
        after = plant(mod, mutant)
    except ValueError as error:
        raise InputError(last_line(error)) from error
    diffs = [kernel_diff(mod[name], after[name], name) for name in mutant.functions]
    return Planted(mod, after, tuple(parts), "\n".join(diffs))


def operator_of(mutant_id: str) -> str:
    """The operator of a mutant of first order, by its id."""
    return mutant_id.rpartition("-")[0]


def names_mutant(at: str) -> bool:
    """Whether ``--at`` holds a mutant's id, known or not."""
    return "-" in at and re.fullmatch(rf"-{_NUMBER}", at) is None


def _site(at: str) -> Site:
    """What ``--at`` says, as a pass takes it."""
    number = re.fullmatch(rf"-?{_NUMBER}", at)
    if number:
        return int(at)
    extent = re.fullmatch(rf"({_NUMBER}):({_NUMBER})", at)
    if extent and int(extent[1]) < int(extent[2]):
        return range(int(extent[1]), int(extent[2]))
    if at == "all" or names_mutant(at):
        return at
    raise InputError(f"--at {at!r} is no site number, range such as 2:5, mutant id, or all")
