"""The noise floor: how far the original's own answers differ from device to device."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from mutatenn.oracle.outputs import Outputs
from mutatenn.oracle.spread import Floor, floor_of, spread

Pair = tuple[str, str]
"""Two devices, in the campaign's order."""


def pairs(devices: Sequence[str]) -> list[Pair]:
    """All pairs of devices."""
    return list(itertools.combinations(devices, 2))


def noise_floors(golden: Mapping[str, Outputs], devices: Sequence[str]) -> dict[Pair, list[Floor]]:
    """A floor per model output for each pair of devices whose golden answers are known."""
    return {
        (one, other): [
            floor_of(spread(first, second))
            for first, second in zip(golden[one], golden[other], strict=True)
        ]
        for one, other in pairs([device for device in devices if device in golden])
    }
