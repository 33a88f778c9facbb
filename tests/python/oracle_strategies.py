"""Answers as hypothesis draws them: all element types, ties, zeros of both signs, NaN, infinity."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

# No deadline: how long an example takes says nothing about its being right.
properties = settings(deadline=None, max_examples=100, derandomize=True)

FLOATS = [np.dtype(name) for name in ("float16", "float32", "float64", ml_dtypes.bfloat16)]
INTEGERS = [np.dtype(name) for name in ("bool", "int8", "uint8", "int32", "int64", "uint64")]

Pair = tuple[NDArray[Any], NDArray[Any]]


@st.composite
def _array(draw: st.DrawFn, dtype: np.dtype[Any], shape: tuple[int, ...], special: bool) -> Any:
    if dtype.kind in "biu":
        every = hnp.from_dtype(dtype)
        low = st.integers(0, 1 if dtype.kind == "b" else 5)
        return draw(hnp.arrays(dtype, shape, elements=st.one_of(low, every), fill=st.nothing()))
    few = st.sampled_from([-2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0])
    some = st.floats(-100, 100, width=16)
    odd = st.sampled_from([float("nan"), float("inf"), -float("inf")])
    elements = st.one_of(few, some, odd) if special else st.one_of(few, some)
    drawn = draw(hnp.arrays(np.float64, shape, elements=elements, fill=st.nothing()))
    return drawn.astype(dtype)


@st.composite
def pairs(
    draw: st.DrawFn,
    dtypes: list[np.dtype[Any]] = FLOATS + INTEGERS,
    special: bool = True,
    images: int = 1,
    least: int = 1,
) -> Pair:
    """Golden and answer of shape (rows, up to ``images``, at least ``least`` elements)."""
    dtype = draw(st.sampled_from(dtypes))
    shape = (
        draw(st.integers(0, 3)),
        draw(st.integers(1, images)),
        draw(st.integers(least, max(least, 9))),
    )
    golden = draw(_array(dtype, shape, special))
    answer = draw(_array(dtype, shape, special))
    kept = draw(hnp.arrays(np.bool_, shape))
    return golden, np.where(kept, golden, answer)


def numbers(array: NDArray[Any]) -> list[Any]:
    """The elements as Python's own numbers, exactly."""
    if array.dtype.kind in "biu":
        return [int(value) for value in array.ravel()]
    return [float(value) for value in array.ravel()]
