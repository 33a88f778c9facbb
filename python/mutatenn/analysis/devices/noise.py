"""The noise floor as the reports tell it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mutatenn.oracle import class_output
from mutatenn.oracle.floors import pairs
from mutatenn.oracle.outputs import Outputs
from mutatenn.oracle.spread import floor_of, spread, top1_differs


def noise_entries(golden: Mapping[str, Outputs], devices: Sequence[str]) -> list[dict[str, Any]]:
    """An entry for each pair of devices and each output of the model.

    ``absolute`` is the largest difference of two elements, ``relative`` the largest of an input
    over the largest magnitude of its output; ``null`` where an infinity or a NaN is on one side
    alone. ``bitwise_equal`` counts inputs, ``top1_differs`` those with another first class, and is
    ``null`` where the output holds no classes.
    """
    found = []
    for one, other in pairs([device for device in devices if device in golden]):
        classes = class_output([array.shape[1:] for array in golden[one]])
        for index, (first, second) in enumerate(zip(golden[one], golden[other], strict=True)):
            apart = spread(first, second)
            floor = floor_of(apart)
            top1 = None
            if classes == index:
                top1 = int(top1_differs(golden[one], golden[other], index).sum())
            found.append(
                {
                    "devices": [one, other],
                    "output": index,
                    "inputs": int(first.shape[0]),
                    "top1_differs": top1,
                    "absolute": finite(floor.absolute),
                    "relative": finite(floor.relative),
                    "bitwise_equal": int(apart.equal.sum()),
                }
            )
    return found


def finite(value: float) -> float | None:
    """The value, or ``None`` for what JSON cannot say."""
    return value if math.isfinite(value) else None
