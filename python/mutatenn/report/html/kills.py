"""The kill matrix as the page draws it, with the smallest killing set and the inputs' ranking."""

from __future__ import annotations

from typing import Any

import numpy as np

from mutatenn.report.html.columns import packed, packed_bits
from mutatenn.report.inputs import inputs_report
from mutatenn.report.record import Record

RANKED = 500
"""Inputs that the ranking shows."""
MOST_CELLS = 20_000_000
"""Cells of the largest matrix that a page holds: 5 MB of it."""


def kill_view(record: Record, order: dict[str, int]) -> dict[str, Any]:
    """Body, and the drawing's data, of the matrix on the first device.

    ``absent`` is why there is none, else empty. The drawing has the inputs by rank as rows and the
    killed mutants as columns, those that most inputs kill first; a mutant that is not killed has
    no column. ``columns`` are the numbers of the mutants' rows in the table.

    Args:
        record: the campaign.
        order: the number of each mutant's row in the table, by its id.
    """
    if "input_names" not in record.facts:
        return {
            "absent": "The journal does not name its inputs: it is of an earlier version, or "
            "nothing ran yet. Resuming the campaign adds them."
        }
    matrix, found, body = inputs_report(record)
    told = {"body": body, "shown": RANKED}
    if not matrix.killed.any():
        return {"absent": "No mutant is killed: there is nothing to draw.", **told}
    place = {name: at for at, name in enumerate(matrix.inputs)}
    rows = [place[worth.name] for worth in found.ranking]
    kills, known = matrix.kills[rows][:, matrix.killed], matrix.known[rows][:, matrix.killed]
    numbers = [order[matrix.mutants[i]] for i in np.flatnonzero(matrix.killed)]
    # By how many inputs kill it; of those that as many kill, alike ones side by side.
    ranks = np.lexsort((*(~kills[::-1]), -kills.sum(axis=0)))
    drawing = None
    if kills.size <= MOST_CELLS:
        drawing = {
            "inputs": [worth.name for worth in found.ranking],
            "columns": packed([numbers[i] for i in ranks]),
            "kills": packed_bits(kills[:, ranks]),
            "known": packed_bits(known[:, ranks]),
        }
    return {"absent": "", **told, "drawing": drawing, "killed": len(numbers)}
