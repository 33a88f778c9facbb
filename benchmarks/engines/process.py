"""The parent's side: an engine as a process that is asked one thing at a time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.programs import pool_settings
from mutatenn.errors import MutatennError

if TYPE_CHECKING:
    from typing_extensions import Self

ROOT = Path(__file__).resolve().parents[2]


class EngineProcess:
    """A module of ``benchmarks.engines``, running one model; it starts at once and loads alone."""

    def __init__(self, engine: str, path: Path, threads: int) -> None:
        """Start it; ``wait`` says when it has loaded.

        Args:
            engine: name of the module.
            path: the model.
            threads: size of its thread pool.
        """
        self.engine = engine
        here, there = socket.socketpair()
        handle = there.fileno()
        command = [sys.executable, "-m", f"benchmarks.engines.{engine}"]
        environment = os.environ | pool_settings(threads)
        with there:
            self._process = subprocess.Popen(
                [*command, str(handle), str(path.resolve()), str(threads)],
                cwd=ROOT,
                env=environment,
                pass_fds=[handle],
                stdin=subprocess.DEVNULL,
            )
        self._child = Connection(here.detach())
        self._facts: Mapping[str, Any] | None = None

    def wait(self) -> Mapping[str, Any]:
        """Wait until the model is loaded; what the engine tells of it.

        Raises:
            MutatennError: it could not be loaded.
        """
        if self._facts is None:
            state, facts = self._answer()
            if state != "ready":
                raise MutatennError(f"engine {self.engine} cannot load the model: {facts}")
            self._facts = facts
        return self._facts

    def outputs(self, rows: np.ndarray) -> list[np.ndarray]:
        """The model's outputs, each with a leading axis of rows; the last row stays bound."""
        result: list[np.ndarray] = self._ask("outputs", rows)
        return result

    def block(self, calls: int) -> list[float]:
        """Time ``calls`` runs in a row, each in ms, after one that is not counted.

        A single call is not warmed up: it is for programs that take long.
        """
        samples: list[float] = self._ask("block", calls)
        return samples

    def _ask(self, name: str, argument: Any) -> Any:
        self.wait()
        self._child.send((name, argument))
        return self._answer()[1]

    def _answer(self) -> tuple[str, Any]:
        try:
            state, value = self._child.recv()
        except (EOFError, ConnectionResetError) as error:
            status = self._process.wait()
            raise MutatennError(
                f"engine {self.engine} ended with status {status}; its words are above"
            ) from error
        return str(state), value

    def close(self) -> None:
        """Hang up, which ends it, and wait for its end."""
        self._child.close()
        self._process.wait()

    def __enter__(self) -> Self:
        """Itself, closed when the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
