"""What happens in a campaign as lines of JSON, schema ``mutatenn.events/1``, for other programs."""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase
from mutatenn.mutation.mutant import Mutant

SCHEMA = "mutatenn.events/1"
PROVED_SECONDS = 1.0
"""Of mutants that are compared there is one event in this time, in seconds, and one at the end."""


class Events:
    """A watcher that writes an object per event, each a line, each at once.

    Every object has ``event``, ``time`` (UTC, ISO 8601) and ``seconds`` since ``started``; those
    of a device have ``device``. ``docs/events.schema.json`` tells all.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write ``started``.

        Args:
            write: takes a whole line, with its end.
            clock: seconds.
        """
        self._write = write
        self._clock = clock
        self._start = clock()
        self._told = float("-inf")
        self._device: str | None = None
        self._total = 0
        self.tell("started", schema=SCHEMA, mutatenn=version("mutatenn"), pid=os.getpid())

    def tell(self, event: str, **fields: Any) -> None:
        """Write one event."""
        now = datetime.datetime.now(datetime.timezone.utc)
        body = {
            "event": event,
            "time": now.isoformat(timespec="milliseconds"),
            "seconds": round(self._clock() - self._start, 3),
            **({} if self._device is None else {"device": self._device}),
            **fields,
        }
        self._write((json.dumps(body) + "\n").encode())

    def finished(self, **fields: Any) -> None:
        """Write ``finished``, which is about no device alone."""
        self._device = None
        self.tell("finished", **fields)

    def phase(self, phase: Phase) -> None:
        """A phase begins."""
        if phase is Phase.PARTINGS:
            self._device = None  # it is about all of them
        self.tell("phase", phase=phase.key, title=phase.value)

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered."""
        self.tell("lowered", target=target)

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder."""
        self.tell("opened", out=str(folder.absolute()), devices=list(devices), mutants=mutants)

    def device(self, name: str) -> None:
        """The next device."""
        self._device = name
        self.tell("device")

    def begin(self, mutants: int) -> None:
        """The mutants begin."""
        self._total = mutants
        self.tell("phase", phase=Phase.MUTANTS.key, title=Phase.MUTANTS.value)
        self.tell("total", total=self._total)

    def more(self, mutants: int) -> None:
        """More mutants come."""
        self._total += mutants
        self.tell("total", total=self._total)

    def proved(self, done: int, total: int) -> None:
        """Mutants were compared."""
        now = self._clock()
        if done == total or now - self._told >= PROVED_SECONDS:
            self._told = now
            self.tell("proved", done=done, total=total)

    def compiling(self, function: str, mutant: str) -> None:
        """The compile worker is given a kernel."""
        self.tell("compiling", worker="compiler", kernel=function or None, mutant=mutant or None)

    def running(self, runner: int, mutant: str) -> None:
        """A runner takes a mutant up, or is idle."""
        self.tell("running", worker=f"runner {runner}", mutant=mutant or None)

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        self.tell(
            "verdict",
            mutant=mutant.id,
            kernel=mutant.function,
            verdict=verdict.verdict,
            kill=verdict.kill or None,
            reach=verdict.reach or None,
            failing=verdict.failing,
            first_failing=verdict.first_failing or None,
            reason=verdict.reason,
        )
