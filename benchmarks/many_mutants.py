"""A campaign with as many mutants as asked for, made of the mutants and verdicts of a small one."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from mutatenn.campaign.manifest import Manifest
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.record import Record

SEED = 8
OF_MUTANT = ("diff", "device")
"""What of a journal's row belongs to the mutant and not to what became of it."""


def many_mutants(small: Record, count: int) -> Record:
    """A record of ``count`` mutants on the first device of a campaign.

    Each is one of the campaign's, at its place and with its difference, under an id of its own and
    with the verdict of any of them.
    """
    draw = random.Random(SEED)
    known, rows = small.mutants(), small.rows
    mutants: list[Mutant] = []
    verdicts: list[dict[str, Any]] = []
    for _ in range(count):
        own, other = draw.choice(rows), draw.choice(rows)
        mutant = known[own["mutant"]]
        id_ = f"{mutant.operator}-{draw.getrandbits(64):016x}"
        mutants.append(dataclasses.replace(mutant, id=id_))
        # Without the measures: the summary decodes them, for milliseconds each.
        kept = {key: own[key] for key in OF_MUTANT}
        verdicts.append({**other, **kept, "mutant": id_, "measures": b""})
    options = {**small.facts["options"], "sample": None, "device": [small.devices[0]]}
    facts = {**small.facts, "options": options, "population": count}
    facts.pop("lowerings", None)
    return Record(small.folder, Manifest(facts, tuple(mutants)), facts, verdicts, "")
