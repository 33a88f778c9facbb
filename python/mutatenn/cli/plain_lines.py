"""A campaign's progress as plain lines, for logs and pipes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase, Silent
from mutatenn.cli.console import note
from mutatenn.mutation.mutant import Mutant

SECONDS = 10.0
"""Between two lines that count, at least; the last is always written."""


class PlainLines(Silent):
    """Writes each phase, and from time to time how many mutants are done, and with what."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin; ``clock`` gives seconds."""
        self._clock = clock
        self._start = self._told = clock()
        self._counts: dict[str, int] = {}
        self._total: int | None = None

    def phase(self, phase: Phase) -> None:
        """A phase begins."""
        note(f"{phase.value} ...")

    def begin(self, mutants: int) -> None:
        """The mutants begin."""
        self._total = mutants
        self._counts = {}
        self._start = self._told = self._clock()

    def device(self, name: str) -> None:
        """The next device: its mutants are still to begin."""
        self._total = None

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """Say nothing: the folder is told at the end."""

    def more(self, mutants: int) -> None:
        """More mutants come."""
        self._total = (self._total or 0) + mutants

    def proved(self, done: int, total: int) -> None:
        """Mutants were compared."""
        if self._due(done == total):
            note(f"{done}/{total} mutants compared")

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        if self._total is None:
            return  # it was proved away, and `proved` counts it
        kind = verdict.verdict
        self._counts[kind] = self._counts.get(kind, 0) + 1
        finished = sum(self._counts.values())
        if self._due(finished == self._total):
            rate = finished / max(self._clock() - self._start, 1e-9)
            left = (self._total - finished) / rate
            tally = ", ".join(f"{n} {kind}" for kind, n in sorted(self._counts.items()))
            note(f"{finished}/{self._total} mutants, {rate:.2f}/s, {left:.0f} s left: {tally}")

    def _due(self, last: bool) -> bool:
        now = self._clock()
        if not last and now - self._told <= SECONDS:
            return False
        self._told = now
        return True
