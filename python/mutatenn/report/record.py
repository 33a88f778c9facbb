"""A campaign read back from its folder: the manifest and the verdicts so far."""

from __future__ import annotations

import dataclasses
import functools
import shlex
from pathlib import Path
from typing import Any

from mutatenn.analysis.effect import Effect, effect
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.sampling import size_of
from mutatenn.campaign.walk import due
from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.axes import Axes, read_axes
from mutatenn.report.find_mutant import find_mutant


@dataclasses.dataclass(frozen=True)
class Record:
    """What a campaign's folder holds; ``all_rows`` are the journal's verdicts, in order.

    ``damaged`` is what is wrong with the journal, empty when nothing is; ``rows`` are then those
    that it still gives.
    """

    folder: Path
    manifest: Manifest
    facts: dict[str, Any]
    all_rows: list[dict[str, Any]]
    damaged: str
    effort: dict[str, float] = dataclasses.field(default_factory=dict)
    """What was spent on mutated graphs, as ``Journal.effort`` tells it."""
    elsewhere: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    """Of a shard, what is known of other shards' mutants, as ``Journal.elsewhere`` tells it."""

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read a folder, finished or not.

        Raises:
            InputError: it is no campaign's.
        """
        manifest = Manifest.read(folder / "manifest.json")
        if not (folder / "journal.sqlite").exists():
            resume = shlex.join(["mutatenn-ir", "run", "--resume", str(folder)])
            raise InputError(
                f"the campaign in {folder} has no journal yet: it is before its first mutant, or "
                f"was only planned; try again, or run it by {resume}"
            )
        with Journal(folder / "journal.sqlite", read_only=True) as journal:
            # A campaign that was killed at its very start has no facts of its own yet.
            facts = {"golden": {}, **manifest.facts, **journal.facts()}
            rows, effort = list(journal.rows()), journal.effort()
            others = journal.elsewhere()
            return cls(folder, manifest, facts, rows, journal.damage(), effort, others)

    @property
    def devices(self) -> tuple[str, ...]:
        """The campaign's devices; the score is the first one's."""
        given = self.facts["options"]["device"]
        return (given,) if isinstance(given, str) else tuple(given)

    @functools.cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The verdicts on the first device, in order."""
        return self.rows_on(self.devices[0])

    def rows_on(self, device: str) -> list[dict[str, Any]]:
        """The verdicts on a device, in order."""
        return [row for row in self.all_rows if row["device"] == device]

    @functools.cached_property
    def effects(self) -> dict[str, Effect | None]:
        """What each mutant with a verdict does to the answers, by its id.

        Raises:
            InputError: the stored evidence of one is damaged, in a journal that is not.
        """
        golden = self.facts["golden"]
        found: dict[str, Effect | None] = {}
        for row in self.rows:
            try:
                found[row["mutant"]] = effect(row, golden.get(row["device"], {}))
            except InputError:
                if not self.damaged:
                    raise
                found[row["mutant"]] = None  # the report says that the journal is damaged
        return found

    @functools.cached_property
    def axes(self) -> Axes | None:
        """What its devices say of the same mutants; ``None`` where there is one device."""
        if len(self.devices) == 1:
            return None
        mutants_of = {
            device: [mutant.id for mutant in self.manifest.of(device)] for device in self.devices
        }
        path = Folder(self.folder).answers
        return read_axes(path, self.facts, self.devices, self.all_rows, mutants_of)

    def parting(self, mutant: str) -> dict[str, Any] | None:
        """Where a mutant's devices part, if that was looked for (``Parting.to_dict``)."""
        found: list[dict[str, Any]] = (self.facts.get("partings") or {}).get("found", [])
        return next((one for one in found if one["mutant"] == mutant), None)

    def population_of(self, device: str) -> int:
        """How many mutants those of a device were drawn from."""
        return self.manifest.population(device) or int(self.facts["population"])

    @property
    def pending(self) -> int:
        """Mutants that must still be taken, if all of those turn out to be runnable."""
        return sum(self.pending_on(device) for device in self.devices)

    def pending_on(self, device: str) -> int:
        """Mutants that must still be taken on a device, likewise."""
        leader = self.manifest.leader(device)
        rows, size = self.rows_on(leader), size_of(self.facts["options"])
        known = [*rows, *(row for row in self.elsewhere if row["device"] == leader)]
        mutants = self.manifest.own_of(leader) if size is None else self.manifest.of(leader)
        left = due(mutants, {row["mutant"]: row["verdict"] for row in known}, size)
        wanted = sum(mutant.id in self.manifest.own for mutant in left)
        if device == leader:
            # What other shards have to do shows only once their mutants are compiled here.
            return wanted or len(left)
        return len(rows) + wanted - len(self.rows_on(device))

    def scored(self) -> list[dict[str, Any]]:
        """The verdicts that a score may count: those on mutants that change the meaning."""
        return self.scored_on(self.devices[0])

    def scored_on(self, device: str) -> list[dict[str, Any]]:
        """``scored``, of any device."""
        known = self.scored_ids()
        return [row for row in self.rows_on(device) if row["mutant"] in known]

    def scored_ids(self) -> set[str]:
        """The mutants that change the meaning."""
        return {one.id for one in self.manifest.mutants if not one.semantics_preserving}

    def preserving(self) -> list[dict[str, Any]]:
        """The verdicts on semantics-preserving mutants, which are in no score."""
        known = self.mutants()
        return [row for row in self.rows if known[row["mutant"]].semantics_preserving]

    def mutants(self) -> dict[str, Mutant]:
        """The manifest's mutants by id."""
        return {mutant.id: mutant for mutant in self.manifest.mutants}

    def find(self, prefix: str) -> Mutant:
        """The one mutant whose id begins with ``prefix``; the operator's name may be left out.

        Raises:
            InputError: there is none, or more than one.
        """
        return find_mutant(self.manifest.mutants, prefix, self.folder)
