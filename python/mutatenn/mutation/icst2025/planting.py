"""Where a row of the preset applies in a module, and its faults planted there, all at once."""

from __future__ import annotations

import dataclasses
from typing import Any

from mutatenn.errors import InputError
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.icst2025 import Row, read_rows
from mutatenn.mutation.location import node_at
from mutatenn.mutation.mutant import Mutant
from mutatenn.transform import PASSES, parameter_name
from mutatenn.tvm_errors import last_line


class RefusedError(ValueError):
    """TVM refuses the module with a row's faults in it; the message holds its words."""


@dataclasses.dataclass(frozen=True)
class Places:
    """Where a row applies: one mutant for each place, functions by first launch.

    ``named`` counts the places that the row names, those included at which it changes nothing.
    """

    row: Row
    mutants: tuple[Mutant, ...]
    named: int

    @property
    def functions(self) -> tuple[str, ...]:
        """Functions with a place, by first launch."""
        return tuple(dict.fromkeys(mutant.function for mutant in self.mutants))

    @property
    def absence(self) -> str:
        """Why there is no place, in one sentence; empty if there is one."""
        if self.mutants:
            return ""
        if self.named and self.row.idle is not None:
            where = f"at each of {self.named} places" if self.named > 1 else "at its one place"
            return f"{where}, {self.row.idle.reason}"
        return f"the model has no {self.row.lacks}"


def places_of(mod: Any, row: Row) -> Places:
    """Where a row applies in a module.

    Args:
        mod: an IRModule at the row's stage: the imported graph, or flat kernels.
        row: one of the 22.
    """
    found = enumerate_mutants(mod, [row.operator], row.settings, redundant=True)
    mutants = tuple(in_launch_order(mod, found))
    if row.idle is None:
        return Places(row, mutants, len(mutants))
    named = enumerate_mutants(mod, [row.operator], row.idle.settings, redundant=True)
    return Places(row, mutants, len({(mutant.function, mutant.path) for mutant in named}))


def first_order(mod: Any) -> list[tuple[Row, Mutant]]:
    """Mutants of one place that the rows have in a module, each with the first row that has it.

    Args:
        mod: an imported graph, or kernels; rows of the other have no place in it. Rows of flat
            kernels are planted before scheduling where that is what the module holds.
    """
    found: dict[str, tuple[Row, Mutant]] = {}
    for row in read_rows().rows:
        for mutant in places_of(mod, row).mutants:
            if mutant.stage == row.stage or (row.stage, mutant.stage) == ("kernel", "tensor"):
                found.setdefault(mutant.id, (row, mutant))
    return list(found.values())


def at_positions(mutants: tuple[Mutant, ...], positions: range | None) -> tuple[Mutant, ...]:
    """The mutants at some positions in their list; all of them for ``None``.

    Positions count from 0 and end before the last, as a slice of the list does: the predecessor's
    ``start=s, end=e``, counted from 1 with its end included, is ``range(s - 1, e)``.

    Raises:
        InputError: none of them is there.
    """
    if positions is None:
        return mutants
    chosen = mutants[positions.start : positions.stop]
    if not chosen:
        raise InputError(
            f"positions {positions.start}:{positions.stop} hold none of the {len(mutants)} places"
        )
    return chosen


def plant_together(mod: Any, mutants: tuple[Mutant, ...]) -> Any:
    """The module with several mutants of one operator and the same settings in it, planted at once.

    Sites inside one another are mutated both: the pass rewrites inner ones first.

    Args:
        mod: the module that the mutants were enumerated from; it is not changed.
        mutants: at least one.

    Raises:
        RefusedError: TVM refuses the result.
    """
    first = mutants[0]
    given = {parameter_name(name): value for name, value in first.settings.items()}
    try:
        return PASSES[first.operator](site=[mutant.site for mutant in mutants], **given)(mod)
    except ValueError as error:
        raise RefusedError(last_line(error)) from error


def means_the_same(mod: Any, places: Places) -> bool:
    """Whether a row's places are all such that it means what the row that it names means.

    Args:
        mod: the module in which ``places`` were found.
        places: where the row applies.
    """
    same = places.row.same
    if same is None or not places.mutants:
        return False
    if same.operands == "any":
        return True
    kinds = {_kind(node_at(mod[each.function], each.path)) for each in places.mutants}
    return kinds == {same.operands}


def _kind(comparison: Any) -> str:
    """``int`` or ``float``: what a comparison's operands are."""
    return "int" if str(comparison.a.ty.dtype).startswith(("int", "uint")) else "float"
