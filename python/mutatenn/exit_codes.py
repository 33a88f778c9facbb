"""The exit codes of ``mutatenn-ir``, each with its meaning, in the one place that defines them."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """What the process tells its caller; survivors alone never fail a run."""

    OK = 0
    """Done, and every gate that was asked for passed."""
    GATE_FAILED = 1
    """A gate that was asked for failed; outranks ``INCOMPLETE``."""
    USAGE = 2
    """Wrong usage, or input that cannot be read."""
    INCOMPLETE = 3
    """Interrupted, or more inconclusive mutants than the budget allows."""
    BASELINE = 4
    """The un-mutated program failed, or two runs of it disagree."""
    ENVIRONMENT = 5
    """A device, a tool or a matching library version is missing, or a plug-in is broken."""
    MISMATCH = 6
    """A manifest or a shard does not belong to this campaign."""
    INTERNAL = 70
    """A defect of mutatenn itself."""
