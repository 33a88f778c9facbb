"""Measures how a launch's outputs differ from golden, where both lie."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from mutatenn.device.evidence import BufferDifference, LaunchDifference
from mutatenn.device.portable.accelerator import OutOfMemory, Place, Refused
from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.comparison_record import Incomparable, element_bytes
from mutatenn.device.portable.machine import Machine


def measure_buffers(
    machine: Machine, golden: Iterable[tuple[int, Place]]
) -> tuple[BufferDifference, ...]:
    """Compare what slots hold with golden; buffers that the device cannot compare are left out.

    Args:
        machine: what it is done on.
        golden: ids of buffers of the plan, each with where its golden data lies.

    Raises:
        LaunchFailed: the device reported an error.
    """
    found = []
    for buffer, place in golden:
        dtype = machine.plan.buffers[buffer].dtype
        held = machine.slots[buffer].data
        try:
            elements = machine.slots.nbytes(buffer) // element_bytes(dtype)
            comparison = machine.accelerator.compare(place, held, dtype, elements)
        except Incomparable:
            continue
        except (Refused, OutOfMemory) as error:
            # Not to be taken for the mutant's.
            raise RuntimeError(f"buffer {buffer} cannot be compared: {error}") from error
        found.append(_difference(buffer, elements, comparison))
    return tuple(found)


def _difference(buffer: int, elements: int, comparison: Comparison) -> BufferDifference:
    golden, mutant = comparison.golden, comparison.mutant
    specials = golden.special, mutant.special
    first, second = (one.positive_infinity + one.negative_infinity for one in specials)
    return BufferDifference(
        buffer,
        comparison.differing,
        elements,
        comparison.max_abs_error,
        comparison.abs_index,
        comparison.max_rel_error,
        (golden.special.nan, mutant.special.nan),
        (first, second),
        comparison.ulp,
        (golden.checksum, mutant.checksum),
    )


def difference_from_json(data: dict[str, Any]) -> LaunchDifference:
    """What ``dataclasses.asdict`` gave, after JSON.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    buffers = tuple(_buffer_from_json(one) for one in data["buffers"])
    return LaunchDifference(operator.index(data["row"]), operator.index(data["launch"]), buffers)


def _buffer_from_json(data: dict[str, Any]) -> BufferDifference:
    index = data["max_abs_index"]
    return BufferDifference(
        buffer=operator.index(data["buffer"]),
        differing=operator.index(data["differing"]),
        elements=operator.index(data["elements"]),
        max_abs=_number(data["max_abs"]),
        max_abs_index=None if index is None else operator.index(index),
        max_rel=float(_number(data["max_rel"])),
        nan=_pair(data["nan"]),
        infinite=_pair(data["infinite"]),
        ulp=tuple(map(operator.index, data["ulp"])),
        checksums=_pair(data["checksums"]),
    )


def _number(value: Any) -> float | int:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value


def _pair(values: Any) -> tuple[int, int]:
    golden, mutant = map(operator.index, values)
    return golden, mutant
