"""The runner as a process: started, asked one thing at a time, never waited for without end."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable, Sequence

from mutatenn.device import records
from mutatenn.device.failures import RunnerDied
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.runner_files import find_libraries, find_runner
from mutatenn.errors import MissingToolError

SILENCE_SECONDS = 120.0
"""A runner without a pulse for this long is dead; it beats every two seconds."""
LOOK_SECONDS = 1.0
FAREWELL_SECONDS = 5.0

_LAYOUT = (
    records.PROTOCOL_VERSION,
    records.HEADER.itemsize,
    records.ROW.itemsize,
    records.WRITE.itemsize,
)


class RunnerProcess:
    """One running server, sharing ``files`` (plan, inputs, weights, cache, results).

    ``pulse`` gives a number that changes while the server works on a request.
    """

    def __init__(self, files: Sequence[MemoryFile], threads: int, pulse: Callable[[], int]) -> None:
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
        self._pulse = pulse
        self._pending = b""
        try:
            self._check_layout(self._line(), str(runner))
            answer = self._answer()
            if answer != "ready":
                raise MissingToolError(f"the runner cannot load the plan: {answer}")
        except BaseException:
            self.kill()
            raise

    def send(self, request: str) -> None:
        """Send one request; ``answer`` must be taken before the next one.

        Raises:
            RunnerDied: the runner has ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            error = self._death()
            self.kill()
            raise error from None
        except BaseException:
            self.kill()  # half a request may be sent
            raise

    def fileno(self) -> int:
        """A descriptor that becomes readable when the answer is there, or the runner dead."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def answer(self) -> tuple[int, float]:
        """Wait for the answer: fate and seconds of the run that the request caused.

        Raises:
            RunnerDied: the runner ended, went silent or refused; it is no longer usable.
        """
        answer = ""
        try:
            answer = self._answer()
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

    def _answer(self) -> str:
        """The rest of the next ``done`` line."""
        word, _, rest = self._line().partition(" ")
        if word != "done":
            raise RunnerDied(f"the runner said {word!r}, which the protocol does not know")
        return rest.removeprefix("refused ")

    def _line(self) -> str:
        poll = select.poll()
        poll.register(self, select.POLLIN)
        pulse = self._pulse()
        deadline = time.monotonic() + SILENCE_SECONDS
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0:
                raise RunnerDied(f"the runner was silent for {SILENCE_SECONDS:.0f} seconds")
            if not poll.poll(min(left, LOOK_SECONDS) * 1000):
                if self._pulse() != pulse:
                    pulse = self._pulse()
                    deadline = time.monotonic() + SILENCE_SECONDS
                continue
            data = os.read(self.fileno(), 65536)
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
