"""What a campaign does right now, gathered for a view that another thread draws."""

from __future__ import annotations

import collections
import dataclasses
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from mutatenn.campaign.verdict import Verdict, verdict_text
from mutatenn.campaign.watcher import Phase, Silent
from mutatenn.mutation.mutant import Mutant

LAST = 4
"""Verdicts that are still told after they fell."""


@dataclasses.dataclass(frozen=True)
class Work:
    """What a worker has in hand.

    Attributes:
        told: for people.
        since: seconds, by the clock of the state; ``None`` where the time says nothing.
    """

    told: str
    since: float | None = None


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """The state at one instant.

    Attributes:
        phase: what is done now, for people.
        device: its name; empty before the first.
        device_index: its place among the devices, from 1; 0 before the first.
        devices: how many there are; 0 while that is not known.
        counts: verdicts on this device in this run, by kind.
        done: how many of ``total`` have come to an end.
        total: ``None`` where there is nothing to count.
        rate: those done, per second.
        left: seconds; ``None`` while there is nothing to tell them from.
        seconds: since the beginning.
        compiler: what the compile worker was given last; ``None`` where it has nothing.
        runners: what each does, by its index; ``None`` where it has nothing.
        last: the last verdicts, the newest first: mutant, kind, verdict as text.
        end: how it ended; empty while it runs.
    """

    phase: str
    device: str
    device_index: int
    devices: int
    counts: Mapping[str, int]
    done: int
    total: int | None
    rate: float
    left: float | None
    seconds: float
    now: float
    compiler: Work | None
    runners: Mapping[int, Work | None]
    last: Sequence[tuple[str, str, str]]
    end: str


class LiveState(Silent):
    """A watcher that remembers; ``snapshot`` may be asked for from any thread."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        entered: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin.

        Args:
            clock: gives seconds.
            entered: called after each phase began, for a view whose next refresh may come after
                the end of a short one.
        """
        self._clock = clock
        self._entered = entered
        self._lock = threading.Lock()
        self._begun = self._start = clock()
        self._phase = ""
        self._device = ""
        self._device_index = 0
        self._devices: tuple[str, ...] = ()
        self._counts: dict[str, int] = {}
        self._done = 0
        self._total: int | None = None
        self._compiler: Work | None = None
        self._runners: dict[int, Work | None] = {}
        self._last: collections.deque[tuple[str, str, str]] = collections.deque(maxlen=LAST)
        self._end = ""

    def phase(self, phase: Phase) -> None:
        """A phase begins."""
        with self._lock:
            self._phase, self._total, self._done = phase.value, None, 0
            if phase is Phase.PARTINGS:
                self._compiler, self._runners = None, {}
        self._entered()

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder."""
        with self._lock:
            self._devices = tuple(devices)

    def device(self, name: str) -> None:
        """The next device."""
        with self._lock:
            self._device = name
            self._device_index += 1
            self._counts, self._runners, self._compiler = {}, {}, None
            self._last.clear()

    def begin(self, mutants: int) -> None:
        """The mutants begin."""
        with self._lock:
            self._phase = Phase.MUTANTS.value
            self._total, self._done, self._start = mutants, 0, self._clock()
        self._entered()

    def more(self, mutants: int) -> None:
        """More mutants come."""
        with self._lock:
            self._total = (self._total or 0) + mutants

    def proved(self, done: int, total: int) -> None:
        """Mutants were compared."""
        with self._lock:
            if self._total is None:
                self._start = self._clock()
            self._done, self._total = done, total

    def compiling(self, function: str, mutant: str) -> None:
        """The compile worker is given a kernel."""
        told = f"{mutant} in {function}" if mutant else function
        with self._lock:
            self._compiler = Work(told) if function else None

    def running(self, runner: int, mutant: str) -> None:
        """A runner takes a mutant up, or is idle."""
        with self._lock:
            self._runners[runner] = Work(mutant, self._clock()) if mutant else None

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        kind = verdict.verdict
        with self._lock:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            if self._phase == Phase.MUTANTS.value:
                self._done += 1
            self._last.appendleft((mutant.id, kind, verdict_text(kind, verdict.kill)))

    def ended(self, how: str) -> None:
        """Nothing more will come."""
        with self._lock:
            self._end = how

    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._lock:
            now = self._clock()
            rate = self._done / max(now - self._start, 1e-9) if self._done else 0.0
            known = rate > 0 and self._total is not None
            return Snapshot(
                self._phase,
                self._device,
                self._device_index,
                len(self._devices),
                dict(self._counts),
                self._done,
                self._total,
                rate,
                max((self._total or 0) - self._done, 0) / rate if known else None,
                now - self._begun,
                now,
                self._compiler,
                dict(self._runners),
                tuple(self._last),
                self._end,
            )
