"""A question to a process of its own, which may die or never answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_WORDS = 300
"""So much of what a dying process said is passed on, in characters."""


class NoAnswer(Exception):
    """The process gave no answer; the message says how it ended."""


def ask(arguments: Sequence[str], seconds: float) -> Any:
    """Run Python with arguments, and read the JSON in the last line of what it prints.

    Args:
        arguments: what follows the interpreter's name.
        seconds: after so long it is ended, with all that it started.

    Raises:
        NoAnswer: it died, failed, or was too slow.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except BaseException as error:
        # Not reaped yet, so the group is still its own.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise NoAnswer(f"it gave no answer in {seconds:g} s") from None
        raise
    if process.returncode != 0:
        raise NoAnswer(_ending(process.returncode, err))
    try:
        return json.loads(out.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise NoAnswer(f"it answered {out.strip()[:_WORDS]!r}") from None


def _ending(code: int, said: str) -> str:
    if code < 0:
        return f"it died of {signal.Signals(-code).name}"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:_WORDS] if lines else f"it ended with exit code {code}"
