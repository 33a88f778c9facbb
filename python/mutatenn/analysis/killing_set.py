"""The smallest set of inputs that kills all that any input kills, and what each input is worth."""

from __future__ import annotations

import dataclasses

from mutatenn.analysis.kill_matrix import KillMatrix
from mutatenn.analysis.set_cover import EXACT_CELLS, EXACT_SECONDS, Cover, smallest_cover


@dataclasses.dataclass(frozen=True)
class Worth:
    """What one input does.

    Attributes:
        name: the input.
        kills: mutants that it is known to kill.
        unique: of these, the ones that no other input is known to kill.
        redundancy: share of its kills that are not unique, 0 to 1; ``None`` where it kills nothing.
        unknown: mutants of which it is not known whether it kills them.
        chosen: whether it is in the smallest set.
    """

    name: str
    kills: int
    unique: int
    redundancy: float | None
    unknown: int
    chosen: bool


@dataclasses.dataclass(frozen=True)
class KillingSet:
    """Inputs that together kill every mutant that some input alone is known to kill.

    Attributes:
        names: the set, in the order of the inputs.
        kills: how many mutants it kills.
        cover: how it was found, and what is proved of its size.
        unplaced: killed mutants of which no input alone is known to kill them; for these nothing
            is promised.
        ranking: all inputs, those with most kills first.
    """

    names: tuple[str, ...]
    kills: int
    cover: Cover
    unplaced: tuple[str, ...]
    ranking: tuple[Worth, ...]

    @property
    def idle(self) -> tuple[str, ...]:
        """Inputs that are known to kill nothing."""
        return tuple(worth.name for worth in self.ranking if not worth.kills)


def killing_set(
    matrix: KillMatrix, most_cells: int = EXACT_CELLS, seconds: float = EXACT_SECONDS
) -> KillingSet:
    """The smallest set that a matrix has; ``most_cells`` and ``seconds`` as in ``smallest_cover``.

    A mutant without a single input that is known to kill it asks for none.
    """
    kills = matrix.kills[:, matrix.placed]
    cover = smallest_cover(kills, most_cells, seconds)
    return KillingSet(
        tuple(matrix.inputs[row] for row in cover.rows),
        kills.shape[1],
        cover,
        matrix.unplaced,
        _ranking(matrix, cover),
    )


def _ranking(matrix: KillMatrix, cover: Cover) -> tuple[Worth, ...]:
    total = matrix.kills.sum(axis=1)
    alone = matrix.kills.sum(axis=0) == 1
    unique = (matrix.kills & alone).sum(axis=1)
    unknown = (~matrix.known).sum(axis=1)
    order = sorted(range(len(matrix.inputs)), key=lambda row: (-total[row], -unique[row], row))
    return tuple(
        Worth(
            matrix.inputs[row],
            int(total[row]),
            int(unique[row]),
            float(1 - unique[row] / total[row]) if total[row] else None,
            int(unknown[row]),
            row in cover.rows,
        )
        for row in order
    )
