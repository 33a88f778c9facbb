"""The log of mutants taken up: after a crash it tells what was in flight, and what ran twice."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from mutatenn.errors import IncompleteError


class MutantLog:
    """Appends a line for each mutant as it is taken up: time (UTC), process, id."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``, made if it is not there; its folder must be."""
        self._path = path

    def taken_up(self, mutant: str) -> None:
        """Write a line; it outlives this process from now on.

        Raises:
            IncompleteError: the file cannot be written.
        """
        now = datetime.datetime.now(datetime.timezone.utc)
        try:
            with self._path.open("a") as file:
                file.write(f"{now.isoformat(timespec='milliseconds')} {os.getpid()} {mutant}\n")
        except OSError as error:
            raise IncompleteError(
                f"{self._path} cannot be written ({error.strerror}); the verdicts so far stay: "
                "make room, then go on with --resume"
            ) from error
