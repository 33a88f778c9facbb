"""Formats of reports: what each is called and writes; a format registers itself beside its code."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from mutatenn.errors import InputError
from mutatenn.report.record import Record

FOLDER = "report"
"""Where reports are written, in a campaign's folder."""
Writer = Callable[[Record], Sequence[str]]
"""Writes a campaign's report; returns lines for the terminal, none for most formats."""


@dataclasses.dataclass(frozen=True)
class Format:
    """A format of reports.

    Attributes:
        name: what a user asks for.
        file: the file that it writes, in ``FOLDER``; empty for one that only prints.
        meaning: what it is for, in a few words.
        write: writes it.
    """

    name: str
    file: str
    meaning: str
    write: Writer


_FORMATS: dict[str, Format] = {}


def report_format(name: str, file: str, meaning: str) -> Callable[[Writer], Writer]:
    """Register what writes a format."""

    def register(write: Writer) -> Writer:
        _FORMATS[name] = Format(name, file, meaning, write)
        return write

    return register


def registered() -> Mapping[str, Format]:
    """The formats that are imported, by name; ``mutatenn.report.formats`` imports all."""
    return dict(sorted(_FORMATS.items()))


def chosen(text: str) -> list[Format]:
    """The formats that a list of names, separated by commas, stands for.

    Raises:
        InputError: there is no such format.
    """
    known, found = registered(), []
    for name in dict.fromkeys(part.strip() for part in text.split(",")):
        if name not in known:
            raise InputError(f"there is no report format {name!r}; choose from: {', '.join(known)}")
        found.append(known[name])
    return found
