"""A variant beside the plan that it is compared with: buffers and launches, and their limits."""

from __future__ import annotations

import dataclasses

from mutatenn.device.evidence import Golden
from mutatenn.device.limits import Limits
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant


def combined_plan(plan: Plan, variant: Variant) -> Plan:
    """The plan with the variant's buffers and launches after its own, as devices count them."""
    own = tuple(
        dataclasses.replace(one.launch, index=len(plan.launches) + position)
        for position, one in enumerate(variant.launches)
    )
    return dataclasses.replace(
        plan, buffers=(*plan.buffers, *variant.buffers), launches=(*plan.launches, *own)
    )


def variant_limits_ms(variant: Variant, limits: Limits, golden: Golden) -> tuple[int, ...]:
    """Milliseconds for each launch: by its counterpart's time, or that of all launches together."""
    slowest = golden.seconds.max(axis=0)
    whole = float(golden.seconds.sum(axis=1).max())
    return tuple(
        limits.floor_ms
        + int(
            limits.factor
            * 1000
            * (whole if one.counterpart is None else float(slowest[one.counterpart]))
        )
        for one in variant.launches
    )
