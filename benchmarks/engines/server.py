"""The child's side: loads a model once, then runs it as often as it is asked to."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import numpy as np


class Engine(Protocol):
    """One loaded model."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What to tell of how it was made: versions, seconds."""
        ...

    def bind(self, row: np.ndarray) -> None:
        """Take the input of the runs to come; what is bound is not copied again by ``run``."""
        ...

    def run(self) -> None:
        """Compute the outputs, which stay with the engine."""
        ...

    def outputs(self) -> list[np.ndarray]:
        """Copies of the outputs of the last run."""
        ...


def serve(handle: int, load: Callable[[], Engine]) -> int:
    """Answer requests until the parent hangs up.

    Args:
        handle: the inherited socket.
        load: makes the engine; what it raises is told to the parent.

    Returns:
        The exit status.
    """
    # What libraries print must not get into the benchmark's own output.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    parent = Connection(handle)
    try:
        engine = load()
    except Exception as error:  # Whatever it is, the parent says it.
        parent.send(("failed", f"{type(error).__name__}: {error}"))
        return 1
    parent.send(("ready", dict(engine.facts)))
    requests: dict[str, Callable[[Any], Any]] = {
        "outputs": lambda rows: _outputs(engine, rows),
        "block": lambda calls: _block(engine, calls),
    }
    while True:
        try:
            name, argument = parent.recv()
        except EOFError:
            return 0
        parent.send(("done", requests[name](argument)))


def arguments() -> tuple[int, Path, int]:
    """Socket, model and number of threads, from the command line that ``process`` writes."""
    handle, path, threads = sys.argv[1:]
    return int(handle), Path(path), int(threads)


def _outputs(engine: Engine, rows: np.ndarray) -> list[np.ndarray]:
    """Every output of the model, with a leading axis of rows."""
    found = []
    for row in rows:
        engine.bind(row)
        engine.run()
        found.append(engine.outputs())
    return [np.stack(arrays) for arrays in zip(*found, strict=True)]


def _block(engine: Engine, calls: int) -> list[float]:
    """Time ``calls`` runs, each in ms, after one that wakes the threads and fills the caches."""
    if calls > 1:
        engine.run()
    samples = []
    for _ in range(calls):
        start = time.perf_counter_ns()
        engine.run()
        samples.append((time.perf_counter_ns() - start) / 1e6)
    return samples
