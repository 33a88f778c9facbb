"""All output of the command line: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

OUT = Console(highlight=False)
"""Results; coloured on a terminal only."""
ERR = Console(stderr=True, highlight=False)
"""Progress, notes and errors."""

VERDICT_STYLES = {"killed": "green", "survived": "red", "inconclusive": "yellow"}
"""Of verdicts, by kind; the others are plain."""


def complain(message: str) -> None:
    """One sentence about what went wrong."""
    ERR.print(f"mutatenn-ir: {message}", style="red", markup=False, soft_wrap=True)


def note(message: str) -> None:
    """A line that is not part of the result."""
    ERR.print(message, style="dim", markup=False, soft_wrap=True)


def say(message: str, style: str | None = None) -> None:
    """A line of the result, in a style of Rich's on a terminal."""
    OUT.print(message, style=style, markup=False, soft_wrap=True)


def say_json(value: Any) -> None:
    """The result as JSON; never wrapped or coloured."""
    print(json.dumps(value, indent=1))


def say_diff(diff: str) -> None:
    """A unified diff, coloured on a terminal."""
    if OUT.is_terminal:
        OUT.print(Syntax(diff, "diff", background_color="default", word_wrap=True))
    else:
        print(diff)


def say_table(columns: list[str], rows: list[list[str]], *, right: tuple[str, ...] = ()) -> None:
    """A table; columns named in ``right`` are aligned right.

    Without a terminal it is as wide as it needs to be, so that nothing is cut or folded.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=not OUT.is_terminal,
        )
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    if OUT.is_terminal:
        OUT.print(table)
    else:
        Console(highlight=False, width=10_000).print(table, soft_wrap=False)
