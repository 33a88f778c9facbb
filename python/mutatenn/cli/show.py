"""``mutatenn-ir show``: one mutant of a campaign, with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.analysis.devices.vectors import NOT_APPLICABLE
from mutatenn.campaign.folder import Folder
from mutatenn.cli.console import VERDICT_STYLES, say, say_diff, say_json
from mutatenn.cli.options import Json
from mutatenn.cli.repeat import repeat_command
from mutatenn.lowering.plan import Plan
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.parting_text import parting_text
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
        shown: dict[str, Any] = {"mutant": found.to_dict(), "verdicts": plain}
        if len(record.devices) > 1:
            shown |= {"class": _class(record, found), "parting": record.parting(found.id)}
        say_json(shown)
        return
    say(f"{found.id}: {found.operator} {found.replacement}".rstrip())
    for part in found.first_order:
        told = f"{part.id}: {part.operator} {part.replacement}, ".replace(" ,", ",")
        where = f"function {part.function}, site {part.site}, layers: {', '.join(part.layers)}"
        launches = _launches(record, part)
        where += f"; launches: {', '.join(map(str, launches))}" if launches else ""
        say(f"  {told}{where}" if found.parts else where)
    if not rows:
        say("no verdict yet")
    for row in rows:
        verdict, *evidence = verdict_lines(row)
        say(verdict, VERDICT_STYLES.get(row["verdict"]))
        for line in evidence:
            say(line)
    _say_devices(record, found)
    if rows and rows[0]["diff"]:
        say_diff(rows[0]["diff"])
    say(f"repeat: {repeat_command(record.facts['options'], found)}")


def _launches(record: Record, mutant: Mutant) -> list[int]:
    """Which launches of the plan run the mutated kernel; none for a mutant of a graph."""
    folder = Folder(record.folder)
    path = folder.plan_of(mutant.lowering)
    if not path.exists():
        path = folder.plan
    if not path.exists():
        return []
    plan = Plan.from_json(path.read_text())
    return [one.index for one in plan.launches if one.kernel == mutant.function]


def _say_devices(record: Record, mutant: Mutant) -> None:
    """What the verdicts on several devices amount to, and where the devices part."""
    told = _class(record, mutant)
    if told is None:
        return
    members = [device for device in record.devices if mutant in record.manifest.of(device)]
    for device in record.devices:
        if device not in members:
            say(f"{device}: {NOT_APPLICABLE}: the mutant belongs to another lowering")
    say(f"class: {told}")
    parting = record.parting(mutant.id)
    if parting is not None:
        say(f"  {parting_text(parting)}")


def _class(record: Record, mutant: Mutant) -> str | None:
    """The class of a mutant's verdicts; ``None`` with one device, or without any verdict."""
    found = [] if record.axes is None else record.axes.vectors
    return next((one.of_class.value for one in found if one.mutant == mutant.id), None)
