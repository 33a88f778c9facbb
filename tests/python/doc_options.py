"""Reads command lines of the documentation as the command itself would, without running them."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import typer

from mutatenn.cli.app import USAGE_ERROR, app

ELSEWHERE = ("scripts", "benchmarks", "python/mutatenn/device/bundle")
"""Folders with command lines of their own."""
FOREIGN = {"--strict": "mkdocs", "--no-build-isolation": "pip"}
"""Options of other programs, which pages name."""
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_ENDS = ("|", "||", "&&", ";", ">", ">>", "<", "2>")


@cache
def commands() -> dict[str, Any]:
    """Every command by its name."""
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return found


def command_lines(shell: str) -> list[list[str]]:
    """The arguments of each ``mutatenn-ir`` in a line of shell."""
    words = _words(shell)
    found: list[list[str]] = []
    inside = False
    for word in words:
        if Path(word).name == "mutatenn-ir":
            found.append([])
            inside = True
        elif word in _ENDS:
            inside = False
        elif inside:
            found[-1].append(word)
    return found


def problem(arguments: list[str]) -> str:
    """What the command would refuse in its command line; empty where nothing."""
    name, *rest = arguments
    if name not in commands():
        return f"there is no command {name}"
    try:
        commands()[name].make_context(name, list(rest))
    except USAGE_ERROR as error:
        return str(error.format_message())  # type: ignore[attr-defined]
    return ""


def options_named(text: str) -> set[str]:
    """Long options that a text names."""
    return set(_OPTION.findall(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)))


def options_there_are(root: Path) -> set[str]:
    """Long options of every command, of the scripts, the benchmarks and bundles."""
    found = set(FOREIGN) | {"--help"}
    for command in commands().values():
        for parameter in command.params:
            found |= {*parameter.opts, *parameter.secondary_opts}
    for folder in ELSEWHERE:
        for path in (root / folder).rglob("*.py"):
            found |= set(re.findall(r'add_argument\(\s*"(--[a-z-]+)"', path.read_text()))
    return found


def _words(shell: str) -> list[str]:
    """Words of a line of shell; signs that end a command are words of their own."""
    lexer = shlex.shlex(shell, posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split = True
    return list(lexer)
