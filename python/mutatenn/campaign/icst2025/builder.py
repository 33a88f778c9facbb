"""Builds the mutants of rows in a process of its own: a graph or kernels, lowered and compiled."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.campaign.device_groups import CPU, aligned_lanes, device_groups
from mutatenn.errors import InputError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.replay import schedule_mutated
from mutatenn.lowering.whole_program import ProgramCompiler, WholeProgram
from mutatenn.model import load
from mutatenn.mutation.icst2025 import Row
from mutatenn.mutation.icst2025.planting import (
    RefusedError,
    at_positions,
    means_the_same,
    places_of,
    plant_together,
)


@dataclasses.dataclass(frozen=True)
class Setup:
    """A model, how and for which device it is lowered, and a folder for libraries.

    With ``align``, rows of kernels are planted at stage tensor, in kernels that all devices share.
    """

    model: Path
    schedule: str
    target: str | None
    scratch: Path
    batch: int | None = None
    device: str = "llvm"
    align: bool = False


@dataclasses.dataclass(frozen=True)
class Built:
    """A row in a model: where it applies, and the program, or why there is none.

    ``sites`` and ``functions`` count the places mutated and the kernels or graphs that hold them;
    ``absence`` says why there is none, ``refusal`` who refused the mutant, with its words.
    ``same`` says that the row means here what the row that it names means.
    """

    sites: int
    functions: int
    named: int
    absence: str = ""
    refusal: str = ""
    same: bool = False
    program: WholeProgram | None = None


class Builder:
    """Holds one model, lowered, and plants rows in it."""

    def __init__(self, setup: Setup) -> None:
        """Read and lower the model.

        Raises:
            InputError: it cannot be read, or not be run kernel by kernel.
        """
        (group,) = device_groups((setup.device,), setup.target, setup.schedule)
        self._text = group.target
        self._target = parse_target(self._text)
        # Kernels of accelerators need threads, which only a schedule binds.
        self._schedule = setup.schedule if group.lowering == CPU else "default"
        self._lanes = aligned_lanes(setup.schedule) if setup.align else None
        self._graph = load(setup.model, batch=setup.batch)
        self._lowered = self._lower(self._graph)
        self._align = setup.align
        self._places = self._lowered.module if setup.align else self._flat(self._lowered)
        self._compiler = ProgramCompiler(backend_of(setup.device, self._target), setup.scratch)

    def original(self) -> WholeProgram:
        """The model without mutants."""
        return self._compiler.program(
            self._lowered, self._kernels(self._lowered, self._flat(self._lowered))
        )

    def row(self, row: Row, positions: range | None = None) -> Built:
        """A row's mutant.

        Args:
            row: one of the 22.
            positions: which of its places are mutated, all at once; all of them for ``None``.

        Raises:
            InputError: there are places, but none at these positions.
        """
        mod = self._graph if row.stage == "graph" else self._places
        places = places_of(mod, row)
        if not places.mutants:
            return Built(0, 0, places.named, absence=places.absence)
        mutants = at_positions(places.mutants, positions)
        functions = len({mutant.function for mutant in mutants})
        built = Built(len(mutants), functions, places.named, same=means_the_same(mod, places))
        try:
            program = self._program(plant_together(mod, mutants), row.stage)
        except RefusedError as error:
            return dataclasses.replace(built, refusal=f"verifier: {error}")
        except (CompileError, InputError) as error:
            return dataclasses.replace(built, refusal=f"compiler: {error}")
        return dataclasses.replace(built, program=program)

    def _program(self, mutated: Any, stage: str) -> WholeProgram:
        if stage != "graph":
            if self._align:
                mutated = self._scheduled(mutated)
            return self._compiler.program(self._lowered, self._kernels(self._lowered, mutated))
        lowered = self._lower(mutated)
        return self._compiler.program(lowered, self._kernels(lowered, self._flat(lowered)))

    def _lower(self, mod: Any) -> Lowered:
        return lower(mod, self._text, self._schedule, lanes=self._lanes)

    def _flat(self, lowered: Lowered) -> Any:
        return lower_kernels(lowered.scheduled, self._target)

    def _scheduled(self, mutated: Any) -> Any:
        """Kernels of stage tensor with mutants in them, scheduled as far as the schedules fit."""
        scheduler = self._lowered.scheduler
        if scheduler is None:
            return mutated
        return schedule_mutated(self._lowered.module, mutated, scheduler)[0]

    @staticmethod
    def _kernels(lowered: Any, mod: Any) -> dict[str, Any]:
        return {name: mod[name] for name in lowered.plan.kernels}
