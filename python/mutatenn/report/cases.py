"""The cases of a report: each mutant on each device, with its verdict or none yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from mutatenn.campaign.verdict import AWAY, verdict_text
from mutatenn.campaign.walk import due
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.record import Record


@dataclasses.dataclass(frozen=True)
class Case:
    """A mutant on a device; ``row`` is the journal's, ``None`` where there is no verdict yet."""

    mutant: Mutant
    device: str
    row: dict[str, Any] | None

    @property
    def verdict(self) -> str:
        """The verdict's name; empty where there is none yet."""
        return "" if self.row is None else str(self.row["verdict"])

    @property
    def away(self) -> bool:
        """Whether the mutant was found not to be runnable."""
        return self.verdict in AWAY

    @property
    def text(self) -> str:
        """The verdict as people read it."""
        if self.row is None:
            return "no verdict yet"
        return verdict_text(self.row["verdict"], self.row["kill"])

    @property
    def seconds(self) -> float:
        """What the mutant took on the device."""
        if self.row is None:
            return 0.0
        return float(self.row["seconds_compile"] + self.row["seconds_run"])


def cases_on(record: Record, device: str) -> Iterator[Case]:
    """A device's cases: those with a verdict in the journal's order, then those still to come."""
    known = record.mutants()
    rows = record.rows_on(device)
    for row in rows:
        yield Case(known[row["mutant"]], device, row)
    leader = record.manifest.leader(device)
    of_leader = rows if device == leader else record.rows_on(leader)
    verdicts = {row["mutant"]: row["verdict"] for row in of_leader}
    wanted = due(record.manifest.of(leader), verdicts, record.facts["options"]["sample"])
    done = {row["mutant"] for row in rows}
    for mutant in [*(known[id_] for id_ in verdicts), *wanted]:
        if mutant.id not in done:
            yield Case(mutant, device, None)


def cases_of(record: Record) -> dict[str, list[Case]]:
    """The cases of each mutant by its id, one for each device that has it, in their order."""
    found: dict[str, list[Case]] = {}
    for device in record.devices:
        for case in cases_on(record, device):
            found.setdefault(case.mutant.id, []).append(case)
    return found
