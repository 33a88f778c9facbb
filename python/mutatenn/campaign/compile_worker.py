"""A process that mutates and compiles kernels, so that no compiler crash can end a campaign.

``Compiler`` starts it, with one end of a socket, and is its client.
"""

from __future__ import annotations

import ctypes
import dataclasses
import os
import signal
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mutatenn.errors import MissingToolError
from mutatenn.lowering.kernel import CompileError, compile_kernel, link, parse_target
from mutatenn.model import load
from mutatenn.mutation.diff import kernel_diff
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.mutation.probe import probe_kernel
from mutatenn.mutation.trip_count import never_ends
from mutatenn.tvm_errors import last_line

TRIP_COUNT = "trip count"
"""Who rejects a mutant whose static loop nest says that it never ends."""


@dataclasses.dataclass(frozen=True)
class Task:
    """Compile ``function`` of the module, with ``mutant`` in it or flagging ``places`` if given.

    ``places`` are paths, as ``Mutant.path``; the kernel then takes a buffer of flags as well.
    """

    function: str
    mutant: Mutant | None = None
    places: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Compiled:
    """What became of a task: a library, or the reason why there is none.

    ``rejected_by`` is who refused: ``verifier``, ``compiler``, ``clock`` for a compilation that
    was stopped, ``TRIP_COUNT`` for a kernel that never ends, or ``worker`` for a defect of
    mutatenn; ``diff`` is TVMScript, ``artifact`` the SHA-256 of the object code.
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
        if task.places:
            func = probe_kernel(original, task.places)
        if task.mutant is not None:
            try:
                func = plant(self._module, task.mutant)[task.function]
            except ValueError as error:
                return self._rejected("verifier", last_line(error), "", start)
            diff = kernel_diff(original, func, task.function)
            endless = never_ends(original, func)
            if endless:
                return self._rejected(TRIP_COUNT, endless, diff, start)
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


def serve(connection: Connection, parent: int) -> None:
    """Answer tasks until the other end closes or the process ``parent`` ends."""
    _die_with(parent)
    module, target, scratch = connection.recv()
    workshop = Workshop(load(module), target, Path(scratch))
    connection.send("ready")
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(_answer(workshop, task))


def _answer(workshop: Workshop, task: Task) -> Compiled | MissingToolError:
    """What became of a task; a missing tool is no fault of the mutant's and is told as such."""
    try:
        return workshop.do(task)
    except MissingToolError as error:
        return error
    except Exception as error:
        traceback.print_exc()
        return Compiled(None, "", "", 0.0, "worker", f"{last_line(error)} (see compiler.log)")


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, even in the middle of a compilation.

    Raises:
        OSError: the kernel refuses.
    """
    pr_set_pdeathsig = 1
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
