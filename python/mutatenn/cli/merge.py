"""``mutatenn-ir merge``: a campaign's shards as one, or what bundles found as devices of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.api import merge_folders, write_reports
from mutatenn.campaign.bundle import merge as work
from mutatenn.campaign.shards.parts import is_shard
from mutatenn.cli.console import note, say, say_json
from mutatenn.cli.gate_options import exit_if_failed
from mutatenn.cli.options import Json
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary
from mutatenn.errors import InputError


def merge(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="All shards of a campaign; or a campaign, then folders that `python m.pyz run "
            "--out` wrote. They stay as they are."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for the campaign.")],
    name: Annotated[
        str | None,
        typer.Option(
            help="What the device of a bundle is called, such as opencl:0@board; its host if not "
            "given.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make one campaign of its shards, or add devices that ran a bundle, by the campaign's rules.

    Shards are those of `mutatenn-ir run --shard k/n`: each must be there once, complete, and of
    the same campaign. A bundle is one of `mutatenn-ir build --bundle m.pyz --mutants
    CAMPAIGN/manifest.json`. Exit code 6 says that something is missing or does not belong
    together, and names it; 1 that a gate failed which the shards were given.
    """
    shards = any(is_shard(folder) for folder in folders)
    if shards and name is not None:
        raise InputError("--name is for the device of a bundle; shards have their devices already")
    if not shards and len(folders) < 2:
        raise InputError(f"{folders[0]} is no shard: give the results of a bundle too")
    told = _joined(folders, out) if shards else _added(folders, out, name)
    summary = write_reports(out)
    if as_json:
        say_json(summary)
    else:
        say_summary(summary)
        for line in told:
            say(line)
        note(f"journal, plan and reports are in {out}")
    if shards:
        exit_if_failed(summary["gates"])


def _joined(folders: list[Path], out: Path) -> list[str]:
    found = merge_folders(folders, out)
    return [
        f"merged {found.shards} shards with {found.verdicts} verdicts; {found.across} of them are "
        "duplicates of mutants in another shard"
    ]


def _added(folders: list[Path], out: Path, name: str | None) -> list[str]:
    with Progress(verbose=False) as progress:
        merged = work.merge(folders[0], folders[1:], out, name, progress.watcher)
    return [
        f"merged {one.device} with {one.mutants} mutants"
        + (f": golden answers: {one.agreement}" if one.agreement else "")
        for one in merged
    ]
