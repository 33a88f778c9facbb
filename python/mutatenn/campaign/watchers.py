"""Several watchers of one campaign, told one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.mutation.mutant import Mutant


class Watchers:
    """Passes on to each of them, in order, all that it is told."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def phase(self, phase: Phase) -> None:
        """A phase begins."""
        for each in self._watchers:
            each.phase(phase)

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered."""
        for each in self._watchers:
            each.lowered(target, notes)

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder."""
        for each in self._watchers:
            each.opened(folder, devices, mutants)

    def device(self, name: str) -> None:
        """The next device."""
        for each in self._watchers:
            each.device(name)

    def begin(self, mutants: int) -> None:
        """The mutants begin."""
        for each in self._watchers:
            each.begin(mutants)

    def more(self, mutants: int) -> None:
        """More mutants come."""
        for each in self._watchers:
            each.more(mutants)

    def proved(self, done: int, total: int) -> None:
        """Mutants were compared."""
        for each in self._watchers:
            each.proved(done, total)

    def compiling(self, function: str, mutant: str) -> None:
        """The compile worker is given a kernel."""
        for each in self._watchers:
            each.compiling(function, mutant)

    def running(self, runner: int, mutant: str) -> None:
        """A runner takes a mutant up, or is idle."""
        for each in self._watchers:
            each.running(runner, mutant)

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        for each in self._watchers:
            each.done(mutant, verdict)
