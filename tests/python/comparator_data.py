"""Pairs of buffers for the comparators' tests: random bits, values close together, planted ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.comparison_record import FLOATS, INTEGERS, element_bytes

Bits = NDArray[Any]

TYPES = (*FLOATS, *INTEGERS)
SIZES = (0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 127, 1000, 4097)
DIGITS = {"float64": 52, "float32": 23, "bfloat16": 7, "float16": 10}
"""Fraction bits of each float type."""


def special_bits(name: str) -> list[int]:
    """Values where rules change: zeros, denormals, limits, infinities, NaN of several payloads."""
    width = 8 * element_bytes(name)
    sign = 1 << (width - 1)
    if name not in FLOATS:
        return [0, 1, 2, sign - 1, sign, sign + 1, 2 * sign - 1, 2 * sign - 2]
    digits = DIGITS[name]
    infinity = (sign - 1) >> digits << digits
    tiny, one = 1 << digits, (infinity >> 1) >> digits << digits
    near = [0, 1, 2, tiny - 1, tiny, tiny + 1, 24 * tiny % infinity, one, one + 1, infinity - 1]
    nans = [infinity + 1, infinity + tiny // 2, infinity + tiny // 2 + 1, sign - 1]
    return [each | negative for each in [*near, infinity, *nans] for negative in (0, sign)]


def random_pair(name: str, count: int, seed: int) -> tuple[Bits, Bits]:
    """Bits of golden and mutant: whole buffers of one sort, or a mixture of all."""
    rng = np.random.default_rng(seed)
    kind = np.dtype(f"<u{element_bytes(name)}")
    a = rng.integers(0, 1 << (8 * kind.itemsize), count, dtype=np.uint64).astype(kind)
    special = np.array(special_bits(name), np.uint64).astype(kind)
    sort = rng.integers(0, 4)
    if name in FLOATS and sort < 2:  # no NaN and nothing infinite, or small numbers alone
        drop = 2 if sort else min(4, 6 - 2 * (name == "float16"))
        digits = DIGITS[name]
        high = ((1 << (8 * kind.itemsize - 1 - digits)) - 1) << digits
        a &= ~kind.type(high & ~(high >> drop))
    if sort == 3:
        places = rng.random(count) < 0.3
        a[places] = rng.choice(special, int(places.sum()))
    b = a.copy()
    moved = rng.random(count) < rng.choice([0.0, 0.01, 0.5, 1.0])
    by = np.uint64(1) << rng.integers(0, 8 * kind.itemsize, count, dtype=np.uint64)
    by[rng.random(count) < 0.5] = 1
    b[moved] ^= by.astype(kind)[moved]
    if sort == 3:
        places = rng.random(count) < 0.1
        b[places] = rng.choice(special, int(places.sum()))
    if sort == 2 and count:
        a[rng.random(count) < 0.5] = a[0]  # ties
        b[rng.random(count) < 0.2] = b[0]
    return a, b


def large_pair(name: str, count: int) -> tuple[Bits, Bits]:
    """Values as a model has them, a part of them moved a little, specials planted among them."""
    rng = np.random.default_rng(count)
    kind = np.dtype(f"<u{element_bytes(name)}")
    if name in FLOATS:
        values = rng.standard_normal(count, np.float32)
        values[rng.random(count, np.float32) < 0.3] = 0
        made = values.view(np.uint32) if name in ("float32", "bfloat16") else values.astype(name)
        a = (made >> np.uint32(16)).astype(kind) if name == "bfloat16" else made.view(kind)
    else:
        a = rng.integers(0, 1 << (8 * kind.itemsize), count, dtype=kind)
    b = a.copy()
    moved = rng.integers(0, count, count // 3)
    b[moved] ^= (np.uint64(1) << rng.integers(0, 5, moved.size, dtype=np.uint64)).astype(kind)
    special = np.array(special_bits(name), np.uint64).astype(kind)
    for side in (a, b):
        side[rng.integers(0, count, 1000)] = rng.choice(special, 1000)
    return a, b
