"""``mutatenn-ir demo``: a whole campaign on data that is shipped with the package."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from mutatenn.api import run_options
from mutatenn.campaign.options import Options
from mutatenn.campaign.verdict import verdict_text
from mutatenn.cli.console import note, say, say_json, say_table
from mutatenn.cli.options import Json, Quiet
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary
from mutatenn.demo import inputs_path, model_path
from mutatenn.report.record import Record


def demo(
    sample: Annotated[int, typer.Option(help="Number of mutants to draw.", min=1)] = 40,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder to keep; a temporary one if not given.")
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Mutate a small CNN for handwritten digits and judge it on 100 images."""
    with tempfile.TemporaryDirectory(prefix="mutatenn-demo-") as folder:
        options = Options(
            model=model_path(),
            inputs=inputs_path(),
            out=out or Path(folder) / "out",
            schedule="none",  # the same table on every machine
            sample=sample,
            seed=seed,
        )
        with Progress(quiet=quiet) as progress:
            summary = run_options(options, progress.watcher)
        if as_json:
            say_json(summary)
            return
        _say_mutants(Record.read(options.out))
        say("")
        say_summary(summary)
        if out is not None and not quiet:
            note(f"journal, plan and reports are in {out}")


def _say_mutants(record: Record) -> None:
    mutants = record.mutants()
    rows = []
    for row in record.rows:
        mutant = mutants[row["mutant"]]
        verdict = verdict_text(row["verdict"], row["kill"])
        operator = f"{mutant.operator} {mutant.replacement}".rstrip()
        rows.append([mutant.id, operator, "/".join(mutant.layers), verdict, row["reason"]])
    say_table(["mutant", "fault", "layers", "verdict", "why"], rows)
