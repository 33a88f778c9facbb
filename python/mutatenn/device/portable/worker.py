"""The process that touches an accelerator: it answers one request after another, until it dies."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from mutatenn.device.portable.accelerator import LaunchFailed, OutOfMemory, Refused
from mutatenn.device.portable.channel import Bytes, Message, receive, send
from mutatenn.device.portable.desk import Desk
from mutatenn.device.portable.devices import MissingDevice, open_device
from mutatenn.device.portable.ending import describe_trap, place_in
from mutatenn.device.portable.golden_run import Unstable
from mutatenn.device.portable.machine import Trapped
from mutatenn.device.portable.status import Status

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve the process that started this one.

    Arguments of the command line: the descriptors of the connection and of the status, and the
    process id of the parent.
    """
    connection_fd, status_fd, parent = (int(word) for word in sys.argv[1:4])
    for descriptor in (connection_fd, status_fd):
        os.set_inheritable(descriptor, False)  # a driver may start compilers
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    connection, status = Connection(connection_fd), Status(status_fd)
    try:
        desk = _open(connection, status)
        while desk is not None:
            message, arrays = receive(connection)
            if _answer(connection, status, desk, message, arrays):
                break
    except (EOFError, OSError):
        pass  # nobody is there any more
    sys.stderr.flush()
    # A driver whose context is dead may not end by itself.
    os._exit(0)


def _die_with(parent: int) -> None:
    """End this process when its parent ends, whatever a kernel is doing."""
    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0 or os.getppid() != parent:
        os._exit(1)


def _open(connection: Connection, status: Status) -> Desk | None:
    """Open the device, load the plan, and say so; ``None`` where that cannot be."""
    message, _ = receive(connection)

    def told(row: Message, arrays: list[Bytes]) -> None:
        send(connection, row, arrays)

    try:
        accelerator = open_device(message["device"])
        desk = Desk(accelerator, status, told, Path(message["folder"]), message["options"])
        desk.load(message["kernels"])
    except (MissingDevice, Refused, OutOfMemory, LaunchFailed) as error:
        fate = "missing" if isinstance(error, MissingDevice) else "refused"
        send(connection, {"say": "done", "fate": fate, "detail": str(error), "last": True})
        return None
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        send(connection, {"say": "done", "fate": "fault", "detail": detail, "last": True})
        return None
    send(connection, {"say": "done", "fate": "completed", "detail": desk.device_name})
    return desk


def _answer(
    connection: Connection, status: Status, desk: Desk, message: Message, arrays: list[Bytes]
) -> bool:
    """Answer one request; whether this process must not be used any more."""
    found = _attempt(status, desk, lambda: desk.answer(message, arrays))
    planted = message["ask"] in ("mutant", "variant", "probe")
    if planted and found["fate"] not in ("failed", "fault"):
        stray = desk.stray_write()
        if stray and found["fate"] == "completed":
            found = {"fate": "crash", "detail": stray}
    last = (planted and desk.suspect) or found["fate"] in ("failed", "fault")
    flags = [] if desk.flags is None else [desk.flags.view(np.uint8)]
    send(connection, {"say": "done", "last": last, **found}, flags)
    desk.clear()
    return last


def _attempt(status: Status, desk: Desk, work: Callable[[], None]) -> Message:
    """How a piece of work ends."""
    try:
        work()
    except (Trapped, Refused, OutOfMemory, LaunchFailed, Unstable) as error:
        return _ending(status, desk, error)
    except Exception as error:
        return {"fate": "fault", "detail": f"{type(error).__name__}: {error}"}
    return {"fate": "completed", "detail": ""}


def _ending(status: Status, desk: Desk, error: Exception) -> Message:
    where = place_in(desk.plan, *status.place)
    if isinstance(error, Trapped):
        write = next(iter(desk.record.writes.values()))
        return {"fate": "crash", "detail": f"{describe_trap(write, desk.plan)}{where}."}
    if isinstance(error, Refused):
        return {"fate": "refused", "detail": f"The device cannot run it{where}: {error}."}
    if isinstance(error, OutOfMemory):
        return {"fate": "memory", "detail": f"Memory limit reached{where}: {error}."}
    if isinstance(error, Unstable):
        return {"fate": "unstable", "detail": f"Another answer in {error}{where}."}
    return {"fate": "failed", "detail": f"The device reported an error{where}: {error}."}
