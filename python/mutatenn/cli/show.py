"""``mutatenn-ir show``: one mutant of a campaign, with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import say, say_diff, say_json
from mutatenn.cli.options import Json
from mutatenn.cli.repeat import repeat_command
from mutatenn.report.record import Record
from mutatenn.report.verdict_lines import verdict_lines


def show(
    mutant: Annotated[str, typer.Argument(help="Mutant id, or its beginning.")],
    out: Annotated[Path, typer.Option(help="The campaign's folder.")] = Path("mutatenn.out"),
    as_json: Json = False,
) -> None:
    """Show what a mutant changed, its verdict and the evidence for it."""
    record = Record.read(out)
    found = record.find(mutant)
    rows = [row for row in record.all_rows if row["mutant"] == found.id]
    if as_json:
        # The measures of every input are a compressed table, not JSON.
        plain = [{key: row[key] for key in row if key != "measures"} for row in rows]
        say_json({"mutant": found.to_dict(), "verdicts": plain})
        return
    say(f"{found.id}: {found.operator} {found.replacement}".rstrip())
    for part in found.first_order:
        told = f"{part.id}: {part.operator} {part.replacement}, ".replace(" ,", ",")
        where = f"function {part.function}, site {part.site}, layers: {', '.join(part.layers)}"
        say(f"  {told}{where}" if found.parts else where)
    if not rows:
        say("no verdict yet")
    for row in rows:
        for line in verdict_lines(row):
            say(line)
    if rows and rows[0]["diff"]:
        say_diff(rows[0]["diff"])
    say(f"repeat: {repeat_command(record.facts['options'], found)}")
