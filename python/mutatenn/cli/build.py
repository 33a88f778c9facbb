"""``mutatenn-ir build``: a model, or a mutant of it, to a library; or to a bundle for devices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mutatenn.cli.bundle import BundleRequest, write_bundle_file
from mutatenn.cli.console import note, say
from mutatenn.cli.options import (
    At,
    Batch,
    CodeTarget,
    ModelFile,
    Schedule,
    Set,
    Stage,
    Trust,
    Verbose,
    settings,
)
from mutatenn.cli.stage import lowered_to, note_schedules, plant_at_stage, stage_for, staged
from mutatenn.errors import InputError
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.library import build_library
from mutatenn.lowering.program import program_of
from mutatenn.model import load
from mutatenn.mutation.mutant import GRAPH_STAGES


def build(
    model: ModelFile,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Library to write, such as m.so.", show_default=False),
    ] = None,
    target: CodeTarget = None,
    schedule: Schedule = "none",
    threads: Annotated[
        int, typer.Option(help="Threads that schedules share a kernel's work among.", min=1)
    ] = 1,
    operator: Annotated[
        str | None, typer.Option("--pass", help="Operator to plant first; none if not given.")
    ] = None,
    at: At = None,
    set_: Set = None,
    stage: Stage = None,
    batch: Batch = None,
    trust: Trust = False,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Bundle to write instead, such as m.pyz.", show_default=False),
    ] = None,
    device: Annotated[
        str, typer.Option(help="With --bundle: what it is for, opencl or cuda.")
    ] = "opencl",
    mutants: Annotated[
        str | None,
        typer.Option(
            help="With --bundle: so many runnable mutants, or those of a campaign's manifest.json; "
            "none if not given.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="With --mutants N: seed of the sample.", show_default=False)
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(help="With --mutants N: a named choice of operators.", show_default=False),
    ] = None,
    operators: Annotated[
        str | None,
        typer.Option(help="With --mutants N: operators, by commas.", show_default=False),
    ] = None,
    with_inputs: Annotated[
        Path | None,
        typer.Option(
            help="With --bundle: folder of images, or .npy or .npz, whose rows go into it.",
            show_default=False,
        ),
    ] = None,
    preprocess: Annotated[
        str | None,
        typer.Option(
            help="With --with-inputs: imagenet, cifar10, mnist, raw, or a TOML file.",
            show_default=False,
        ),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Compile a model to a loadable library: `tvm.runtime.load_module`, then a Relax VM.

    With `--stage kernel` the fault is planted in flat code for the target, as `mutatenn-ir run`
    does by default; the kernels then go through the rest of TVM's TIR pipeline as they stand.

    With `--schedule default` it is the fast program that `mutatenn-ir run` mutates by default; a
    fault of stage tensor is planted before its kernel is scheduled. One of stage graph or weight is
    planted in the model itself, which is lowered with it.

    With `--bundle m.pyz` the model and mutants become one file that runs on OpenCL or CUDA devices
    by `python m.pyz run`, where NumPy and PyOpenCL or CuPy are.
    """
    only = {
        "--mutants": mutants,
        "--seed": seed,
        "--preset": preset,
        "--operators": operators,
        "--with-inputs": with_inputs,
        "--preprocess": preprocess,
    }
    if bundle is not None:
        if operator is not None or at is not None or set_ or output is not None:
            raise InputError(
                "--bundle takes mutants by --mutants alone; leave out --pass, --at, --set, -o"
            )
        if schedule != "none" or threads != 1:
            raise InputError("--bundle has the schedules of accelerators: leave --schedule out")
        request = BundleRequest(
            model,
            bundle,
            device,
            target,
            stage,
            batch,
            trust,
            mutants,
            seed,
            preset,
            operators,
            with_inputs,
            preprocess,
        )
        write_bundle_file(request)
        return
    beside = [name for name, value in only.items() if value is not None]
    if beside:
        raise InputError(f"{beside[0]} says what goes into a bundle: give --bundle too")
    if output is None:
        raise InputError("give -o FILE for a library, or --bundle FILE for a bundle")
    if operator is None and (at is not None or set_):
        raise InputError("--at and --set say where an operator is planted: give --pass too")
    target = resolve_target(target, schedule)
    mod = load(model, batch=batch, trust=trust)
    where = stage_for(operator, stage)
    if operator is not None and where in GRAPH_STAGES:
        mod = _with_fault(staged(mod, where), where, operator, at, set_)
        where = "tensor"
        operator = None
    program = program_of(mod, where, target, schedule, threads)
    if program.lowered and where == "kernel":
        note(lowered_to(target))
    if verbose:
        note_schedules(program.notes)
    mod = program.module
    if operator is not None:
        mod = _with_fault(mod, where, operator, at, set_)
    finished, ways = program.finished(mod)
    for kernel, how in ways.items():
        note(f"{kernel} is {how}")
    build_library(finished, target, output)
    say(f"wrote {output} for {target}")


def _with_fault(mod: Any, stage: str, operator: str, at: str | None, set_: list[str] | None) -> Any:
    planted = plant_at_stage(mod, stage, operator, at, settings(set_))
    for mutant in planted.mutants:
        note(f"planted {mutant.id} in {mutant.function}")
    return planted.after
