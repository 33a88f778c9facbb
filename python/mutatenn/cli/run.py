"""``mutatenn-ir run``: a campaign."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from mutatenn.api import dry_run as rehearse_options
from mutatenn.api import repeat_manifest, resume_folder, run_options
from mutatenn.campaign.configuration import FILE_NAME, GATES, Configuration
from mutatenn.campaign.options import Options
from mutatenn.cli.campaign_options import (
    ConfigFile,
    NoConfig,
    resolved,
    with_campaign_options,
    written,
)
from mutatenn.cli.console import note, say, say_json
from mutatenn.cli.options import Json, Quiet, Verbose
from mutatenn.cli.watched import RESUME, Shown
from mutatenn.errors import InputError
from mutatenn.report.dry_run import dry_run_lines
from mutatenn.report.gates import Gates


@with_campaign_options
def run(
    *,
    given: Configuration,
    config_file: ConfigFile = None,
    no_config: NoConfig = False,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with the campaign in this folder, as it was begun."),
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option(help="With --resume: verdicts to take back and try again, by commas."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(help="Run the campaign of this manifest.json once more, into --out."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Write the manifest with what is proved of mutants, run none, estimate the time.",
        ),
    ] = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    events: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Append what happens to this file as it happens, a JSON object a line; - for "
            "standard output, in place of the summary.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a campaign: plant one fault at a time, run it isolated, say what became of it.

    Exit code 0 says that the campaign is complete; survivors alone fail nothing. It is 1 where a
    gate fails (`--min-score`, `--max-survivors`, `--fail-on-new-survivors`), or where `--expect
    same` was asked for and a mutant that keeps the meaning made a difference.
    Options that are not given come from `mutatenn.toml`, where there is one.
    `--resume FOLDER` goes on with one that was stopped; it takes no other option but `--retry`,
    `--shard`, which must be the one in the folder, and gates. `--manifest FILE` repeats one, and
    takes no other option but `--out`, `--shard` and gates.
    """
    shown = Shown(as_json=as_json, verbose=verbose, quiet=quiet, events=events)
    if dry_run and events is not None:
        raise InputError("--dry-run runs nothing that --events could tell: leave one out")
    if dry_run and (resume or manifest or retry):
        raise InputError("--dry-run begins a campaign: --resume, --manifest and --retry need one")
    gates = Gates.from_configuration(given)
    if manifest is not None and resume is None and retry is None:
        may = ("out", "shard")
        _require_alone(given, config_file, no_config=no_config, option="--manifest", may=may)
        out = given.out
        shown.run(
            lambda watcher: repeat_manifest(manifest, out, watcher, gates, shard=given.shard), out
        )
        return
    if resume is not None:
        if manifest is not None:
            raise InputError("--resume goes on with a campaign, --manifest repeats one: give one")
        _require_alone(given, config_file, no_config=no_config, may=("shard",))
        again = tuple(name.strip() for name in retry.split(",")) if retry else ()
        shown.run(
            lambda watcher: resume_folder(
                resume, retry=again, watcher=watcher, gates=gates, shard=given.shard
            ),
            resume,
        )
        return
    if retry is not None:
        raise InputError("--retry needs --resume FOLDER: it takes verdicts of that campaign back")
    found = resolved(given, config_file, no_config=no_config, quiet=quiet).configuration
    if found.model is None or found.inputs is None:
        raise InputError(
            f"give MODEL and --inputs, here or as model and inputs in {FILE_NAME}, or "
            "--resume FOLDER"
        )
    options = Options.from_configuration(found)
    if dry_run:
        _rehearsed(options, shown)
        return
    asked = Gates.from_configuration(found)
    shown.run(lambda watcher: run_options(options, watcher, asked), options.out)


def _rehearsed(options: Options, shown: Shown) -> None:
    """Do all but run mutants, and say what the campaign would be."""
    body = shown.watched(lambda watcher: rehearse_options(options, watcher))
    if shown.as_json:
        say_json(body)
        return
    for line in dry_run_lines(body):
        say(line)
    if not shown.quiet:
        note(f"run it by: {shlex.join([*RESUME, str(options.out)])}")


def _require_alone(
    given: Configuration,
    config_file: Path | None,
    *,
    no_config: bool,
    option: str = "--resume",
    may: tuple[str, ...] = (),
) -> None:
    """Refuse options beside ``--resume`` or ``--manifest``: a campaign is as it was begun.

    Raises:
        InputError: some option was given that would have no effect.
    """
    beside = [written(key) for key in given.given() if key not in (*may, *GATES)]
    beside += ["--config"] if config_file is not None else []
    beside += ["--no-config"] if no_config else []
    if beside:
        raise InputError(
            f"{option} takes no {beside[0]}: a campaign goes on as it was begun; only "
            f"{'--out' if 'out' in may else '--retry'}, --shard, gates, --verbose, --quiet, "
            "--events and --json may "
            "stand beside it"
        )
