"""How a campaign's progress is shown: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from mutatenn.campaign.verdict import Verdict
from mutatenn.campaign.watcher import Phase
from mutatenn.cli.console import ERR, note
from mutatenn.cli.stage import note_schedules
from mutatenn.mutation.mutant import Mutant

PLAIN_SECONDS = 10.0
"""Without a terminal, at most one line in this many seconds."""


class Progress:
    """Shows the phase, mutants done, mutants a second, time left, and counts by verdict."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"),
        )
        self._bar = RichProgress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal)
        self._task = self._bar.add_task("lowering", total=None, rate="", counts="")
        self._counts: dict[str, int] = {}
        self._total = 0
        self._device = ""
        self._start = self._told = time.monotonic()

    def phase(self, phase: Phase) -> None:
        """A part of the campaign before its mutants begins."""
        self._bar.update(self._task, description=phase.value)
        if self._bar.disable:
            note(f"{phase.value} ...")

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered for a target; ``notes`` tells what its schedules could not do."""
        note(f"target {target}")
        if self._verbose:
            note_schedules(notes)

    def device(self, name: str) -> None:
        """The mutants run on another device now."""
        self._device = f" on {name}"
        self._bar.update(self._task, description=f"device {name}")
        note(f"device {name}")

    def begin(self, mutants: int) -> None:
        """The first of so many mutants is about to run."""
        self._total = mutants
        self._counts = {}
        self._start = self._told = time.monotonic()
        self._bar.reset(self._task, description=f"mutants{self._device}", total=self._total)

    def more(self, mutants: int) -> None:
        """So many more mutants are to run, in place of those that were proved away."""
        self._total += mutants
        self._bar.update(self._task, total=self._total)

    def proved(self, done: int, total: int) -> None:
        """Of all mutants, so many have been compared with each other before any runs."""
        self._bar.update(self._task, completed=done, total=total)
        now = time.monotonic()
        if self._bar.disable and (now - self._told > PLAIN_SECONDS or done == total):
            self._told = now
            note(f"{done}/{total} mutants compared")

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict has fallen."""
        kind = verdict.verdict
        self._counts[kind] = self._counts.get(kind, 0) + 1
        finished = sum(self._counts.values())
        now = time.monotonic()
        rate = finished / max(now - self._start, 1e-9)
        speed = f"{rate:.2f} mutants/s"
        self._bar.update(self._task, advance=1, rate=speed, counts=self._tally())
        if self._bar.disable and (now - self._told > PLAIN_SECONDS or finished == self._total):
            self._told = now
            left = (self._total - finished) / rate
            note(
                f"{finished}/{self._total} mutants, {rate:.2f}/s, {left:.0f} s left: "
                f"{self._tally()}"
            )

    def _tally(self) -> str:
        return ", ".join(f"{n} {kind}" for kind, n in sorted(self._counts.items()))

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()
