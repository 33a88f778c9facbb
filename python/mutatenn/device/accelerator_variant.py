"""A variant as a worker takes it."""

from __future__ import annotations

import dataclasses

from mutatenn.device.evidence import Golden
from mutatenn.device.limits import Limits
from mutatenn.device.portable.channel import Bytes, Message
from mutatenn.device.portable.scratch import as_bytes
from mutatenn.device.variant_plan import combined_plan, variant_limits_ms
from mutatenn.lowering.plan import Plan
from mutatenn.lowering.variant import Variant


@dataclasses.dataclass(frozen=True)
class VariantRequest:
    """A request, the bytes of the variant's own weights, and the limits of its launches."""

    plan: Plan
    """The plan with the variant's buffers and launches after its own."""
    message: Message
    weights: list[Bytes]
    limits_ms: tuple[int, ...]


def variant_request(variant: Variant, plan: Plan, limits: Limits, golden: Golden) -> VariantRequest:
    """Write a variant down; its kernels' files must stay until its run has ended."""
    combined = combined_plan(plan, variant)
    own = sorted(variant.weights)
    message = {
        "ask": "variant",
        "plan": combined.to_json(),
        "mutated": [one.mutated for one in variant.launches],
        "outputs": list(variant.outputs),
        "kernels": {name: str(path.absolute()) for name, path in variant.kernels.items()},
        "weights": own,
    }
    weights = [as_bytes(variant.weights[buffer]).reshape(-1) for buffer in own]
    return VariantRequest(combined, message, weights, variant_limits_ms(variant, limits, golden))
