"""A process that mutates and compiles kernels, so that no compiler crash can end a campaign.

``Compiler`` starts it, with one end of a socket, and is its client.
"""

from __future__ import annotations

import dataclasses
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mutatenn.lowering.kernel import CompileError, compile_kernel, link, parse_target
from mutatenn.model import load
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.tvm_errors import last_line


@dataclasses.dataclass(frozen=True)
class Task:
    """Compile ``function`` of the module, with ``mutant`` in it if one is given."""

    function: str
    mutant: Mutant | None = None


@dataclasses.dataclass(frozen=True)
class Compiled:
    """What became of a task: a library, or the reason why there is none.

    ``rejected_by`` is who refused: ``verifier``, ``compiler``, or ``clock`` for a compilation that
    was stopped; ``diff`` is TVMScript, ``artifact`` the SHA-256 of the object code.
    """

    library: Path | None
    artifact: str
    diff: str
    seconds: float
    rejected_by: str = ""
    reason: str = ""


class Workshop:
    """Does the work of the process: holds the module and numbers the libraries it makes."""

    def __init__(self, module: Any, target: str, scratch: Path) -> None:
        self._module = module
        self._target = parse_target(target)
        self._scratch = scratch
        self._made = 0

    def do(self, task: Task) -> Compiled:
        """Carry out one task; only defects of mutatenn itself raise."""
        start = time.perf_counter()
        original = self._module[task.function]
        func, diff = original, ""
        if task.mutant is not None:
            try:
                func = plant(self._module, task.mutant)[task.function]
            except ValueError as error:
                return self._rejected("verifier", last_line(error), "", start)
            diff = kernel_diff(original, func, task.function)
        try:
            artifact = compile_kernel(func, self._target, self._scratch)
        except CompileError as error:
            return self._rejected("compiler", str(error), diff, start)
        self._made += 1
        # The process's own number keeps paths fresh after a restart in the same folder.
        library = link(artifact, self._scratch / f"kernel-{time.monotonic_ns()}-{self._made}.so")
        return Compiled(library, artifact.sha256, diff, time.perf_counter() - start)

    def _rejected(self, by: str, reason: str, diff: str, start: float) -> Compiled:
        return Compiled(None, "", diff, time.perf_counter() - start, by, reason)


def serve(connection: Connection) -> None:
    """Answer tasks until the other end closes."""
    module, target, scratch = connection.recv()
    workshop = Workshop(load(module), target, Path(scratch))
    connection.send("ready")
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(workshop.do(task))
