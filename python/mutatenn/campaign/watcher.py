"""What a campaign tells whoever watches it."""

from __future__ import annotations

from typing import Protocol

from mutatenn.campaign.verdict import Verdict
from mutatenn.mutation.mutant import Mutant


class Watcher(Protocol):
    """Called from the thread that runs the campaign, in this order."""

    def phase(self, name: str) -> None:
        """A part of the work before the first mutant begins."""

    def begin(self, mutants: int) -> None:
        """The manifest is written and the first of so many mutants is about to run."""

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict is in the journal."""


class Silent:
    """Watches and says nothing."""

    def phase(self, name: str) -> None:
        """Ignore it."""

    def begin(self, mutants: int) -> None:
        """Ignore it."""

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """Ignore it."""
