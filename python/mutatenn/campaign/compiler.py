"""The client of the compile worker: starts it, gives it tasks, replaces it when it dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType

from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.room import require_room
from mutatenn.errors import MissingToolError
from mutatenn.mutation.mutant import Mutant

START_SECONDS = 120.0
"""Importing TVM and reading a large model may take this long."""
FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
"""Signals that nothing in a compiler raises by itself."""
KILLED = "worker killed"
"""Who rejects a task over which the worker was ended from outside, twice."""
# Not `-m`: tasks are pickled by the module's import path, which would then be __main__.
_START = (
    "import sys; from multiprocessing.connection import Connection; "
    "from mutatenn.campaign.worker_process import serve; "
    "serve(Connection(int(sys.argv[1])), int(sys.argv[2]))"
)


class Compiler:
    """Compiles kernels in another process, in the order of the tasks.

    ``submit`` returns at once; ``result`` waits for the oldest task. A worker that dies, or that
    takes longer than ``seconds`` for a task, is replaced, and the task counts as rejected. Only
    where somebody else ended the worker, as the kernel does when memory is short, the task is
    tried once more.

    Attributes:
        on_task: told of each task that the worker is given, and ``None`` when none is left.
    """

    on_task: Callable[[Task | None], None] = staticmethod(lambda task: None)

    def __init__(
        self,
        module: Path,
        target: str,
        scratch: Path,
        log: Path,
        *,
        schedule: str = "none",
        threads: int = 1,
        plan: str = "",
        device: str = "llvm",
        known: Iterable[tuple[Mutant, str]] = (),
        seconds: float = 120.0,
    ) -> None:
        """Start the worker.

        Args:
            module: the module that mutants are planted in, as JSON; the worker loads it again after
                a restart.
            target: what kernels are lowered for, as text.
            scratch: a folder of the campaign's for objects and libraries.
            log: a file to which what the compiler prints is appended.
            schedule: the schedules of kernels of stage tensor, as ``lower`` takes them.
            threads: how many threads share a kernel's work; for schedules.
            plan: for mutants of stage graph and weight, the hash of the plan that the module is
                lowered to; empty for those of kernels.
            device: what they are compiled for.
            known: mutants that were compiled before, with the hashes of their lowered code.
            seconds: limit for one task, in seconds.

        Raises:
            MissingToolError: the worker does not start.
        """
        self._setup = (module, target, str(scratch), schedule, threads, plan, device)
        self._known = {(mutant.function, code): mutant for mutant, code in reversed([*known])}
        self._scratch = scratch
        self._log = log
        self._seconds = seconds
        self._waiting: list[Task] = []
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs, self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._connection = Connection(ours.detach())
        try:
            known = [(mutant, code) for (_, code), mutant in self._known.items()]
            self._connection.send((*self._setup, known))
            started = self._connection.poll(START_SECONDS) and self._connection.recv() == "ready"
        except (EOFError, OSError):
            started = False
        if not started:
            self._stop()
            said = self._log.read_text(errors="replace").splitlines() or ["it said nothing"]
            raise MissingToolError(f"the compile worker did not start: {said[-1].strip()}")

    def submit(self, task: Task) -> None:
        """Queue a task."""
        self._waiting.append(task)
        if len(self._waiting) == 1:
            self._send(task)

    def result(self) -> Compiled:
        """Result of the oldest task; the next one starts before this returns.

        Raises:
            MissingToolError: there is no linker, or the worker does not start again.
            IncompleteError: it failed while the scratch folder has no room.
        """
        task = self._waiting[0]
        compiled = self._receive()
        if compiled.rejected_by == KILLED:
            self._send(task)
            compiled = self._receive()
        if compiled.rejected_by in ("compiler", "worker", KILLED):
            require_room(self._scratch)
        if task.mutant is not None and compiled.lowered:
            # For the next worker, should this one die.
            self._known.setdefault((task.function, compiled.lowered), task.mutant)
        self._waiting.remove(task)
        if self._waiting:
            self._send(self._waiting[0])
        else:
            self.on_task(None)
        return compiled

    def compile(self, task: Task) -> Compiled:
        """Submit a task and wait for it."""
        self.submit(task)
        return self.result()

    def _send(self, task: Task) -> None:
        self.on_task(task)
        try:
            self._connection.send(task)
        except OSError:
            # It died while idle; the death shows again as the end of the stream in _receive.
            return

    def _receive(self) -> Compiled:
        try:
            if self._connection.poll(self._seconds):
                return self._compiled(self._connection.recv())
            by, reason = "clock", f"compiling took longer than {self._seconds:g} s"
            self._stop()
        except (EOFError, OSError):
            code = self._stop()
            by, reason = "compiler", f"the compiler crashed ({_signal_name(code)})"
            if -code in FROM_OUTSIDE:
                by, reason = KILLED, f"{_signal_name(code)}, twice; memory may be short"
        self._start()
        return Compiled(None, "", "", 0.0, by, reason)

    @staticmethod
    def _compiled(answer: object) -> Compiled:
        if isinstance(answer, MissingToolError):
            raise answer
        if not isinstance(answer, Compiled):
            raise MissingToolError(f"The compile worker answered {answer!r}")
        return answer

    def _stop(self) -> int:
        """End the worker; its exit status, negative for a signal."""
        self._connection.close()
        try:
            # A worker that is dying by itself should be known by its own status.
            return self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def close(self) -> None:
        """End the worker process."""
        self._stop()

    def __enter__(self) -> Compiler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _signal_name(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
