"""Checks that rows of inputs and weights are what a plan asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.lowering.plan import Plan, np_dtype


def check_rows(plan: Plan, rows: Sequence[NDArray[Any]]) -> int:
    """The number of rows, after checking each array against its buffer.

    Raises:
        InputError: number of arrays, shape, dtype or number of rows is wrong.
    """
    if len(rows) != len(plan.inputs):
        raise InputError(f"the plan has {len(plan.inputs)} inputs but {len(rows)} arrays are given")
    for buffer_id, array in zip(plan.inputs, rows, strict=True):
        buffer = plan.buffers[buffer_id]
        if tuple(array.shape[1:]) != buffer.shape or array.dtype != np_dtype(buffer.dtype):
            raise InputError(
                f"input {buffer.name} wants rows of {buffer.dtype}{list(buffer.shape)} "
                f"but is given {array.dtype}{list(array.shape[1:])}"
            )
    counts = {len(array) for array in rows}
    if len(counts) > 1:
        raise InputError(f"the inputs have different numbers of rows: {sorted(counts)}")
    if counts in (set(), {0}):
        raise InputError("there are no rows of inputs; give at least one")
    return counts.pop()


def check_weights(plan: Plan, weights: Mapping[int, NDArray[Any]]) -> None:
    """Check each weight against its buffer.

    Raises:
        InputError: a weight is missing, or of another shape or dtype.
    """
    wanted = {buffer.id for buffer in plan.buffers if buffer.role == "weight"}
    if wanted != set(weights):
        odd = min(wanted ^ set(weights))
        raise InputError(f"buffer {odd} is a weight in the plan or in the weights, but not in both")
    for buffer_id, array in weights.items():
        buffer = plan.buffers[buffer_id]
        if tuple(array.shape) != buffer.shape or array.dtype != np_dtype(buffer.dtype):
            raise InputError(
                f"weight {buffer.name} wants {buffer.dtype}{list(buffer.shape)} but is given "
                f"{array.dtype}{list(array.shape)}"
            )
