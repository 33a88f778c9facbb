"""The lock of a campaign's folder: one process at a time, told by pid, start time and host."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mutatenn.errors import InputError


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; a lock whose process is gone is taken over.

    Raises:
        InputError: another process holds it, or it cannot be written.
    """
    path = folder / "lock"
    _acquire(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _acquire(path: Path) -> None:
    for _ in range(2):
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            _remove_if_stale(path)
            continue
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        with os.fdopen(descriptor, "w") as file:
            json.dump(_me(), file)
        return
    raise InputError(f"{path} was taken by another process at this moment; try again")


def _remove_if_stale(path: Path) -> None:
    try:
        holder = json.loads(path.read_text())
        pid, start, host = int(holder["pid"]), holder["start"], holder["host"]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} is damaged; delete it if no campaign runs in that folder"
        ) from error
    if host != socket.gethostname():
        raise InputError(
            f"{path} is held by process {pid} on {host}; delete it if that process is gone"
        )
    if _start_time(pid) == start:
        raise InputError(f"a campaign runs in {path.parent} already, as process {pid}; wait for it")
    path.unlink(missing_ok=True)


def _me() -> dict[str, Any]:
    pid = os.getpid()
    return {"pid": pid, "start": _start_time(pid), "host": socket.gethostname()}


def _start_time(pid: int) -> str:
    """When a process started, in clock ticks since boot; empty if there is none.

    A pid alone is not enough: pids are given again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The name, in parentheses, may hold spaces; the start time is field 22.
    return stat.rpartition(")")[2].split()[19]
