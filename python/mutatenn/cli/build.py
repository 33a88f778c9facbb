"""``mutatenn-ir build``: a model, or a mutant of it, to a library that TVM loads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import note, say
from mutatenn.cli.options import At, Batch, ModelFile, Set, Stage, Trust, settings
from mutatenn.cli.stage import lowered_to, plant_at_stage
from mutatenn.errors import InputError
from mutatenn.lowering.library import build_library
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load


def build(
    model: ModelFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="Library to write, such as m.so.")],
    target: Annotated[str, typer.Option(help="TVM target, as text or JSON.")] = "llvm",
    operator: Annotated[
        str | None, typer.Option("--pass", help="Operator to plant first; none if not given.")
    ] = None,
    at: At = None,
    set_: Set = None,
    stage: Stage = "tensor",
    batch: Batch = None,
    trust: Trust = False,
) -> None:
    """Compile a model to a loadable library: `tvm.runtime.load_module`, then a Relax VM.

    With `--stage kernel` the fault is planted in flat code for the target, as `mutatenn-ir run`
    does by default; the kernels then go through the rest of TVM's TIR pipeline as they stand.
    """
    if operator is None and (at is not None or set_):
        raise InputError("--at and --set say where an operator is planted: give --pass too")
    mod, lowered = at_stage(load(model, batch=batch, trust=trust), stage, target)
    if lowered and stage == "kernel":
        note(lowered_to(target))
    if operator is not None:
        planted = plant_at_stage(mod, stage, operator, at, settings(set_))
        mod = planted.after
        for mutant in planted.mutants:
            note(f"planted {mutant.id} in {mutant.function}")
    build_library(mod, target, output)
    say(f"wrote {output} for {target}")
