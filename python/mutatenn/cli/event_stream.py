"""Where ``--events`` writes: a file that grows, or standard output."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import typer

from mutatenn.campaign.events import Events
from mutatenn.campaign.watcher import Silent, Watcher
from mutatenn.cli.console import complain
from mutatenn.errors import InputError, MutatennError
from mutatenn.exit_codes import ExitCode

STDOUT = "-"


class EventStream:
    """Writes the events of what happens between ``with`` and its end; the last is ``finished``.

    A reader that leaves, or a full disk, ends the events and not the campaign; it is told once.
    """

    def __init__(self, target: str | None) -> None:
        """Open the stream.

        Args:
            target: a file, which is appended to; ``-`` for standard output; ``None`` for nowhere.

        Raises:
            InputError: the file cannot be written.
        """
        self._target = target
        self._summary: dict[str, Any] | None = None
        self._descriptor: int | None = None
        self._events: Events | None = None
        self.watcher: Watcher = Silent()
        if target is not None:
            self._descriptor = sys.stdout.fileno() if target == STDOUT else _opened(Path(target))
            self.watcher = self._events = Events(self._write)

    def summary(self, body: dict[str, Any]) -> None:
        """The campaign's summary, from which ``finished`` tells the counts."""
        self._summary = body

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._events is not None:
            self._events.finished(**_end(error), **_counts(self._summary))
        if self._descriptor is not None and self._target != STDOUT:
            os.close(self._descriptor)

    def _write(self, line: bytes) -> None:
        if self._descriptor is None:
            return
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            complain(f"--events {self._target} ends here ({error.strerror}); the campaign goes on")
            if self._target != STDOUT:
                os.close(self._descriptor)
            self._descriptor = None


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(
            f"--events {path} cannot be written ({error.strerror}); give another file, or -"
        ) from error


def _end(error: BaseException | None) -> dict[str, Any]:
    """How it ended, its exit code, and what went wrong."""
    if error is None:
        return {"outcome": "complete", "exit_code": int(ExitCode.OK), "message": None}
    if isinstance(error, typer.Exit):
        code = error.exit_code
        outcome = "interrupted" if code == ExitCode.INCOMPLETE else "complete"
        return {"outcome": outcome, "exit_code": code, "message": None}
    if isinstance(error, KeyboardInterrupt):
        code, outcome = int(ExitCode.INCOMPLETE), "interrupted"
        return {"outcome": outcome, "exit_code": code, "message": None}
    code = int(error.exit_code if isinstance(error, MutatennError) else ExitCode.INTERNAL)
    return {"outcome": "failed", "exit_code": code, "message": str(error)}


def _counts(summary: dict[str, Any] | None) -> dict[str, Any]:
    """What the summary says of the first device, if there is one."""
    if summary is None:
        return {"counts": None, "pending": None, "score": None}
    return {name: summary[name] for name in ("counts", "pending", "score")}
