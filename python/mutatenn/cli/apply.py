"""``mutatenn-ir apply``: plant one operator in a model and show what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mutatenn.cli.console import note, say, say_diff, say_json
from mutatenn.cli.import_ import require_json_name
from mutatenn.cli.options import (
    At,
    Batch,
    CodeTarget,
    Json,
    ModelFile,
    Parts,
    Schedule,
    Set,
    Stage,
    Trust,
    settings,
)
from mutatenn.cli.stage import plant_at_stage, stage_for, staged
from mutatenn.errors import InputError
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.stage import SECOND_HALF
from mutatenn.model import load, save
from mutatenn.mutation.higher_order import JOINT
from mutatenn.mutation.planting import names_mutant, operator_of, plant_mutants


def apply(
    model: ModelFile,
    operator: Parts = None,
    at: At = None,
    set_: Set = None,
    stage: Stage = None,
    schedule: Schedule = "none",
    target: CodeTarget = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; MODEL.mutant.json if not given."),
    ] = None,
    batch: Batch = None,
    trust: Trust = False,
    as_json: Json = False,
) -> None:
    """Write a model with a fault in it, and print the difference as TVMScript.

    A model without kernels is legalised and fused first; the file then holds the lowered module:
    `main`, all kernels, the weights. `tvm.ir.load_json` reads it and `tvm.compile` builds it.
    Operators of stage graph or weight change the graph itself, and the file holds that.
    `--at ID+ID` plants several faults at once, by any operators: a mutant of higher order.

    With `--stage kernel` the file holds flat kernels for the target, llvm if none is given. After
    `import mutatenn` build it with
    `tvm.compile(mod, "llvm", tir_pipeline="mutatenn_second_half")`; TVM's default pipeline takes it
    too, but lowers it a second time and may change the fault.

    With `--schedule default` the kernels are those that `mutatenn-ir run` mutates by default, for
    this machine's CPU or the target given: of a prepared graph, and at stage kernel scheduled.
    Flat kernels for a GPU (`--target opencl`, `--target cuda`) need it.
    """
    file = output or model.with_name(_stem(model) + ".mutant.json")
    require_json_name(file)
    given = settings(set_)
    if operator is None and (at is None or not names_mutant(at)):
        raise InputError("give --pass, an operator, or --at with the id of a mutant")
    if operator is not None and at is not None and JOINT in at:
        raise InputError("--at with several ids says which operators: leave --pass out")
    if given and operator is None:
        raise InputError("--set belongs to an operator: give --pass too")
    where = stage_for(operator or operator_of((at or "").split(JOINT)[0]), stage)
    mod = staged(load(model, batch=batch, trust=trust), where, schedule, target)
    if operator is None:
        planted = plant_mutants(mod, (at or "").split(JOINT))
    else:
        planted = plant_at_stage(mod, where, operator, at, given)
    save(planted.after, file)
    if where == "kernel":
        bound = _quoted(resolve_target(target, schedule))
        note(
            "the kernels are flat: after `import mutatenn`, build the module with "
            f'tvm.compile(mod, {bound}, tir_pipeline="{SECOND_HALF}")'
        )
    if as_json:
        rows = [m.to_dict() for m in planted.mutants]
        say_json({"output": str(file), "mutants": rows, "diff": planted.diff})
        return
    for mutant in planted.mutants:
        layers = ", ".join(mutant.layers) or "no named layer"
        chosen = f" {mutant.replacement}" if mutant.replacement else ""
        place = f"at site {mutant.site} in {mutant.function} ({layers})"
        say(f"{mutant.id}: {mutant.operator}{chosen} {place}")
    say_diff(planted.diff)
    say(f"wrote {file}")


def _quoted(target: str) -> str:
    """A target's text as it stands in Python."""
    return f"'{target}'" if '"' in target else f'"{target}"'


def _stem(model: Path) -> str:
    """``model.json.gz`` → ``model``."""
    name = model.name.removesuffix(".gz")
    return name.rpartition(".")[0] or name
