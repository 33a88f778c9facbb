"""``mutatenn-ir merge``: what bundles found elsewhere, as devices of a campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.api import write_reports
from mutatenn.campaign.bundle import merge as work
from mutatenn.cli.console import note, say, say_json
from mutatenn.cli.options import Json
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary


def merge(
    campaign: Annotated[Path, typer.Argument(help="The campaign's folder; it stays as it is.")],
    results: Annotated[
        list[Path], typer.Argument(help="Folders that `python m.pyz run --out` wrote.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the campaign.")],
    name: Annotated[
        str | None,
        typer.Option(
            help="What the device is called, such as opencl:0@board; its host if not given.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add devices that ran a bundle to a campaign, by the rules of the campaign.

    The bundle is one of `mutatenn-ir build --bundle m.pyz --mutants CAMPAIGN/manifest.json`.
    Exit code 6 says that results do not belong to the campaign.
    """
    with Progress(verbose=False) as progress:
        merged = work.merge(campaign, results, out, name, progress.watcher)
    summary = write_reports(out)
    if as_json:
        say_json(summary)
        return
    say_summary(summary)
    for one in merged:
        told = f": golden answers: {one.agreement}" if one.agreement else ""
        say(f"merged {one.device} with {one.mutants} mutants{told}")
    note(f"journal, plan and reports are in {out}")
