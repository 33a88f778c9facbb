"""Comparators on devices: their bandwidth as a share of the device's own copy bandwidth.

A copy reads a buffer and writes one, a comparison reads two: both move the same bytes, so that the
share is the ratio of their times, from issuing a call to its end, the record's way to the host
included.
Between golden and the mutant nothing differs, one element in a hundred, or all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import interleaved
from benchmarks.comparator_devices import devices
from benchmarks.result import Result
from mutatenn.errors import MissingToolError

SHARES = {"nothing differs": 0.0, "1 in 100 differs": 0.01, "all differ": 1.0}
TYPES = ("float32", "float16", "float64", "int8")


def measure(quick: bool) -> Result:
    """Time a copy and three comparisons by turns, for each device and element type.

    Raises:
        MissingToolError: there is no device.
    """
    found = devices()
    if not found:
        raise MissingToolError("there is nothing to compare on: install pyopencl or cupy")
    rounds, calls = (3, 1) if quick else (9, 2)
    samples: dict[str, list[float]] = {}
    ratios: dict[str, float] = {}
    figures: dict[str, float] = {}
    for device in found:
        size = 1 << 20 if quick else device.size
        for dtype in TYPES:
            case = f"{device.name} {dtype}, {size >> 20} MiB"
            golden = values(dtype, size)
            ways: dict[str, Callable[[], object]] = {}
            for name, share in SHARES.items():
                made = device.cases(golden, changed(golden, share))
                ways |= {"copy": made["copy"], name: made["compare"]}
            times = interleaved(ways, rounds, calls)
            samples |= {f"{case}, {name}": times[name] for name in ways}
            made_of = Result("", "", samples, {}, {})
            copy = made_of.median(f"{case}, copy")
            figures[f"{case}, copy GB/s"] = 2 * size / copy / 1e3
            for name in SHARES:
                ratios[f"{case}, {name}: share of copy"] = copy / made_of.median(f"{case}, {name}")
    return Result("comparators", "µs", samples, ratios, figures)


def values(dtype: str, size: int) -> NDArray[Any]:
    """``size`` bytes of ordinary numbers."""
    kind = np.dtype(dtype)
    rng = np.random.default_rng(0)
    if kind.kind == "i":
        return rng.integers(-100, 100, size // kind.itemsize, dtype=kind)
    return rng.standard_normal(size // kind.itemsize, np.float32).astype(kind)


def changed(golden: NDArray[Any], share: float) -> NDArray[Any]:
    """A copy in which about this share of the elements differs a little."""
    mutant = golden.copy()
    places = np.random.default_rng(1).random(golden.size, np.float32) < share
    mutant.view(f"u{golden.itemsize}")[places] ^= 5
    return mutant
