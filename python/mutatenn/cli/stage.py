"""Modules at the stage of ``--stage``, with what the user is told about getting there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn.catalogue import catalogue
from mutatenn.cli.console import note
from mutatenn.errors import InputError
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.program import program_of
from mutatenn.lowering.stage import STAGES
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import GRAPH_STAGES
from mutatenn.mutation.planting import Planted, names_mutant, plant_request


def stage_for(operator: str | None, stage: str | None) -> str:
    """The stage that ``--stage`` asks for; if it does not, where the operator works.

    Raises:
        InputError: the operator has no place at that stage.
    """
    stages = next((op.stages for op in catalogue() if op.id == operator), STAGES)
    if stage is None:
        return next(iter(stages), STAGES[0])
    if stage in (*STAGES, *GRAPH_STAGES) and stage not in stages:
        if operator is None:
            raise InputError(f"--stage {stage} says where an operator is planted: give --pass too")
        raise InputError(f"{operator} works at stage {' or '.join(stages)}, not at stage {stage}")
    return stage


def staged(mod: Any, stage: str, schedule: str = "none", target: str | None = None) -> Any:
    """The module at a stage; a note says when it was lowered to get there.

    Args:
        mod: an IRModule; it is not changed.
        stage: ``tensor`` or ``kernel``.
        schedule: ``none`` or ``default``.
        target: the user's word for the target, as for ``resolve_target``.

    Raises:
        InputError: there is no such stage, schedule or target, or the module cannot be brought
            there.
    """
    if stage in GRAPH_STAGES and schedule != "none":
        raise InputError(
            f"operators of stage {stage} work on the graph, which has no schedules: leave out "
            "--schedule"
        )
    target = resolve_target(target, schedule)
    program = program_of(mod, stage, target, schedule)
    lowered = program.lowered
    if lowered and stage == "tensor" and schedule != "none":
        note(f"the model was prepared for {target}, legalised and fused first")
    elif lowered and stage == "tensor":
        note("the model was legalised and fused first")
    elif lowered:
        note(lowered_to(target))
    return program.module


def note_schedules(notes: Mapping[str, Sequence[str]]) -> None:
    """A line per schedule rule that did not apply, as ``Lowered.notes`` holds them."""
    for kernel, reasons in notes.items():
        for why in reasons:
            note(f"{kernel}: {why}")


def lowered_to(target: str) -> str:
    """What is said where a model was taken to stage kernel."""
    return f"the model was legalised, fused and lowered to flat kernels for {target} first"


def plant_at_stage(
    mod: Any, stage: str, operator: str, at: str | None, settings: Mapping[str, str]
) -> Planted:
    """Plant what the user asks for; an id from elsewhere is told with the way to the other stage.

    Raises:
        InputError: nothing fits, or TVM's verifier refuses the result.
    """
    try:
        return plant_request(mod, operator, at, settings)
    except InputError:
        if at is None or not names_mutant(at):
            raise
        if any(mutant.id == at for mutant in enumerate_mutants(mod, [operator], redundant=True)):
            raise
    if stage in GRAPH_STAGES:
        raise InputError(f"{operator} has no mutant {at} in this graph")
    other = next(name for name in STAGES if name != stage)
    raise InputError(
        f"{operator} has no mutant {at} at stage {stage}; if the id is of stage {other}, add "
        f"--stage {other}"
    )
