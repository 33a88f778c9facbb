"""Code blocks of Markdown pages, with the marks that stand before them as HTML comments."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("sh", "console", "python", "toml", "json", "yaml", "text", "diff")
RUN = ("sh", "console", "python")
"""Languages whose blocks are run."""
REASONS = {
    "needs the network": "something is downloaded",
    "needs a GPU": "a CUDA device",
    "needs another machine": "it is typed elsewhere",
    "needs your data": "a model, images or labels that do not come with mutatenn",
    "takes minutes": "too long for a test",
    "has a test of its own": "the site is built by test_docs_commands.site",
}
"""Why a block may stay unrun; the mark is ``<!-- not run: REASON -->``."""
MARKS = {
    "not run": "why the block is not run, of ``REASONS``",
    "example output": "why what is printed here is not compared",
    "exit code": "of the block's last command; 0 without this mark",
    "file": "the name under which the block is written, for those after it",
    "where there is": "a device without which the block, and what follows, is left out",
    "test command": "the command that runs the tests, which CI runs",
}
_MARK = re.compile(r"<!-- ([a-z ]+?)(?:: (.*?))? -->")
_FENCE = re.compile(r"^(```+)(\w*)$")


@dataclasses.dataclass(frozen=True)
class Block:
    """A fenced block: where it is, what it holds, and the marks before it."""

    page: str
    line: int
    language: str
    text: str
    marks: Mapping[str, str]

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def is_run(self) -> bool:
        return self.language in RUN and not {"not run", "test command"} & self.marks.keys()

    def commands(self) -> list[str]:
        """Shell commands, each on a line; prompts, output and comments left out."""
        text = self.text.replace("\\\n", " ")
        lines = [line.strip() for line in text.splitlines()]
        if self.language == "console":
            return [line[2:] for line in lines if line.startswith("$ ")]
        return [line for line in lines if line and not line.startswith("#")]

    def sessions(self) -> list[tuple[str, str]]:
        """Of a console: every command with the output that stands after it."""
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)
        assert not parts[0].strip(), f"{self.place} begins with output"
        found = []
        for part in parts[1:]:
            command, _, output = re.sub(r"\\\n", "", part).partition("\n")
            found.append((command, output))
        return found


def blocks(path: Path) -> list[Block]:
    """The blocks of a page, in order.

    Raises:
        AssertionError: a fence is left open, or a mark stands before no block.
    """
    found: list[Block] = []
    marks: dict[str, str] = {}
    inside: list[str] | None = None
    start, fence, language = 0, "", ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if inside is not None:
            if line == fence:
                text = "".join(f"{each}\n" for each in inside)
                found.append(Block(path.name, start, language, text, marks))
                inside, marks = None, {}
            else:
                inside.append(line)
        elif opened := _FENCE.match(line):
            inside, start = [], number
            fence, language = opened.groups()
        elif mark := _MARK.fullmatch(line):
            marks[mark[1]] = mark[2] or ""
        else:
            assert not marks or not line.strip(), f"{path.name}:{number}: {marks} marks no block"
    assert inside is None, f"{path.name}:{start}: the block is not closed"
    return found


def prose(path: Path) -> str:
    """A page without its blocks."""
    return re.sub(r"^(```+)\w*\n.*?^\1$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
