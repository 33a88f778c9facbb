"""``mutatenn-ir run``: a campaign."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from mutatenn.api import resume, run_options, write_reports
from mutatenn.campaign.options import Options, default_jobs
from mutatenn.cli.console import complain, note, say_json
from mutatenn.cli.options import Batch, Json, Trust
from mutatenn.cli.progress import Progress
from mutatenn.cli.verdicts import say_summary
from mutatenn.device import Limits, Oob
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.model.preprocess import load_preprocess
from mutatenn.oracle import catalogue

DEFAULTS = Limits()
ORACLES = ", ".join(entry.usage for entry in catalogue())


def run(
    context: typer.Context,
    model: Annotated[
        Path | None,
        typer.Argument(
            help="Model: .onnx, IRModule .json or .json.gz, or TVMScript .py (with --trust).",
            show_default=False,
        ),
    ] = None,
    inputs: Annotated[Path | None, typer.Option(help="Folder of images, .npy or .npz.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns file,class_index; the folder's labels.csv else."),
    ] = None,
    preprocess: Annotated[
        str | None, typer.Option(help="imagenet, cifar10, mnist, raw, or a TOML file.")
    ] = None,
    oracle: Annotated[
        list[str] | None,
        typer.Option(
            help="When an answer is accepted; may be repeated, any that fails kills: "
            f"{ORACLES}. top1 if not given."
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="What runs the mutants: llvm.")] = "llvm",
    target: Annotated[str, typer.Option(help="TVM target of kind llvm.")] = "llvm",
    stage: Annotated[
        str,
        typer.Option(help="Where mutants are planted: tensor (before scheduling) or kernel."),
    ] = "kernel",
    operators: Annotated[
        str | None, typer.Option(help="Operators, separated by commas; all if not given.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(help="Number of mutants to draw; all if not given.", min=1)
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Run this mutant alone, by its id; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the sample.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for everything written.")] = Path(
        "mutatenn.out"
    ),
    batch: Batch = None,
    trust: Trust = False,
    threads: Annotated[int, typer.Option(help="Threads of TVM's pool in a run.", min=1)] = 1,
    cache_mb: Annotated[
        int, typer.Option(help="MiB of golden activations to keep; the rest is recomputed.", min=0)
    ] = 1024,
    memory: Annotated[
        int, typer.Option(help="MiB that a mutant may allocate.", min=1)
    ] = DEFAULTS.memory_mb,
    timeout: Annotated[
        float,
        typer.Option(
            help="A launch may last a second and so many times its slowest golden run.", min=1
        ),
    ] = DEFAULTS.factor,
    oob: Annotated[
        str,
        typer.Option(
            help="What a write out of bounds is: recorded only (contain), or a crash (trap)."
        ),
    ] = "contain",
    repeat: Annotated[
        int,
        typer.Option(
            help="Run each mutant this many times; one whose runs differ is flaky.", min=1
        ),
    ] = 1,
    jobs: Annotated[
        int | None, typer.Option(help="Mutants to run at once; cores less one if not given.", min=1)
    ] = None,
    recheck_every: Annotated[
        int, typer.Option(help="Check the original again after so many mutants.", min=1)
    ] = 50,
    resume_folder: Annotated[
        Path | None,
        typer.Option("--resume", help="Go on with the campaign in this folder, as it was begun."),
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option(help="With --resume: verdicts to take back and try again, by commas."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a campaign: plant one fault at a time, run it isolated, say what became of it.

    Exit code 0 says that the campaign is complete; survivors alone fail nothing.
    `--resume FOLDER` goes on with one that was stopped; it takes no other option but `--retry`.
    """
    if resume_folder is not None:
        _require_alone(context)
        again = tuple(name.strip() for name in retry.split(",")) if retry else ()
        work = functools.partial(resume, resume_folder, retry=again)
        _watched(work, resume_folder, as_json=as_json)
        return
    if retry is not None:
        raise InputError("--retry needs --resume FOLDER: it takes verdicts of that campaign back")
    if model is None or inputs is None:
        raise InputError("give MODEL and --inputs, or --resume FOLDER")
    options = Options(
        model=model,
        inputs=inputs,
        out=out,
        labels=labels,
        preprocess=None if preprocess is None else load_preprocess(preprocess),
        preprocess_given=preprocess,
        oracles=tuple(oracle or ("top1",)),
        device=device,
        target=target,
        stage=stage,
        operators=tuple(name.strip() for name in operators.split(",")) if operators else (),
        sample=sample,
        only=tuple(only or ()),
        seed=seed,
        batch=batch,
        trust=trust,
        threads=threads,
        cache_mb=cache_mb,
        limits=Limits(memory_mb=memory, factor=timeout),
        oob=cast("Oob", oob),
        repeat=repeat,
        recheck_every=recheck_every,
        jobs=default_jobs() if jobs is None else jobs,
    )
    _watched(functools.partial(run_options, options), out, as_json=as_json)


def _require_alone(context: typer.Context) -> None:
    """Refuse options beside ``--resume``: a campaign goes on as it was begun.

    Raises:
        InputError: some option was given that would have no effect.
    """
    given = [
        name
        for name in context.params
        if (source := context.get_parameter_source(name)) is not None
        and source.name == "COMMANDLINE"
        and name not in ("resume_folder", "retry", "as_json")
    ]
    if given:
        option = "MODEL" if given[0] == "model" else "--" + given[0].replace("_", "-")
        raise InputError(
            f"--resume takes no {option}: a campaign goes on as it was begun; only --retry and "
            "--json may stand beside it"
        )


def _watched(work: Callable[..., dict[str, Any]], out: Path, *, as_json: bool) -> None:
    """Do the work under a progress bar and show its summary; Ctrl-C leaves a report."""
    try:
        with Progress() as progress:
            summary = work(watcher=progress)
    except KeyboardInterrupt:
        if not (out / "journal.sqlite").exists():
            raise
        summary = write_reports(out)
        if as_json:
            say_json(summary)
        complain(f"interrupted: {summary['pending']} mutants have no verdict")
        note(f"go on with: mutatenn-ir run --resume {out}")
        raise typer.Exit(ExitCode.INCOMPLETE) from None
    if as_json:
        say_json(summary)
    else:
        say_summary(summary)
        note(f"journal, plan and reports are in {out}")
