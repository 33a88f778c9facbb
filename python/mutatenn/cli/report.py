"""``mutatenn-ir report``: a campaign's reports, written anew from its journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import note, say, say_json
from mutatenn.cli.options import Json
from mutatenn.cli.verdicts import say_summary
from mutatenn.errors import InputError
from mutatenn.report.formats import chosen, registered
from mutatenn.report.record import Record
from mutatenn.report.summary import summary

FORMATS = "; ".join(f"{name}: {one.meaning}" for name, one in registered().items())


def report(
    out: Annotated[Path, typer.Argument(help="The campaign's folder.")],
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"Formats, separated by commas ({FORMATS}).",
        ),
    ] = "json,md",
    as_json: Json = False,
) -> None:
    """Write a campaign's reports again, from its manifest and journal.

    With `--json` the summary is printed even where the folder cannot be written.
    """
    wanted = chosen(formats)
    record = Record.read(out)
    if as_json:
        say_json(summary(record))
    else:
        say_summary(summary(record))
    try:
        for one in wanted:
            for line in one.write(record):
                # Workflow commands are read from both streams; one of them is the summary's.
                (note if as_json else say)(line)
    except InputError as error:
        if not as_json:
            raise
        # What was asked for stands on stdout, and a folder may be kept where nobody writes.
        note(str(error))
        return
    files = [one.name for one in wanted if one.file]
    if files and not as_json:
        say(f"wrote {', '.join(files)} to {out / 'report'}")
