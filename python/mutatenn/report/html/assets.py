"""Style sheets and scripts of the page, joined; each file holds one idea."""

from __future__ import annotations

from importlib import resources

STYLES = ("tokens", "base", "layout", "controls", "tables", "charts", "code", "kills", "print")
SCRIPTS = (
    *("elements", "columns", "store", "query", "order", "state", "verdicts", "theme"),
    *("filters", "table", "highlight", "change", "note", "code", "heat", "kills", "kill_drawing"),
    *("views", "start"),
)
"""In the order in which they are joined: into one scope, so that a file may use those before it."""


def style() -> str:
    """The style sheet."""
    return _joined("css", "css", STYLES)


def script() -> str:
    """The script: one strict function that is called at once."""
    return '(() => {\n"use strict";\n' + _joined("js", "js", SCRIPTS) + "})();\n"


def _joined(folder: str, ending: str, names: tuple[str, ...]) -> str:
    root = resources.files(__package__) / folder
    return "".join((root / f"{name}.{ending}").read_text("utf-8") for name in names)
