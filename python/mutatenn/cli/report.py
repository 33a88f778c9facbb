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
from mutatenn.report.gates import Gates
from mutatenn.report.markdown import write_markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import summary, write_summary

FORMATS = ("json", "md")


def report(
    out: Annotated[Path, typer.Argument(help="The campaign's folder.")],
    formats: Annotated[
        str, typer.Option("--format", help="json, md, or both separated by a comma.")
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
    wanted = [name.strip() for name in formats.split(",")]
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise InputError(f"there is no report format {unknown[0]!r}; choose from: json, md")
    record = Record.read(out)
    given = Gates(min_score, max_survivors, fail_on_new_survivors)
    given.check()
    gates = given if given.any else None
    body = summary(record, gates)
    if as_json:
        say_json(body)
    else:
        say_summary(body)
    try:
        if "json" in wanted:
            write_summary(record, gates)
        if "md" in wanted:
            write_markdown(record)
    except InputError as error:
        if not as_json:
            raise
        # What was asked for stands on stdout, and a folder may be kept where nobody writes.
        note(str(error))
    else:
        if not as_json:
            say(f"wrote {', '.join(wanted)} to {out / 'report'}")
    exit_if_failed(body["gates"])
