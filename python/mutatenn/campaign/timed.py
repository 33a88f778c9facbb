"""A watcher that measures how long each phase of a campaign lasts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase, Watcher
from mutatenn.mutation.mutant import Mutant


class Timed:
    """Passes on to another watcher all that it is told."""

    def __init__(self, watcher: Watcher, clock: Callable[[], float] = time.perf_counter) -> None:
        self._watcher = watcher
        self._clock = clock
        self._now: Phase | None = None
        self._since = 0.0
        self._seconds: dict[str, float] = {}

    def phase(self, phase: Phase) -> None:
        """A phase begins; the one before ends."""
        self._enter(phase)
        self._watcher.phase(phase)

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered."""
        self._watcher.lowered(target, notes)

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder."""
        self._watcher.opened(folder, devices, mutants)

    def device(self, name: str) -> None:
        """The next device."""
        self._watcher.device(name)

    def begin(self, mutants: int) -> None:
        """The mutants begin."""
        self._enter(Phase.MUTANTS)
        self._watcher.begin(mutants)

    def more(self, mutants: int) -> None:
        """More mutants come."""
        self._watcher.more(mutants)

    def proved(self, done: int, total: int) -> None:
        """Mutants were compared."""
        self._watcher.proved(done, total)

    def compiling(self, function: str, mutant: str) -> None:
        """The compile worker is given a kernel."""
        self._watcher.compiling(function, mutant)

    def running(self, runner: int, mutant: str) -> None:
        """A runner takes a mutant up, or is idle."""
        self._watcher.running(runner, mutant)

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        self._watcher.done(mutant, verdict)

    def seconds(self) -> dict[str, float]:
        """Seconds of each phase until now, by its key."""
        if self._now is not None:
            self._enter(self._now)
        return dict(self._seconds)

    def _enter(self, phase: Phase) -> None:
        now = self._clock()
        if self._now is not None:
            key = self._now.key
            self._seconds[key] = self._seconds.get(key, 0.0) + now - self._since
        self._now, self._since = phase, now
