"""What a mutant is predicted to cost, from its code alone: every machine predicts the same."""

from __future__ import annotations

import math
from typing import Any

from mutatenn.lowering.extract import Lowered
from mutatenn.lowering.plan import Plan
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant
from mutatenn.mutation.trip_count import trip_count

# Measured on resnet20 on one machine. Only their proportions count, and those only roughly:
# mutants of a kernel are dealt out evenly anyway.
_PER_MUTANT = 0.10
_PER_CHARACTER = 2.5e-5
_PER_RUN = 0.02
_PER_ELEMENT = 1.1e-10
"""Seconds: to make a mutant, and per character of its kernel's TVMScript; to begin a run, and per
element that a launch stores."""


class Costs:
    """Predicts what mutants of one lowering cost, in seconds of a machine of its own.

    A mutant is compiled; it runs its kernel's launches under two fill patterns, and every later
    launch once, on each input row.
    """

    def __init__(self, lowered: Lowered, module: Any, rows: int) -> None:
        """Count what kernels store, and how long their code is.

        Args:
            lowered: the model.
            module: where mutants are planted; at stage graph and weight, ``lowered`` says it all.
            rows: how many inputs there are.
        """
        plan = self._plan = lowered.plan
        held = {str(one.name_hint) for one in module.functions}
        code = {name: (module if name in held else lowered.module)[name] for name in plan.kernels}
        self._make = {
            name: _PER_MUTANT + _PER_CHARACTER * len(func.script()) for name, func in code.items()
        }
        stored = {name: trip_count(func.body) for name, func in code.items()}
        elements = [
            _outputs(plan, index) if stored[launch.kernel] is None else stored[launch.kernel]
            for index, launch in enumerate(plan.launches)
        ]
        self._launches = [_PER_ELEMENT * rows * (count or 0) for count in elements]

    def of(self, mutant: Mutant) -> float:
        """Seconds of one mutant, on one device."""
        if mutant.stage in GRAPH_STAGES:
            return sum(self._make.values()) + _PER_RUN + sum(self._launches)
        own = set(mutant.functions)
        at = [i for i, launch in enumerate(self._plan.launches) if launch.kernel in own]
        run = sum(self._launches[i] for i in at) + sum(self._launches[min(at, default=0) :])
        return sum(self._make[name] for name in own) + _PER_RUN + run


def _outputs(plan: Plan, launch: int) -> int:
    """Elements of a launch's outputs, for a kernel whose loops do not say what they store."""
    return sum(math.prod(plan.buffers[i].shape) for i in plan.launches[launch].outputs)
