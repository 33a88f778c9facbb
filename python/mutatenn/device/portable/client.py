"""Drives workers over one plan: one at a time, started when needed, replaced when it died."""

from __future__ import annotations

import dataclasses
import itertools
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mutatenn.device.portable.channel import Bytes, Message
from mutatenn.device.portable.driver_cache import prune_driver_cache
from mutatenn.device.portable.outcome import Outcome, WorkerLost
from mutatenn.device.portable.process import WorkerProcess
from mutatenn.device.portable.scratch import Scratch
from mutatenn.lowering.plan import Plan

CHECKED_ROWS = 2
"""Rows on which a new worker must give the golden answers before it runs a mutant."""
MOST_MUTANTS = 500
"""Runs of mutants after which a worker is replaced: drivers keep something of every program."""


class Unfit(Exception):
    """No worker can be had: the device is missing, or does not run the original kernels."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


@dataclasses.dataclass(frozen=True)
class Setup:
    """What every worker of a plan is told first."""

    device: str
    plan: Plan
    kernels: Mapping[str, Path]
    options: Mapping[str, Any]
    """``guard_bytes``, ``cache_mb``, ``memory_mb``, ``poison``, ``trap``."""
    rows: int
    golden_ms: int


class WorkerClient:
    """Asks for one thing at a time, in a thread of its own.

    Workers are started from that thread, since they die with the thread that started them.
    """

    def __init__(self, setup: Setup, scratch: Scratch, *, golden: bool) -> None:
        """Start a worker.

        Args:
            setup: what it is told.
            scratch: its folder, which is closed with the client.
            golden: whether the golden outputs are there already.

        Raises:
            Unfit: the device is missing, or refuses the original kernels.
            WorkerLost: the worker failed by itself.
        """
        self._setup = setup
        self._scratch = scratch
        self._process: WorkerProcess | None = None
        self._logs = itertools.count()
        self._closing = False
        self.has_golden = golden
        self.device_name = ""
        """What the device calls itself."""
        self._keeper = ThreadPoolExecutor(1, "mutatenn-worker")
        try:
            self._keeper.submit(self._ready).result()
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int | None:
        """Process id of the worker; ``None`` while there is none."""
        return None if self._process is None else self._process.pid

    def ask(self, message: Message, *, limit_ms: int) -> Outcome:
        """Ask for the golden run or a check of it, and wait.

        Raises:
            Unfit, WorkerLost: as for ``begin``.
        """
        return self._keeper.submit(self._whole, message, limit_ms).result()

    def begin(
        self,
        message: Message,
        arrays: Sequence[Bytes] = (),
        *,
        limits_ms: Sequence[int],
        total_ms: int | None,
        plan: Plan | None = None,
    ) -> Pending:
        """Begin a run of a mutant, a variant or a probe.

        A run in which the worker died is repeated in a new one, unless it was the worker's first:
        an earlier mutant may have left the damage.

        Args:
            message: the request.
            arrays: bytes that belong to it.
            limits_ms: how long each launch may last, by its index.
            total_ms: how long the whole run may last.
            plan: by which launches are numbered; ``None``: the plan of all workers.

        Returns:
            What gives the outcome. It raises ``WorkerLost`` where the worker was ended from outside
            and ``Unfit`` where the original kernels do not give their golden answers any more.
        """
        asked = {**message, "limits_ms": list(limits_ms)}
        longest = max(limits_ms, default=0) * 1_000_000
        total = None if total_ms is None else total_ms * 1_000_000
        own = plan or self._setup.plan
        return Pending(self._keeper, lambda: self._planted(asked, arrays, own, longest, total))

    def close(self) -> None:
        """End the worker, with what it is doing; nothing is done the second time."""
        if self._closing:
            return
        self._closing = True
        process = self._process
        if process is not None:
            process.interrupt()
        self._keeper.submit(self._drop)
        self._keeper.shutdown(wait=True)
        self._scratch.close()

    def _planted(
        self,
        message: Message,
        arrays: Sequence[Bytes],
        plan: Plan,
        longest_ns: int,
        total_ns: int | None,
    ) -> Outcome:
        """Run a mutant; once more in a new worker where an earlier one may be to blame."""
        if self._process is not None and self._process.mutants >= MOST_MUTANTS:
            self._drop()
        process = self._ready()
        fresh = not process.mutants
        process.mutants += 1
        outcome = self._told(process, message, arrays, plan, longest_ns, total_ns)
        if not fresh and (outcome.died or outcome.fate in ("failed", "unstable")):
            self._drop()
            process = self._ready()
            process.mutants += 1
            outcome = self._told(process, message, arrays, plan, longest_ns, total_ns)
        if outcome.fate == "unstable":
            raise Unfit(outcome)
        return outcome

    def _whole(self, message: Message, limit_ms: int) -> Outcome:
        """Run the original kernels, all within a limit.

        Where a mutant may have left the worker so that it dies, a new one is asked. Another answer
        stands: the mutants since the last check may have met it too.
        """
        asked = {**message, "limit_ms": limit_ms}
        limit = limit_ms * 1_000_000
        process = self._ready()
        fresh = not process.mutants
        outcome = self._told(process, asked, (), self._setup.plan, limit, limit)
        if fresh or outcome.fate not in ("crash", "failed", "hang"):
            return outcome
        self._drop()
        return self._told(self._ready(), asked, (), self._setup.plan, limit, limit)

    def _told(
        self,
        process: WorkerProcess,
        message: Message,
        arrays: Sequence[Bytes],
        plan: Plan,
        longest_ns: int,
        total_ns: int | None,
    ) -> Outcome:
        """Ask a worker; forget it when it must not be used again."""
        try:
            outcome = process.ask(message, arrays, plan, longest_ns, total_ns)
        except BaseException:
            self._drop()
            raise
        if outcome.last or outcome.died:
            self._drop()
        return outcome

    def _ready(self) -> WorkerProcess:
        """A worker that has the plan loaded and gives the golden answers."""
        if self._process is not None:
            return self._process
        process = self._start()
        if not self.has_golden:
            return process
        outcome = self._checked(process)
        if outcome.fate != "completed":
            self._drop()
            process = self._start()
            outcome = self._checked(process)
        if outcome.fate != "completed":
            self._drop()
            raise Unfit(outcome)
        return process

    def _start(self) -> WorkerProcess:
        if self._closing:
            raise WorkerLost("the device was closed")
        setup = self._setup
        prune_driver_cache(self._scratch.drivers)
        log = self._scratch.path / f"worker-{id(self)}-{next(self._logs)}.log"
        self._process = process = WorkerProcess(self._scratch.archive, log, self._scratch.drivers)
        message = {
            "device": setup.device,
            "folder": str(self._scratch.path),
            "kernels": {name: str(path.absolute()) for name, path in setup.kernels.items()},
            "options": dict(setup.options),
        }
        limit = setup.golden_ms * 1_000_000
        outcome = self._told(process, message, (), setup.plan, limit, limit)
        if outcome.fate != "completed":
            self._drop()
            raise Unfit(outcome)
        self.device_name = outcome.detail
        return process

    def _checked(self, process: WorkerProcess) -> Outcome:
        setup = self._setup
        limit = setup.golden_ms * 1_000_000
        rows = min(CHECKED_ROWS, setup.rows)
        message = {"ask": "check", "rows": rows, "pattern": "A", "limit_ms": setup.golden_ms}
        return self._told(process, message, (), setup.plan, limit, limit)

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()


class Pending:
    """A run that was begun: its outcome, and a descriptor that tells when it is there."""

    def __init__(self, keeper: ThreadPoolExecutor, work: Callable[[], Outcome]) -> None:
        self._descriptor = os.eventfd(0)
        self._open = True
        self._lock = threading.Lock()
        self._work = work
        try:
            self._future: Future[Outcome] = keeper.submit(self._run)
        except BaseException:
            self._close()
            raise

    def fileno(self) -> int:
        """A descriptor that becomes readable when ``result`` will return at once."""
        return self._descriptor

    def result(self) -> Outcome:
        """Wait for the run; only once.

        Raises:
            Unfit: the original kernels do not give their golden answers any more.
            WorkerLost: the worker was ended from outside, or failed by itself.
        """
        try:
            return self._future.result()
        finally:
            self._close()

    def _run(self) -> Outcome:
        try:
            return self._work()
        finally:
            with self._lock:
                if self._open:
                    os.eventfd_write(self._descriptor, 1)

    def _close(self) -> None:
        """Close the descriptor, which nobody may write to afterwards: its number is used again."""
        with self._lock:
            self._open = False
            os.close(self._descriptor)
