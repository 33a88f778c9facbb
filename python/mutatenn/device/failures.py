"""Ways in which a device gives no answer about a mutant."""

from __future__ import annotations

from collections.abc import Callable

from mutatenn.device import records
from mutatenn.errors import MutatennError
from mutatenn.exit_codes import ExitCode


class RunnerDied(MutatennError):
    """The runner, not the mutant, failed; the next run starts a fresh one."""

    exit_code = ExitCode.ENVIRONMENT


class ProbeFailed(MutatennError):
    """An instrumented original crashed, hung or wrote out of bounds: what it left says nothing."""


def require_sound(fate: int, message: Callable[[], str]) -> None:
    """Refuse a run that says nothing of what was run.

    Args:
        fate: the number that the runner answered.
        message: gives what the run said of its end.

    Raises:
        RunnerDied: it was lost, or the runner itself failed.
    """
    if fate == records.FATE_LOST:
        raise RunnerDied("the process that ran the kernels was killed from outside")
    if fate == records.FATE_FAULT:
        raise RunnerDied(f"the runner could not do its work: {message()}")
    if fate not in records.FATES:
        raise RunnerDied("the results file was overwritten, most likely by the kernel that ran")
