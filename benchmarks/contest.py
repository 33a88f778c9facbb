"""Engines timed against each other: by turns, in blocks of runs, on a machine that is not quiet."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.engines.process import EngineProcess

SLOW = 2.0
"""A block whose fastest run takes this many times the best run ever is of a process gone slow."""
SURE_CALLS = 10
"""Runs, at least, of the blocks that tell a slow process from a busy machine."""
MAX_CHECKS = 6
REST_SECONDS = 0.02
"""Between blocks: workers that spin when they have nothing to do go to sleep meanwhile."""


@dataclasses.dataclass(frozen=True)
class Pace:
    """How much is measured: rounds, and how long a block of each engine takes.

    Engines whose run takes longer than ``slow_ms`` take part in a few rounds with a run each.
    """

    rounds: int
    block_ms: float
    most_calls: int = 200
    slow_ms: float = 400.0
    patience_ms: float = 2000.0

    def calls(self, ms: float) -> int:
        """Runs in a block of an engine whose run takes ``ms``."""
        if ms > self.slow_ms:
            return 1
        return max(3, min(self.most_calls, int(self.block_ms / ms)))

    def rounds_of(self, ms: float) -> int:
        """Rounds that such an engine takes part in: at least two."""
        if ms <= self.slow_ms:
            return self.rounds
        return min(self.rounds, max(2, int(self.patience_ms / ms)))


class Restartable:
    """An engine that now and then sits in a slow state for as long as its process lives.

    Two processes are started and the faster one stays, so that a slow start is not taken for the
    usual speed; later each block is compared with the best run ever.
    """

    def __init__(self, start: Callable[[], EngineProcess], rows: np.ndarray, calls: int) -> None:
        """Start it.

        Args:
            start: starts a process.
            rows: what it is run on first; the last one stays bound.
            calls: runs in the block that tells how fast a process is.
        """
        self._start = start
        self._rows = rows
        self._best = math.inf
        self._checks = 0
        self.restarts = 0
        first = self._started()
        try:
            second = self._started()
        except BaseException:
            first.close()
            raise
        spent = {process: min(process.block(calls)) for process in (first, second)}
        self.process, other = sorted(spent, key=lambda process: spent[process])
        other.close()
        self._best = spent[self.process]
        self.slow_at_start = spent[other] > SLOW * self._best

    def _started(self) -> EngineProcess:
        process = self._start()
        try:
            process.outputs(self._rows)
        except BaseException:
            process.close()
            raise
        return process

    def replaced_if_slow(self, block: list[float]) -> bool:
        """Replace this process if it has gone slow, and say whether that was done.

        A slow block is not enough on a busy machine, where a new process would be slow too: both
        are timed, one right after the other, and the old one goes only if the new one is that
        much faster.

        Args:
            block: what the process just took, ms per run.
        """
        self._best = min(self._best, *block)
        if min(block) <= SLOW * self._best or self._checks >= MAX_CHECKS:
            return False
        self._checks += 1
        new = self._started()
        calls = max(len(block), SURE_CALLS)
        spent = [min(process.block(calls)) for process in (self.process, new)]
        self._best = min(self._best, *spent)
        if spent[0] <= SLOW * spent[1]:
            new.close()
            return False
        self.restarts += 1
        self.process.close()
        self.process = new
        return True

    def close(self) -> None:
        """End it."""
        self.process.close()


Blocks = dict[str, list[list[float]]]
"""ms of each run, by engine and block."""


def contest(
    engines: Mapping[str, EngineProcess], reference: Restartable, name: str, pace: Pace
) -> tuple[Blocks, int]:
    """Time engines by turns, the order reversed each round.

    A round in which the reference is found slow does not count for anybody: the reference is
    started anew and the round repeated; ``MAX_CHECKS`` suspicions are looked into.

    Args:
        engines: all others, loaded, each with a row bound.
        reference: what they are compared with.
        name: the reference's name in the result.
        pace: how much to measure.

    Returns:
        The blocks, and how many rounds were repeated.
    """
    first = {each: _first(process, pace) for each, process in engines.items()}
    first[name] = _first(reference.process, pace)
    wanted = {each: pace.rounds_of(ms) for each, ms in first.items()} | {name: pace.rounds}
    blocks: Blocks = {each: [] for each in first}
    repeated = 0
    backwards = False
    while len(blocks[name]) < pace.rounds:
        order = [each for each in first if len(blocks[each]) < wanted[each]]
        round_ = {}
        backwards = not backwards
        for each in reversed(order) if backwards else order:
            time.sleep(REST_SECONDS)
            process = reference.process if each == name else engines[each]
            round_[each] = process.block(pace.calls(first[each]))
        if reference.replaced_if_slow(round_[name]):
            repeated += 1
            continue
        for each, block in round_.items():
            blocks[each].append(block)
    return blocks, repeated


def _first(process: EngineProcess, pace: Pace) -> float:
    """About how many ms a run takes; a slow engine is asked for one run only."""
    (once,) = process.block(1)
    return once if once > pace.slow_ms else min(process.block(3))
