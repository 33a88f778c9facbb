"""The runner as a process: started, asked one thing at a time, never waited for without end."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Sequence

from mutatenn.device import records
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.runner_files import find_libraries, find_runner
from mutatenn.errors import MissingToolError, MutatennError

SILENCE_SECONDS = 120.0
"""A runner that says nothing for this long is dead; it ticks every two seconds."""
FAREWELL_SECONDS = 5.0

_LAYOUT = (
    records.PROTOCOL_VERSION,
    records.HEADER.itemsize,
    records.ROW.itemsize,
    records.WRITE.itemsize,
)


class RunnerDied(MutatennError):
    """The runner, not the mutant, failed; the next run starts a fresh one."""


class RunnerProcess:
    """One running server, sharing ``files`` (plan, inputs, weights, cache, results)."""

    def __init__(self, files: Sequence[MemoryFile], threads: int) -> None:
        """Start it and wait until the plan is loaded.

        Raises:
            MissingToolError: it is not there, speaks another version, or refuses a kernel.
            RunnerDied: it ended while it started.
        """
        fds = [file.fd for file in files]
        runner = find_runner()
        command = [str(runner), *find_libraries(), *map(str, fds)]
        # Unbound threads: several runners share the machine, and bound ones would share a core.
        environment = os.environ | {"TVM_NUM_THREADS": str(threads), "TVM_BIND_THREADS": "0"}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=fds,
            env=environment,
        )
        self._pending = b""
        try:
            self._check_layout(self._line(), str(runner))
            answer = self._answer()
            if answer != "ready":
                raise MissingToolError(f"the runner cannot load the plan: {answer}")
        except BaseException:
            self.kill()
            raise

    def ask(self, request: str) -> tuple[int, float]:
        """Send one request; fate and seconds of the run it caused.

        Raises:
            RunnerDied: the runner ended, went silent or refused; it is no longer usable.
        """
        try:
            answer = self._exchange(request)
            fate, seconds = answer.split()
            return int(fate), float(seconds)
        except ValueError as error:
            self.kill()
            raise RunnerDied(f"the runner answered: {answer}") from error
        except BaseException:
            # An answer that nobody took would be taken for the next request's.
            self.kill()
            raise

    def close(self) -> None:
        """Let it end; kill it when it does not."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """End it at once; its child dies with it."""
        self._process.kill()
        self.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def _exchange(self, request: str) -> str:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._death() from None
        return self._answer()

    def _answer(self) -> str:
        """The rest of the next ``done`` line."""
        while True:
            word, _, rest = self._line().partition(" ")
            if word == "done":
                return rest.removeprefix("refused ")
            if word != "tick":
                raise RunnerDied(f"the runner said {word!r}, which the protocol does not know")

    def _line(self) -> str:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        deadline = time.monotonic() + SILENCE_SECONDS
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise RunnerDied(f"the runner was silent for {SILENCE_SECONDS:.0f} seconds")
            data = os.read(descriptor, 65536)
            if not data:
                raise self._death()
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode()

    def _death(self) -> RunnerDied:
        try:
            status = self._process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            return RunnerDied("the runner closed its output")
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return RunnerDied(f"the runner ended with {how}")

    @staticmethod
    def _check_layout(line: str, runner: str) -> None:
        word, *numbers = line.split()
        if word != "struct" or numbers != [str(number) for number in _LAYOUT]:
            expected = " ".join(map(str, _LAYOUT))
            raise MissingToolError(
                f"{runner} has struct layout '{' '.join(numbers)}' where this mutatenn needs "
                f"'{expected}'; reinstall mutatenn"
            )
