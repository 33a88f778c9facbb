"""A process that mutates and compiles, so that no compiler crash can end a campaign.

``Compiler`` starts it, with one end of a socket, and is its client.
"""

from __future__ import annotations

import ctypes
import os
import signal
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from mutatenn.campaign.compile_worker import KernelBuilder
from mutatenn.campaign.compiled import Compiled, Task
from mutatenn.campaign.program_worker import ProgramBuilder
from mutatenn.errors import MissingToolError
from mutatenn.model import load
from mutatenn.tvm_errors import last_line


def serve(connection: Connection, parent: int) -> None:
    """Answer tasks until the other end closes or the process ``parent`` ends."""
    _die_with(parent)
    module, target, scratch, schedule, threads, plan, device, known = connection.recv()
    model, folder = load(module), Path(scratch)
    builder: KernelBuilder | ProgramBuilder
    if plan:
        builder = ProgramBuilder(model, target, folder, schedule, threads, plan, device)
    else:
        builder = KernelBuilder(model, target, folder, schedule, threads, known, device)
    connection.send("ready")
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(_answer(builder, task))


def _answer(builder: KernelBuilder | ProgramBuilder, task: Task) -> Compiled | MissingToolError:
    """What became of a task; a missing tool is no fault of the mutant's and is told as such."""
    try:
        return builder.do(task)
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
