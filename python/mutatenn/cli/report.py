"""``mutatenn-ir report``: a campaign's reports, written anew from its journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import note, say, say_json
from mutatenn.cli.gate_options import MaxSurvivors, MinScore, NewSurvivors, exit_if_failed
from mutatenn.cli.options import Json
from mutatenn.cli.verdicts import say_summary
from mutatenn.errors import InputError
from mutatenn.report.formats import chosen, registered
from mutatenn.report.gates import Gates, gated
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
    min_score: MinScore = None,
    max_survivors: MaxSurvivors = None,
    fail_on_new_survivors: NewSurvivors = None,
    as_json: Json = False,
) -> None:
    """Write a campaign's reports again, from its manifest and journal.

    Gates are those that the campaign was run with, or those given here; one that fails is exit
    code 1.

    With `--json` the summary is printed even where the folder cannot be written.
    """
    wanted = chosen(formats)
    record = Record.read(out)
    given = Gates(min_score, max_survivors, fail_on_new_survivors)
    given.check()
    if given.any:
        record = gated(record, given)
    body = summary(record)
    if as_json:
        say_json(body)
    else:
        say_summary(body)
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
    else:
        files = [one.name for one in wanted if one.file]
        if files and not as_json:
            say(f"wrote {', '.join(files)} to {out / 'report'}")
    exit_if_failed(body["gates"])
