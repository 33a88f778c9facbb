"""How many steps a launch of a counted mutant may take."""

from __future__ import annotations

from mutatenn.mutation.trip_count import SUSPICIOUS

LEAST_STEPS = 10_000
"""Original launches that take fewer steps count as if they took so many.

A million steps last some milliseconds: nothing that ends before is a hang, whatever the ratio.
"""
MOST_STEPS = 2**55
"""The runner counts no farther; nothing counts so far in a lifetime."""


def step_limit(steps: int) -> int:
    """Steps that a launch of a mutant may take before it is proved a hang.

    Args:
        steps: the most that the original's launch takes on any row.
    """
    return min(SUSPICIOUS * max(steps, LEAST_STEPS), MOST_STEPS)
