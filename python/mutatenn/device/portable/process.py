"""A worker as a process: started, asked one thing at a time, ended when it takes too long."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from mutatenn.device.portable.channel import Bytes, Message, receive, send
from mutatenn.device.portable.driver_cache import driver_environment
from mutatenn.device.portable.ending import describe_exit, place_in
from mutatenn.device.portable.outcome import Outcome, WorkerLost
from mutatenn.device.portable.status import BETWEEN_SECONDS, Status
from mutatenn.lowering.plan import Plan

LOOK_SECONDS = 0.05
"""A worker that enters a launch wakes nobody, so one looks for new deadlines."""
FAREWELL_SECONDS = 5.0
GRACE_SECONDS = 1.0
"""Between SIGTERM and SIGKILL."""
_OUTSIDE = (-9, -15)


class WorkerProcess:
    """One worker. It is started by, and dies with, the thread that makes this object."""

    def __init__(self, archive: Path, log: Path, drivers: Path) -> None:
        """Start ``archive`` with this Python; what it says goes to ``log``.

        ``drivers`` is the folder of the drivers' caches.
        """
        ours, theirs = socket.socketpair()
        descriptor, self.status = Status.create()
        fds = (theirs.fileno(), descriptor)
        try:
            with log.open("wb") as output:
                self._process = subprocess.Popen(
                    [sys.executable, str(archive), *map(str, fds), str(os.getpid())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=output,
                    pass_fds=fds,
                    env=driver_environment(drivers),
                )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(descriptor)
        self._connection = Connection(ours.detach())
        self._log = log
        self._closing = False
        self.mutants = 0
        """Runs of mutants that it has begun."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(
        self,
        message: Message,
        arrays: Sequence[Bytes],
        plan: Plan,
        longest_ns: int,
        total_ns: int | None = None,
    ) -> Outcome:
        """Ask for something and wait for its end.

        Args:
            message: the request.
            arrays: bytes that belong to it.
            plan: by which launches are numbered.
            longest_ns: what no launch may take longer than, whatever the worker says of itself.
            total_ns: what the whole request may take.

        Returns:
            What came of it; after one that is ``died``, ``last`` or a hang, the worker is gone.

        Raises:
            WorkerLost: it was ended from outside, or failed by itself.
        """
        begin = time.monotonic_ns()
        until = None if total_ns is None else begin + total_ns
        self.status.clear()
        outcome = Outcome()
        try:
            send(self._connection, message, arrays)
            watch = _Watch(self.status, max(longest_ns, int(BETWEEN_SECONDS * 1e9)), until)
            while not self._heard(outcome):
                if watch.late():
                    self._hang(outcome, plan, whole=until is not None and watch.now >= until)
                    break
        except (EOFError, OSError):
            self._settle_death(outcome, plan)
        except (KeyError, TypeError, ValueError):
            self.kill()
            outcome.fate, outcome.died = "crash", True
            where = place_in(plan, *self.status.place)
            outcome.detail = f"The worker's own memory was overwritten{where}."
        outcome.seconds = (time.monotonic_ns() - begin) * 1e-9
        outcome.launches = self.status.launches
        if outcome.fate == "fault":
            self.kill()
            raise WorkerLost(f"the worker could not do its work: {outcome.detail}")
        if outcome.last or outcome.died:
            self.kill()
        return outcome

    def close(self) -> None:
        """Let it end; kill it when it does not, or when it is busy."""
        self._closing = True
        if not self._connection.closed:
            self._connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(FAREWELL_SECONDS)
        self.kill()

    def interrupt(self) -> None:
        """Kill it from another thread; who waits for its answer learns that it is lost."""
        self._closing = True
        self._process.kill()

    def kill(self) -> None:
        """End it: ask first, since a driver may have to give a device back."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_SECONDS)
        if self._process.poll() is None:
            self._process.kill()
            # One that hangs in a driver ends when that lets it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(FAREWELL_SECONDS)
        if not self._connection.closed:
            self._connection.close()

    def _heard(self, outcome: Outcome) -> bool:
        """Take one message if there is one soon; whether it was the last."""
        if not wait([self._connection], LOOK_SECONDS):
            return False
        return outcome.hear(*receive(self._connection))

    def _hang(self, outcome: Outcome, plan: Plan, *, whole: bool) -> None:
        where = place_in(plan, *self.status.place)
        self.kill()
        by = " by the whole run" if whole else ""
        outcome.fate, outcome.last = "hang", True
        outcome.detail = f"Time limit passed{by}{where}."

    def _settle_death(self, outcome: Outcome, plan: Plan) -> None:
        """The connection has ended, and so has the worker.

        Raises:
            WorkerLost: it was killed from outside.
        """
        try:
            status = self._process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise WorkerLost("the worker closed its connection") from None
        self.kill()
        if status in _OUTSIDE or self._closing:
            raise WorkerLost("the process that ran the kernels was killed from outside")
        where = place_in(plan, *self.status.place)
        outcome.fate, outcome.died = "crash", True
        outcome.detail = f"{describe_exit(status)}{where}{self._last_words()}."

    def _last_words(self) -> str:
        """The end of what it wrote, as a clause; empty where it wrote nothing."""
        text = self._log.read_bytes()[-400:].decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return f": {lines[-1].rstrip('.')}" if lines else ""


class _Watch:
    """Whether a worker has passed a deadline: its own, or the ones that hold whatever it says."""

    def __init__(self, status: Status, longest_ns: int, until_ns: int | None) -> None:
        self._status = status
        self._longest_ns = longest_ns
        self._until_ns = until_ns
        self._beat = status.beat
        self._since = self.now = time.monotonic_ns()

    def late(self) -> bool:
        beat, deadline = self._status.beat, self._status.deadline_ns
        self.now = time.monotonic_ns()
        if beat != self._beat:
            self._beat, self._since = beat, self.now
        if self._until_ns is not None and self.now >= self._until_ns:
            return True
        # A deadline belongs to the beat before and after which it was read.
        passed = self.now >= deadline and self._status.beat == beat
        return passed or self.now >= self._since + self._longest_ns
