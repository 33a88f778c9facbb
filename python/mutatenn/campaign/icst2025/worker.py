"""A process that builds rows for its parent, so that no crash and no endless pass ends a study."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING

from mutatenn.campaign.icst2025.builder import Builder, Built, Setup
from mutatenn.errors import InputError, MissingToolError
from mutatenn.lowering.whole_program import WholeProgram
from mutatenn.mutation.icst2025 import read_rows

if TYPE_CHECKING:
    from typing_extensions import Self

START_SECONDS = 600.0
"""Importing TVM, lowering a large model and compiling its kernels may take this long."""

Task = tuple[int, range | None]
Answer = WholeProgram | Built | InputError


class BuildWorker:
    """Builds rows of one model in another process, which is replaced when it dies or hangs."""

    def __init__(self, setup: Setup, seconds: float) -> None:
        """Start it and build the original; ``seconds`` is the limit for one row.

        Raises:
            InputError: the model cannot be used.
            MissingToolError: the worker does not start.
        """
        self._setup = setup
        self._seconds = seconds
        self.original = self._start()

    @property
    def pid(self) -> int | None:
        """Process id of the worker."""
        return self._process.pid

    def row(self, number: int, positions: range | None = None) -> Built:
        """A row's mutant; a worker that dies or takes too long refuses it.

        Raises:
            InputError: there are places, but none at these positions.
        """
        by, reason = "worker", "the process that built the mutant died"
        try:
            self._connection.send((number, positions))
            if self._connection.poll(self._seconds):
                answer = self._connection.recv()
                if isinstance(answer, InputError):
                    raise answer
                assert isinstance(answer, Built)
                return answer
            by, reason = "clock", f"building took longer than {self._seconds:g} s"
        except (EOFError, OSError):
            pass  # it died, which the refusal says
        self._stop()
        self._start()
        return Built(0, 0, 0, refusal=f"{by}: {reason}")

    def _start(self) -> WholeProgram:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._setup), daemon=True)
        self._process.start()
        theirs.close()
        try:
            if self._connection.poll(START_SECONDS):
                answer = self._connection.recv()
                if isinstance(answer, WholeProgram):
                    return answer
                if isinstance(answer, InputError):
                    raise answer
        except (EOFError, OSError):
            pass  # told below
        self._stop()
        raise MissingToolError("the process that builds mutants does not start")

    def _stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the worker; the block's end stops it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the worker."""
        self._stop()


def serve(connection: Connection, setup: Setup) -> None:
    """Answer tasks until the other end closes; the original comes first, unasked."""
    try:
        builder = Builder(setup)
        connection.send(builder.original())
    except InputError as error:
        connection.send(error)
        return
    while True:
        try:
            number, positions = connection.recv()
        except EOFError:
            return
        try:
            connection.send(builder.row(read_rows().row(number), positions))
        except InputError as error:
            connection.send(error)
