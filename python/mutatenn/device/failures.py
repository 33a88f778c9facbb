"""Ways in which a device gives no answer about a mutant."""

from __future__ import annotations

from mutatenn.errors import MutatennError
from mutatenn.exit_codes import ExitCode


class RunnerDied(MutatennError):
    """The runner, not the mutant, failed; the next run starts a fresh one."""

    exit_code = ExitCode.ENVIRONMENT


class ProbeFailed(MutatennError):
    """An instrumented original crashed, hung or wrote out of bounds: what it left says nothing."""
