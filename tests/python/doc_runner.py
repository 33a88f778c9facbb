"""Runs the blocks of a page in order, in a folder, and compares what they print."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import doc_server
from doc_blocks import Block

SECONDS = 1200
"""After which a command is taken for one that never ends."""


class Runner:
    """Runs blocks with ``mutatenn-ir`` and ``python-block`` in the path."""

    def __init__(self, tools: Path) -> None:
        self._tools = tools

    def run(self, block: Block, folder: Path) -> str:
        """Run one block; returns what is missing where it cannot be run.

        Raises:
            AssertionError: it ends otherwise than the page says, or prints something else.
        """
        if "file" in block.marks:
            path = folder / block.marks["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
        if not block.is_run:
            return ""
        if missing := self.missing(block.marks.get("where there is", "")):
            return missing
        expected = int(block.marks.get("exit code", 0))
        if block.language == "console":
            *before, last = block.sessions()
            for command, output in before:
                self._session(block, folder, command, output, 0)
            self._session(block, folder, *last, expected)
        elif block.language == "python":
            script = folder / f".block-{block.line}.py"
            script.write_text(block.text)
            self.shell(block.place, folder, f"python-block {script.name}", expected)
            script.unlink()
        else:
            self.shell(block.place, folder, block.text, expected)
        return ""

    def missing(self, device: str) -> str:
        """What to do to have a device, in a sentence; empty where it is ready."""
        if not device:
            return ""
        state, told = self._devices.get(device, ("missing", "mutatenn-ir devices says why"))
        return "" if state == "ready" else f"{device} is {state}: {told}"

    @functools.cached_property
    def _devices(self) -> dict[str, tuple[str, str]]:
        told = subprocess.run(
            [self._tools / "mutatenn-ir", "devices", "--json"],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(told.stdout)
        return {each["device"]: (each["state"], each["advice"]) for each in found}

    def _session(self, block: Block, folder: Path, command: str, output: str, code: int) -> None:
        printed = self.shell(block.place, folder, command, code)
        if "example output" not in block.marks:
            assert matches(output, printed), (
                f"{block.place}: `{command}` prints\n{printed}\nand the page says\n{output}"
            )

    def shell(self, place: str, folder: Path, text: str, code: int = 0) -> str:
        """Run a script; returns what it printed as its result."""
        path = os.pathsep.join((str(self._tools), str(Path(sys.executable).parent)))
        environment = os.environ | {
            "PATH": f"{path}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(folder / "step-summary.md"),
            "GITHUB_WORKSPACE": str(folder),
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == code, (
            f"{place} ends with {done.returncode}, not {code}:\n{text}\n"
            f"{done.stdout}\n{done.stderr}"
        )
        return done.stdout


def matches(wanted: str, printed: str) -> bool:
    """Whether output is as a page shows it.

    ``...`` stands for anything, also for lines; in lines of seconds any number is as good.
    """
    pattern = ""
    for line in wanted.rstrip().splitlines():
        if line.strip() == "...":
            pattern += "(?:.*\n)*"
        else:
            parts = [re.escape(part) for part in line.rstrip().split("...")]
            if line.startswith("seconds"):
                parts = [re.sub(r"\d+\\\.\d+", r"[0-9.]+", part) for part in parts]
            pattern += ".*".join(parts) + "\n"
    plain = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, plain) is not None


@contextlib.contextmanager
def started() -> Iterator[Runner]:
    """A runner, while its server lives."""
    with tempfile.TemporaryDirectory(prefix="docs-") as name:
        tools = Path(name)
        address = str(tools / "socket")
        for command, kind in (("mutatenn-ir", "command"), ("python-block", "script")):
            client = doc_server.CLIENT.format(python=sys.executable, socket=address, kind=kind)
            (tools / command).write_text(client)
            (tools / command).chmod(0o755)
        serving = [sys.executable, doc_server.__file__, address]
        with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None and server.stdout.readline() == "ready\n"
                yield Runner(tools)
            finally:
                server.terminate()
