"""How long a campaign will take on a device, from timed compilations and a golden run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mutatenn.lowering.plan import Plan
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant

PROBED = 10
"""Mutants that are compiled to learn what one costs."""


@dataclasses.dataclass(frozen=True)
class Rehearsal:
    """What was measured.

    Attributes:
        compile_seconds: of each mutant that was compiled.
        golden_seconds: of each launch of a golden run, (rows, launches).
    """

    compile_seconds: tuple[float, ...]
    golden_seconds: NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What is expected; ``seconds`` without lowering the model and compiling its original kernels.

    Attributes:
        compiled: mutants that are compiled, or found out to need none.
        run: of these, those that run, as far as static verdicts tell.
        compile_seconds: for each on average.
        run_seconds: for each that runs, on average.
        seconds: for all.
    """

    compiled: int
    run: int
    compile_seconds: float
    run_seconds: float
    seconds: float


def estimate(
    mutants: Sequence[Mutant],
    decided: Mapping[str, object],
    sample: int | None,
    rehearsal: Rehearsal,
    plan: Plan,
    jobs: int,
) -> Estimate:
    """The time of a campaign on one device.

    One process compiles while ``jobs`` others run: the slower of the two decides. Of a sample, as
    many more are compiled as static verdicts take away; what only compiling shows is not known.

    Args:
        mutants: the device's, all of them.
        decided: those with a static verdict, by id.
        sample: how many runnable ones are wanted; ``None`` for all.
        rehearsal: what was measured on the device.
        plan: what it runs.
        jobs: mutants that run at once.
    """
    undecided = [mutant for mutant in mutants if mutant.id not in decided]
    run = len(undecided) if sample is None else min(sample, len(undecided))
    compiled = round(len(mutants) * run / len(undecided)) if undecided else len(mutants)
    make = float(np.mean(rehearsal.compile_seconds)) if rehearsal.compile_seconds else 0.0
    costs = [run_cost(mutant, rehearsal.golden_seconds, plan) for mutant in undecided]
    each = float(np.mean(costs)) if costs else 0.0
    return Estimate(compiled, run, make, each, max(compiled * make, run * each / jobs))


def run_cost(mutant: Mutant, golden_seconds: NDArray[np.float64], plan: Plan) -> float:
    """Seconds that a mutant runs, where its answers differ.

    Its kernel's launches run once under each fill pattern, every later launch once; of a mutant of
    a graph, all of them.
    """
    by_launch = golden_seconds.sum(axis=0)
    if mutant.stage in GRAPH_STAGES:
        return float(by_launch.sum())
    own = {part.function for part in mutant.first_order}
    mutated = [index for index, launch in enumerate(plan.launches) if launch.kernel in own]
    if not mutated:
        return 0.0
    return float(by_launch[mutated].sum() + by_launch[mutated[0] :].sum())


def spread(mutants: Sequence[Mutant], most: int = PROBED) -> list[Mutant]:
    """So many mutants from all over the manifest, the same every time."""
    step = max(1, len(mutants) // most)
    return list(mutants[::step][:most])
