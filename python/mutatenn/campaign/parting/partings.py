"""Looks for the partings of a campaign's mutants once all verdicts have fallen."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.answers import Answers
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.parting.bench import Bench
from mutatenn.campaign.parting.choice import Choice, Wanted, by_mutant, shares_launches
from mutatenn.campaign.parting.search import Place, Trace, first_difference
from mutatenn.campaign.subject import Subject
from mutatenn.device import AnyDevice, RunnerDied
from mutatenn.errors import BaselineError
from mutatenn.mutation.mutant import Mutant

LIMIT = 20
"""Mutants whose parting is looked for, in one campaign."""
NOT_SHARED = "launches are not shared: plant at a shared stage with --align"
OF_GRAPH = "a mutant of the graph has launches of its own"
WITHIN_NOISE = "no launch differs by more than the original's rounding does there"
UNFILLED = "; what memory held before decides, which only a second fill pattern shows"


@dataclasses.dataclass(frozen=True)
class Parting:
    """Where two devices part over a mutant on one input, or in ``reason`` why that is not known."""

    mutant: str
    devices: tuple[str, str]
    input: str
    place: Place | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return dataclasses.asdict(self)


@dataclasses.dataclass
class Partings:
    """Runs some mutants once more, on one input each, and compares devices launch by launch.

    Attributes:
        subject: the campaign's.
        manifest: the campaign's.
        folder: the campaign's, held by the caller.
        make_compiler: starts what compiles; it is called as ``Compiler`` is.
    """

    subject: Subject
    manifest: Manifest
    folder: Folder
    make_compiler: Callable[..., Compiler]

    def find(self) -> None:
        """Keep in the journal, as the fact ``partings``, what is found.

        That is ``limit``, how many ``candidates`` there are, and ``found``: an object for each of
        the first ones, as ``Parting.to_dict``.

        Raises:
            IncompleteError: the journal can no longer be written.
        """
        wanted = self._wanted()
        found = self._found(wanted[:LIMIT])
        told = {
            "limit": LIMIT,
            "candidates": len(wanted),
            "found": [one.to_dict() for one in found],
        }
        with Journal(self.folder.journal) as journal:
            journal.write_facts({"partings": told})

    def _wanted(self) -> list[Wanted]:
        with (
            Journal(self.folder.journal, read_only=True) as journal,
            Answers(self.folder.answers, read_only=True) as answers,
        ):
            rows = by_mutant([*journal.rows()], self.subject.options.device)
            return Choice(self.subject, answers).wanted(rows)

    def _found(self, wanted: Sequence[Wanted]) -> list[Parting]:
        mutants = {mutant.id: mutant for mutant in self.manifest.mutants}
        told: dict[str, Parting] = {}
        to_run: dict[tuple[int, tuple[str, str]], list[Mutant]] = {}
        for one in wanted:
            reason = self._hindrance(one)
            if reason or one.row is None:
                told[one.mutant] = self._parting(one, None, reason)
            else:
                to_run.setdefault((one.row, one.devices), []).append(mutants[one.mutant])
        by_id = {one.mutant: one for one in wanted}
        if to_run:
            with self.folder.scratch() as scratch:
                benches = _Benches(self, to_run, scratch)
                for (row, devices), some in to_run.items():
                    for mutant, found in benches.compared(row, devices, some):
                        place, reason = (None, found) if isinstance(found, str) else (found, "")
                        one = by_id[mutant.id]
                        if reason == WITHIN_NOISE and one.uninitialised:
                            reason += UNFILLED
                        told[mutant.id] = self._parting(one, place, reason)
        return [told[one.mutant] for one in wanted]

    def _hindrance(self, wanted: Wanted) -> str:
        """Why a mutant is not run again; empty if it can be."""
        if self.subject.of_graph:
            return OF_GRAPH
        if not shares_launches(self.subject, wanted.devices):
            return NOT_SHARED
        return wanted.reason

    def _parting(self, wanted: Wanted, place: Place | None, reason: str) -> Parting:
        name = "" if wanted.row is None else self.subject.inputs.names[wanted.row]
        return Parting(wanted.mutant, wanted.devices, name, place, reason)


class _Benches:
    """The devices that are needed, with all that must run on them compiled."""

    def __init__(
        self,
        work: Partings,
        to_run: dict[tuple[int, tuple[str, str]], list[Mutant]],
        scratch: Path,
    ) -> None:
        self._benches: dict[str, Bench] = {}
        self._faults: dict[str, str] = {}
        on: dict[str, list[Mutant]] = {}
        for (_, devices), mutants in to_run.items():
            for device in devices:
                on.setdefault(device, []).extend(mutants)
        log = work.folder.compiler_log
        for device, mutants in on.items():
            subject = work.subject.of(device)
            try:
                self._benches[device] = Bench.made(
                    device, subject, mutants, scratch, log, work.make_compiler
                )
            except BaselineError as error:
                self._faults[device] = str(error)

    def compared(
        self, row: int, devices: tuple[str, str], mutants: Sequence[Mutant]
    ) -> list[tuple[Mutant, Place | str]]:
        """Each mutant with its place, or a sentence why there is none."""
        fault = next((self._faults[one] for one in devices if one in self._faults), "")
        if fault:
            return [(mutant, fault) for mutant in mutants]
        pair = self._benches[devices[0]], self._benches[devices[1]]
        with contextlib.ExitStack() as stack:
            opened = _Opened(row, stack)
            return [(mutant, self._place(pair, opened, mutant)) for mutant in mutants]

    @staticmethod
    def _place(pair: tuple[Bench, Bench], opened: _Opened, mutant: Mutant) -> Place | str:
        originals, traces = [], []
        for bench in pair:
            reason = bench.unbuilt(mutant)
            if reason:
                return reason
            try:
                device, original = opened.of(bench, mutant)
                trace = bench.run(device, mutant)
            except (BaselineError, RunnerDied) as error:
                return str(error)
            if isinstance(trace, str):
                return trace
            originals.append(original)
            traces.append(trace)
        plan = pair[0].plan
        found = first_difference(plan, (originals[0], originals[1]), (traces[0], traces[1]))
        return found or WITHIN_NOISE


class _Opened:
    """Devices over one input, opened when first needed, with the original's values."""

    def __init__(self, row: int, stack: contextlib.ExitStack) -> None:
        self._row = row
        self._stack = stack
        self._devices: dict[tuple[str, ...], tuple[AnyDevice, Trace]] = {}

    def of(self, bench: Bench, mutant: Mutant) -> tuple[AnyDevice, Trace]:
        """A device that runs the originals that the mutant is compared with."""
        key = (bench.device, *bench.key(mutant))
        if key not in self._devices:
            device = bench.open(self._row, mutant)
            self._stack.enter_context(device)
            self._devices[key] = device, bench.original(device)
        return self._devices[key]
