"""Trust: the original is checked while a campaign runs; if it changed, verdicts are taken back."""

from __future__ import annotations

from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import Verdict
from mutatenn.device import LlvmDevice, RunnerDied
from mutatenn.errors import BaselineError
from mutatenn.mutation.mutant import Mutant

ROWS_AFTER_A_CRASH = 1
"""Inputs on which the original is checked after a crash; all inputs every so many mutants."""


class Trust:
    """Checks the original every ``every`` mutants, and briefly after every crash."""

    def __init__(self, device: LlvmDevice, journal: Journal, every: int) -> None:
        self._device = device
        self._journal = journal
        self._every = every
        self._unconfirmed: list[str] = []

    def after(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict is in the journal.

        Raises:
            BaselineError: the original no longer gives its golden answers.
        """
        self._unconfirmed.append(mutant.id)
        if len(self._unconfirmed) >= self._every:
            self.check()
        elif verdict.kill == "crash":
            self._require(self._rechecked(ROWS_AFTER_A_CRASH))

    def check(self) -> None:
        """Check the original on all inputs; the verdicts so far are confirmed.

        Raises:
            BaselineError: the original no longer gives its golden answers; the verdicts since the
                last good check are taken back.
        """
        if self._unconfirmed:
            self._require(self._rechecked(None))
            self._unconfirmed.clear()

    def _rechecked(self, rows: int | None) -> str | None:
        try:
            return self._device.recheck(rows)
        except RunnerDied:
            # Its death says nothing of the original; a fresh runner does.
            return self._device.recheck(rows)

    def _require(self, fault: str | None) -> None:
        if fault is None:
            return
        count = len(self._unconfirmed)
        self._journal.take_back(self._unconfirmed)
        raise BaselineError(
            f"{fault} The {count} verdicts since the last good check were taken back; when the "
            "machine is sound again, go on with --resume"
        )
