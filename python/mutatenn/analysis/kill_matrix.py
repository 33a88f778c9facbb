"""The kill matrix: which inputs alone kill which mutants on one device, and what is not known."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.cells import KEY, Cells
from mutatenn.errors import InputError

COUNTED = ("killed", "survived", "not_reached")
"""Verdicts whose mutants are columns: those that a score counts."""


@dataclasses.dataclass(frozen=True, eq=False)
class KillMatrix:
    """Inputs by mutants; what a cell says holds for the oracles of the campaign.

    Attributes:
        inputs: names of the inputs, in the order in which they ran.
        mutants: ids of the mutants with a verdict that counts, in the journal's order.
        killed: mutants with the verdict killed, bool (mutants,).
        kills: the input alone is seen to kill the mutant, bool (inputs, mutants).
        known: whether it does is known, bool (inputs, mutants). Unknown are the inputs after the
            one in which a run crashed or hung, and those of rules on the whole set of inputs.
    """

    inputs: tuple[str, ...]
    mutants: tuple[str, ...]
    killed: NDArray[np.bool_]
    kills: NDArray[np.bool_]
    known: NDArray[np.bool_]

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Killed mutants of which some input is known to kill them: bool (mutants,)."""
        return np.asarray(self.kills.any(axis=0), np.bool_)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """Killed mutants of which no input alone is known to kill them."""
        return tuple(self.mutants[i] for i in np.flatnonzero(self.killed & ~self.placed))

    def killed_by(self, names: Iterable[str]) -> set[str]:
        """Mutants that some of these inputs are known to kill.

        Raises:
            ValueError: there is no such input.
        """
        rows = [self.inputs.index(name) for name in names]
        return {self.mutants[i] for i in np.flatnonzero(self.kills[rows].any(axis=0))}


def kill_matrix(rows: Iterable[Mapping[str, Any]], inputs: Sequence[str]) -> KillMatrix:
    """The matrix of what a journal says of one device.

    A row of a journal of an earlier version tells of the first input that fails, and no others.

    Args:
        rows: the journal's rows of the device.
        inputs: names of the campaign's inputs, in their order.

    Raises:
        InputError: a row's evidence is of another number of inputs.
    """
    counted = [row for row in rows if row["verdict"] in COUNTED]
    shape = (len(inputs), len(counted))
    kills, known = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for column, row in enumerate(counted):
        cells = _cells(row, inputs)
        kills[:, column], known[:, column] = cells.kills, cells.known
    return KillMatrix(
        tuple(inputs),
        tuple(row["mutant"] for row in counted),
        np.array([row["verdict"] == "killed" for row in counted], np.bool_),
        kills,
        known,
    )


def _cells(row: Mapping[str, Any], inputs: Sequence[str]) -> Cells:
    count = len(inputs)
    stored = row["evidence"].get(KEY)
    if stored is not None:
        try:
            return Cells.from_dict(stored, count)
        except (ValueError, KeyError) as error:
            raise InputError(
                f"the journal's evidence of {row['mutant']} does not fit its {count} inputs "
                f"({error}); run that mutant again"
            ) from error
    found = Cells.none_known(count)
    if row["verdict"] != "killed":
        found.known[:] = True
    elif row["first_failing"] in inputs:
        first = inputs.index(row["first_failing"])
        found.known[: first + 1] = True
        found.kills[first] = True
    return found
