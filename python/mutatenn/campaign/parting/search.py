"""Finds the first launch at which two devices differ by more than they do on the original."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from mutatenn.lowering.plan import Launch, Plan
from mutatenn.oracle.outputs import is_float
from mutatenn.oracle.spread import distances, magnitude

FACTOR = 8.0
"""How much more than the original's own difference is more than rounding.

A mutant's sums have other terms than the original's, and so another rounding; that of a sum in
another order varies by small factors from one set of terms to the next.
"""

Trace = Mapping[int, NDArray[Any]]
"""The values of each activation of a run on one input, by the buffer's id."""


@dataclasses.dataclass(frozen=True)
class Place:
    """An element in which two devices differ, in the first launch that has one.

    ``index`` counts the elements of the buffer; ``values`` are texts, since JSON knows no NaN.
    """

    launch: int
    kernel: str
    layers: tuple[str, ...]
    buffer: str
    index: int
    values: tuple[str, str]
    tolerance: float


def first_difference(
    plan: Plan, originals: tuple[Trace, Trace], mutants: tuple[Trace, Trace]
) -> Place | None:
    """The first launch, in the plan's order, at which a mutant's values differ beyond the noise.

    The tolerance at a buffer is ``FACTOR`` times the largest relative difference of the original's
    values there, and at least of one unit of rounding, times the largest magnitude of the mutant's
    values there. Of the elements beyond it, the farthest is given.

    Args:
        plan: whose launches both devices run.
        originals: what the original computes on either device, on the same input.
        mutants: what the mutant does.
    """
    for launch in plan.launches:
        for buffer in launch.outputs:
            if buffer not in mutants[0]:
                continue
            found = _difference(plan, launch, buffer, originals, mutants)
            if found is not None:
                return found
    return None


def tolerance(
    originals: tuple[NDArray[Any], NDArray[Any]], mutants: tuple[NDArray[Any], NDArray[Any]]
) -> float:
    """The difference at one buffer that counts as rounding, as ``first_difference`` says."""
    noise = float(distances(*originals).max(initial=0.0))
    scale = max(magnitude(values) for values in originals)
    relative = noise / scale if scale else (math.inf if noise else 0.0)
    dtype = mutants[0].dtype
    unit = float(ml_dtypes.finfo(dtype).eps) if is_float(dtype) else 0.0
    reach = max(magnitude(values) for values in mutants)
    return FACTOR * max(relative, unit) * reach if reach else 0.0


def _difference(
    plan: Plan,
    launch: Launch,
    buffer: int,
    originals: tuple[Trace, Trace],
    mutants: tuple[Trace, Trace],
) -> Place | None:
    values = mutants[0][buffer], mutants[1][buffer]
    allowed = tolerance((originals[0][buffer], originals[1][buffer]), values)
    apart = distances(*values).reshape(-1)
    if not apart.size or float(apart.max()) <= allowed:
        return None
    index = int(np.argmax(apart))
    told = [f"{float(one.reshape(-1)[index]):.9g}" for one in values]
    name = plan.buffers[buffer].name
    return Place(
        launch.index, launch.kernel, launch.layers, name, index, (told[0], told[1]), allowed
    )
