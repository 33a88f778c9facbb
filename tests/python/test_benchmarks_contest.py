"""Engines are timed by turns, and a process that has gone slow is told from a busy machine."""

# mypy: disable-error-code="dict-item"

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import tvm

from benchmarks.contest import MAX_CHECKS, Pace, Restartable, contest
from benchmarks.peak import SUMS, Peak

ROWS = np.zeros((1, 1), "float32")
PACE = Pace(rounds=4, block_ms=10)


class Scripted:
    """A process whose every block takes the next of the given ms per run."""

    def __init__(self, ms: Iterator[float], log: list[str] | None = None, name: str = "") -> None:
        self._ms = ms
        self._log = log if log is not None else []
        self._name = name
        self.is_closed = False

    def outputs(self, rows: np.ndarray) -> list[np.ndarray]:
        return [rows]

    def block(self, calls: int) -> list[float]:
        self._log.append(self._name)
        return [next(self._ms)] * calls

    def close(self) -> None:
        self.is_closed = True


def restartable(*processes: Any) -> Any:
    waiting = iter(processes)
    return Restartable(lambda: next(waiting), ROWS, calls=3)


def steady(ms: float) -> Any:
    return Scripted(itertools.repeat(ms))


def test_of_two_processes_the_faster_one_stays() -> None:
    slow, fast = steady(4.0), steady(1.0)
    reference = restartable(slow, fast)
    assert reference.process is fast
    assert reference.slow_at_start
    assert slow.is_closed
    assert not fast.is_closed


def test_a_process_that_goes_slow_is_replaced_and_its_round_repeated() -> None:
    # One block at the start, two that tell the pace, two good rounds.
    tiring = Scripted(itertools.chain([1.0] * 5, itertools.repeat(4.0)))
    reference = restartable(tiring, steady(1.1), steady(1.0))
    ours = steady(2.0)
    blocks, repeated = contest({"ours": ours}, reference, "reference", PACE)
    assert repeated == reference.restarts == 1
    assert tiring.is_closed
    assert [len(blocks[name]) for name in ("ours", "reference")] == [4, 4]
    assert max(map(max, blocks["reference"])) == 1.0


def test_on_a_busy_machine_where_a_new_process_is_slow_too_nothing_is_replaced() -> None:
    busy = Scripted(itertools.chain([1.0] * 4, [5.0] * 2, itertools.repeat(1.0)))
    new = steady(4.5)
    reference = restartable(busy, steady(1.1), new)
    blocks, repeated = contest({}, reference, "reference", PACE)
    assert repeated == reference.restarts == 0
    assert reference.process is busy
    assert new.is_closed
    assert max(map(max, blocks["reference"])) == 5.0


def test_suspicions_have_an_end() -> None:
    busy = Scripted(itertools.chain([1.0], itertools.repeat(4.0)))
    others = [steady(4.0) for _ in range(MAX_CHECKS + 3)]
    reference = restartable(busy, *others)
    blocks, _ = contest({}, reference, "reference", Pace(rounds=MAX_CHECKS + 4, block_ms=10))
    assert [other.is_closed for other in others] == [True] * (MAX_CHECKS + 1) + [False] * 2
    assert len(blocks["reference"]) == MAX_CHECKS + 4


def test_the_order_is_reversed_each_round() -> None:
    log: list[str] = []
    forever = itertools.repeat(1.0)
    reference = restartable(
        Scripted(forever, log, "reference"), Scripted(forever, log, "reference")
    )
    ours = Scripted(forever, log, "ours")
    contest({"ours": ours}, reference, "reference", Pace(rounds=2, block_ms=10))
    assert log[-4:] in (
        ["reference", "ours", "ours", "reference"],
        ["ours", "reference", "reference", "ours"],
    )


def test_a_slow_engine_takes_part_in_few_rounds_with_a_run_each() -> None:
    slow = steady(3000.0)
    blocks, _ = contest(
        {"slow": slow},
        restartable(steady(1.0), steady(1.0)),
        "reference",
        Pace(rounds=6, block_ms=10),
    )
    assert blocks["slow"] == [[3000.0], [3000.0]]
    assert len(blocks["reference"]) == 6


@pytest.mark.parametrize("lanes", [4, 8])
def test_the_kernel_that_measures_the_peak_does_its_sums(lanes: int) -> None:
    peak = Peak(tvm.target.Target("llvm"), lanes, threads=1)
    assert (peak.sums() == 0).all()
    assert peak.gflops(repeat=1) > 0
    assert peak.sums().shape == (1, SUMS * lanes)
    # Each sum s becomes s / 2 + 1 / 2, from 1 on.
    assert (peak.sums() == 1).all()
