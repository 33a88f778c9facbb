"""Reach: which places of the original program the inputs execute, measured before any mutant."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from mutatenn.campaign.compiled import Task
from mutatenn.campaign.compiler import Compiler
from mutatenn.device import Device, ProbeFailed, RunnerDied
from mutatenn.device.layout import FLAG_CAPACITY
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant

Place = tuple[str, str]
"""A kernel's name and a path in it."""


@dataclasses.dataclass
class Reach:
    """What the probes saw: places that some input executes, places that none does, and the rest.

    ``unknown`` maps a kernel whose probe did not run to the reason.
    """

    executed: set[Place] = dataclasses.field(default_factory=set)
    never: set[Place] = dataclasses.field(default_factory=set)
    unknown: dict[str, str] = dataclasses.field(default_factory=dict)

    def add(self, more: Reach) -> None:
        """Take over what other probes saw."""
        self.executed |= more.executed
        self.never |= more.never
        self.unknown |= more.unknown

    def of(self, mutant: Mutant) -> bool | None:
        """Whether some input executes the mutant's place, or one of several; ``None``: unknown."""
        if mutant.stage in GRAPH_STAGES:
            # The calls of a graph have no branches.
            return True
        places = [(part.function, part.path) for part in mutant.first_order]
        if not self.executed.isdisjoint(places):
            return True
        return False if self.never.issuperset(places) else None


def measure(
    compiler: Compiler,
    device: Device,
    mutants: Iterable[Mutant],
    places_a_probe: int = FLAG_CAPACITY,
) -> Reach:
    """Run a probe of each kernel, which flags all places of its mutants, on every input.

    A mutant at a place that no input executes computes what the original does.

    Args:
        compiler: compiles the probes.
        device: runs them; its golden run is done.
        mutants: those whose places are asked about.
        places_a_probe: places that one probe flags; a kernel with more has several probes.
    """
    tasks = probe_tasks(mutants, places_a_probe)
    for task in tasks:
        compiler.submit(task)
    flagged: dict[bool, list[Place]] = {True: [], False: []}
    unknown: dict[str, str] = {}
    for task in tasks:
        compiled = compiler.result()
        if compiled.library is None:
            unknown[task.function] = f"the probe does not compile: {compiled.reason}"
            continue
        try:
            flags = device.probe(task.function, compiled.library, len(task.places))
        except (ProbeFailed, RunnerDied) as error:
            unknown[task.function] = str(error)
            continue
        finally:
            compiled.library.unlink()
        for path, flag in zip(task.places, flags.tolist(), strict=True):
            flagged[flag].append((task.function, path))
    return Reach(set(flagged[True]), set(flagged[False]), unknown)


def probe_tasks(mutants: Iterable[Mutant], places_a_probe: int = FLAG_CAPACITY) -> list[Task]:
    """The probes that flag all places of some mutants; arguments as for ``measure``."""
    places: dict[str, dict[str, None]] = {}
    for mutant in mutants:
        if mutant.stage in GRAPH_STAGES:
            continue
        for part in mutant.first_order:
            places.setdefault(part.function, {})[part.path] = None
    return [
        Task(kernel, places=tuple(paths)[first : first + places_a_probe])
        for kernel, paths in places.items()
        for first in range(0, len(paths), places_a_probe)
    ]
