"""Trust: the original is checked while a campaign runs; if it changed, verdicts are taken back.

Which verdicts a good check has confirmed stands in the journal. So those of a process that was
killed before its next check are confirmed, or taken back, by the first check after a resumption.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import Verdict
from mutatenn.device import Device, RunnerDied
from mutatenn.errors import BaselineError
from mutatenn.mutation.mutant import Mutant

ROWS_AFTER_A_CRASH = 1
"""Inputs on which the original is checked after a crash; all inputs every so many mutants."""


class Trust:
    """Checks the original every ``every`` mutants, and briefly after every crash."""

    def __init__(self, device: Device, journal: Journal, every: int) -> None:
        self._device = device
        self._journal = journal
        self._every = every
        self._since = len(journal.unconfirmed(device.name))

    def after(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict is in the journal.

        Raises:
            BaselineError: the original no longer gives its golden answers.
        """
        self._since += 1
        if self._since >= self._every:
            self.check()
        elif verdict.kill == "crash":
            self._require(self._rechecked(ROWS_AFTER_A_CRASH))

    def check(self) -> None:
        """Check the original on all inputs; the verdicts so far are confirmed.

        Raises:
            BaselineError: the original no longer gives its golden answers; the verdicts since the
                last good check are taken back.
        """
        if self._since:
            self._require(self._rechecked(None))
            self._journal.confirm(self._device.name)
            self._since = 0

    def _rechecked(self, rows: int | None) -> str | None:
        try:
            return self._device.recheck(rows)
        except RunnerDied:
            # Its death says nothing of the original; a fresh runner does.
            return self._device.recheck(rows)

    def _require(self, fault: str | None) -> None:
        if fault is None:
            return
        told = _taken_back(self._journal, self._device.name, fault)
        raise BaselineError(f"{told}; when the machine is sound again, go on with --resume")


@contextlib.contextmanager
def baseline_of(journal: Path, device: str) -> Iterator[None]:
    """The golden run of a resumption: if it fails, what no check has confirmed is taken back.

    Args:
        journal: the journal's file; of a new campaign there is none yet.
        device: the one that runs.

    Raises:
        BaselineError: it was raised inside; the message says how many verdicts went.
    """
    try:
        yield
    except BaselineError as error:
        if not journal.exists():
            raise
        with Journal(journal) as opened:
            raise BaselineError(_taken_back(opened, device, str(error))) from error


def _taken_back(journal: Journal, device: str, fault: str) -> str:
    """Take back what is unconfirmed; ``fault``, and how many verdicts it cost."""
    mutants = journal.unconfirmed(device)
    journal.take_back(mutants, device)
    count = len(mutants)
    return f"{fault.rstrip('.')}; the {count} verdicts since the last good check were taken back"
