"""``mutatenn-ir run``: a campaign."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

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
from mutatenn.cli.console import complain, note, say, say_json
from mutatenn.cli.gate_options import exit_if_failed
from mutatenn.cli.options import Json, Verbose
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary
from mutatenn.errors import BaselineError, IncompleteError, InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.report.dry_run import dry_run_lines
from mutatenn.report.gates import Gates, failures
from mutatenn.report.record import Record
from mutatenn.report.summary import summary as summarise


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
    if dry_run and (resume or manifest or retry):
        raise InputError("--dry-run begins a campaign: --resume, --manifest and --retry need one")
    gates = Gates.from_configuration(given)
    if manifest is not None and resume is None and retry is None:
        may = ("out", "shard")
        _require_alone(given, config_file, no_config=no_config, option="--manifest", may=may)
        out = given.out
        work = functools.partial(repeat_manifest, manifest, out, gates=gates, shard=given.shard)
        _watched(work, out, as_json=as_json, verbose=verbose)
        return
    if resume is not None:
        if manifest is not None:
            raise InputError("--resume goes on with a campaign, --manifest repeats one: give one")
        _require_alone(given, config_file, no_config=no_config, may=("shard",))
        again = tuple(name.strip() for name in retry.split(",")) if retry else ()
        work = functools.partial(resume_folder, resume, retry=again, gates=gates, shard=given.shard)
        _watched(work, resume, as_json=as_json, verbose=verbose)
        return
    if retry is not None:
        raise InputError("--retry needs --resume FOLDER: it takes verdicts of that campaign back")
    found = resolved(given, config_file, no_config=no_config).configuration
    if found.model is None or found.inputs is None:
        raise InputError(
            f"give MODEL and --inputs, here or as model and inputs in {FILE_NAME}, or "
            "--resume FOLDER"
        )
    options = Options.from_configuration(found)
    if dry_run:
        _rehearsed(options, as_json=as_json, verbose=verbose)
        return
    work = functools.partial(run_options, options, gates=Gates.from_configuration(found))
    _watched(work, options.out, as_json=as_json, verbose=verbose)


def _rehearsed(options: Options, *, as_json: bool, verbose: bool) -> None:
    """Do all but run mutants, and say what the campaign would be."""
    with Progress(verbose=verbose) as progress:
        body = rehearse_options(options, progress)
    if as_json:
        say_json(body)
        return
    for line in dry_run_lines(body):
        say(line)
    note(f"run it by: mutatenn-ir run --resume {options.out}")


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
            f"{'--out' if 'out' in may else '--retry'}, --shard, gates, --verbose and --json may "
            "stand beside it"
        )


def _watched(
    work: Callable[..., dict[str, Any]], out: Path, *, as_json: bool, verbose: bool
) -> None:
    """Do the work under a progress bar and show its summary, also of what ends early."""
    try:
        with Progress(verbose=verbose) as progress:
            summary = work(watcher=progress)
    except KeyboardInterrupt:
        if not (out / "journal.sqlite").exists():
            raise
        summary = summarise(Record.read(out))
        if as_json:
            say_json(summary)
        complain(f"interrupted: {summary['pending']} mutants have no verdict")
        note(f"go on with: mutatenn-ir run --resume {out}")
        exit_if_failed(summary["gates"], ExitCode.INCOMPLETE)
    except (BaselineError, IncompleteError) as error:
        if not (out / "journal.sqlite").exists():
            raise
        summary = summarise(Record.read(out))
        if as_json:
            say_json(summary)
        if isinstance(error, IncompleteError) and failures(summary["gates"]):
            complain(str(error))
            exit_if_failed(summary["gates"])
        raise
    if as_json:
        say_json(summary)
    else:
        say_summary(summary)
        note(f"journal, plan and reports are in {out}")
    exit_if_failed(summary["gates"])
