"""``mutatenn-ir sites``: where an operator applies."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from mutatenn.cli.console import say, say_json, say_table
from mutatenn.cli.options import (
    All,
    Batch,
    CodeTarget,
    Functions,
    Json,
    Layers,
    ModelFile,
    PassName,
    Positions,
    Schedule,
    Set,
    Stage,
    Trust,
    settings,
)
from mutatenn.cli.stage import stage_for, staged
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.location import text_at
from mutatenn.mutation.mutant import Mutant
from mutatenn.mutation.narrowing import Narrowing, parse_positions


def sites(
    model: ModelFile,
    operator: PassName,
    set_: Set = None,
    stage: Stage = None,
    schedule: Schedule = "none",
    target: CodeTarget = None,
    function: Functions = None,
    layer: Layers = None,
    positions: Positions = None,
    batch: Batch = None,
    trust: Trust = False,
    redundant: All = False,
    as_json: Json = False,
) -> None:
    """List the places where an operator applies, and what can stand there instead.

    Numbers are the ones that `apply --at` and the operator's pass take. `--set` narrows the
    replacements, never the numbering; nor do `--function`, `--layer` and `--positions` change it.
    Each stage has places and mutant ids of its own; those of stage kernel are for the target, llvm
    if none is given. `--schedule default` shows the kernels that `mutatenn-ir run` mutates by
    default, for this machine's CPU or the target given; they have ids of their own. Flat kernels
    for a GPU (`--target opencl`, `--target cuda`) need it.
    Operators of stage graph or weight have their places in the model's graph, which is not lowered.
    """
    where = stage_for(operator, stage)
    mod = staged(load(model, batch=batch, trust=trust), where, schedule, target)
    mutants = enumerate_mutants(mod, [operator], settings(set_), redundant=redundant)
    narrowing = Narrowing(
        tuple(function or ()),
        tuple(layer or ()),
        None if positions is None else parse_positions(positions),
    )
    taken = {mutant.id for mutant in narrowing.chosen(in_launch_order(mod, mutants))}
    mutants = [mutant for mutant in mutants if mutant.id in taken]
    if as_json:
        say_json([{**m.to_dict(), "before": text_at(mod[m.function], m.path)} for m in mutants])
        return
    places = [list(same) for _, same in groupby(mutants, key=lambda m: m.site)]
    columns = ["site", "function", "layer", "stands there", "replacements"]
    say_table(columns, [_row(mod, place) for place in places], right=("site",))
    say(f"{len(places)} places, {len(mutants)} mutants")


def _row(mod: Any, place: list[Mutant]) -> list[str]:
    first = place[0]
    return [
        str(first.site),
        first.function,
        ", ".join(first.layers),
        text_at(mod[first.function], first.path),
        " ".join(m.replacement or "(no settings)" for m in place),
    ]
