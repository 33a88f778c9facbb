"""What a campaign tells whoever watches it."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from mutatenn.campaign.verdict import Verdict
from mutatenn.mutation.mutant import Mutant


class Phase(enum.Enum):
    """A part of a campaign, in order; the value is what people read."""

    LOWERING = "reading and lowering the model"
    ORIGINALS = "compiling the original kernels"
    GOLDEN = "golden runs"
    PROOFS = "proving mutants equal to the original or to each other"
    PROBES = "probing which places the inputs execute"
    MUTANTS = "mutants"
    PARTINGS = "looking for the launches at which devices part"

    @property
    def key(self) -> str:
        """The phase's name in ``summary.json``."""
        return self.name.lower()


class Watcher(Protocol):
    """Called from the thread that runs the campaign, in this order; ``Silent`` is one to inherit.

    ``compiling`` and ``running`` come in between, whenever a worker takes something up.
    """

    def phase(self, phase: Phase) -> None:
        """A part of the work before the first mutant begins."""

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """The model is lowered for a target.

        Args:
            target: the target, as text.
            notes: by kernel, why rules of its schedule did not apply.
        """

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """The campaign has its folder, its devices, in order, and so many mutants to draw from."""

    def device(self, name: str) -> None:
        """What follows happens on this device."""

    def begin(self, mutants: int) -> None:
        """The manifest is written and the first of so many mutants is about to run."""

    def more(self, mutants: int) -> None:
        """So many more mutants are to run, in place of those that were proved away."""

    def proved(self, done: int, total: int) -> None:
        """Of all mutants, so many have been compared with each other before any runs."""

    def compiling(self, function: str, mutant: str) -> None:
        """The compile worker is given a kernel; it may have it ready long before the next.

        Args:
            function: the kernel's name; empty where nothing is left to compile.
            mutant: the id of the mutant in it; empty for an original or a probe.
        """

    def running(self, runner: int, mutant: str) -> None:
        """A runner takes a mutant up, maybe once more; an empty id says that it is idle."""

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """A verdict is in the journal; before ``begin``, of a mutant that was proved away."""


class Silent:
    """Watches and says nothing."""

    def phase(self, phase: Phase) -> None:
        """Ignore it."""

    def lowered(self, target: str, notes: Mapping[str, Sequence[str]]) -> None:
        """Ignore it."""

    def opened(self, folder: Path, devices: Sequence[str], mutants: int) -> None:
        """Ignore it."""

    def device(self, name: str) -> None:
        """Ignore it."""

    def begin(self, mutants: int) -> None:
        """Ignore it."""

    def more(self, mutants: int) -> None:
        """Ignore it."""

    def proved(self, done: int, total: int) -> None:
        """Ignore it."""

    def compiling(self, function: str, mutant: str) -> None:
        """Ignore it."""

    def running(self, runner: int, mutant: str) -> None:
        """Ignore it."""

    def done(self, mutant: Mutant, verdict: Verdict) -> None:
        """Ignore it."""
