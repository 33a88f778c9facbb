"""A terminal of a fixed size that a command runs on, and what is seen on it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator

COLUMNS, LINES = 100, 40
CONTROL = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """A command whose standard error, and output if wanted, is a terminal."""

    def __init__(self, command: list[object], *, both: bool = True, **environment: str) -> None:
        self.seen = b""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self._theirs = theirs  # kept, so that its settings can be asked for in the end
        settings = {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(LINES)}
        plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mutatenn.cli.app", *map(str, command)],
            stdin=theirs,
            stdout=theirs if both else subprocess.PIPE,
            stderr=theirs,
            env={**plain, **settings, **environment},
            preexec_fn=self._lead,  # noqa: PLW1509  (this process has one thread)
        )

    def _lead(self) -> None:
        # Ctrl-C reaches the processes of the session whose terminal this is.
        os.setsid()
        fcntl.ioctl(self._theirs, termios.TIOCSCTTY, 0)

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def read(self, seconds: float = 0.2) -> bool:
        """Take what was written until now; whether there was something."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        self.seen += os.read(self._ours, 1 << 16)
        return True

    def wait_for(self, seen: Callable[[str], bool], seconds: float = 120.0) -> bool:
        """Read until something is seen; whether it was, in time."""
        deadline = time.monotonic() + seconds
        while not seen(self.text):
            if time.monotonic() > deadline or (not self.read() and self.process.poll() is not None):
                return seen(self.text)
        return True

    def end(self, seconds: float = 180.0) -> int:
        """Read to the end of the process; its exit code."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.text
            self.read()
        while self.read(0.1):
            pass
        return self.process.returncode

    @property
    def text(self) -> str:
        """All that was written, every refresh of it, without colours and movements."""
        return CONTROL.sub(b"", self.seen).decode(errors="replace")

    @property
    def cursor_visible(self) -> bool:
        return self.seen.rfind(b"\x1b[?25h") >= self.seen.rfind(b"\x1b[?25l")

    @property
    def settings_kept(self) -> bool:
        return termios.tcgetattr(self._theirs) == self.before

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


@contextlib.contextmanager
def terminal(command: list[object], **options: object) -> Iterator[Terminal]:
    made = Terminal(command, **options)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.close()
