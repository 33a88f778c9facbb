"""Where everything lies in the memory that the runner shares."""

from __future__ import annotations

import dataclasses

from mutatenn.device import records
from mutatenn.lowering.plan import Plan

ALIGNMENT = 64
WRITE_CAPACITY = 4096
FLAG_CAPACITY = 65536


@dataclasses.dataclass(frozen=True)
class OutputPlace:
    """Offsets of a model output's row 0: golden in the cache, A and B in the results."""

    buffer: int
    golden: int
    a: int
    b: int


@dataclasses.dataclass(frozen=True)
class Layout:
    """Offsets and sizes in bytes."""

    rows: int
    rows_cached: int
    buffers: tuple[int, ...]
    """Per buffer: offset in the inputs, the weights or a cached row, by its role."""
    inputs_size: int
    weights_size: int
    seconds: int
    activations: int
    row_stride: int
    cache_size: int
    row_records: int
    write_records: int
    flags: int
    steps: int
    results_size: int
    outputs: tuple[OutputPlace, ...]
    """Of the plan's distinct outputs that are activations."""


class _Cursor:
    """Hands out aligned places one after another."""

    def __init__(self, size: int = 0) -> None:
        self.size = size

    def take(self, nbytes: int) -> int:
        begin = -(-self.size // ALIGNMENT) * ALIGNMENT
        self.size = begin + nbytes
        return begin


def lay_out(plan: Plan, rows: int, cache_mb: int) -> Layout:
    """Place a plan's data for ``rows`` rows, keeping at most ``cache_mb`` MiB of activations."""
    ends = {"input": _Cursor(), "weight": _Cursor(), "activation": _Cursor()}
    offsets = []
    for buffer in plan.buffers:
        nbytes = buffer.nbytes * (rows if buffer.role == "input" else 1)
        offsets.append(ends[buffer.role].take(nbytes))
    row_stride = -(-ends["activation"].size // ALIGNMENT) * ALIGNMENT
    rows_cached = min(rows, (cache_mb << 20) // row_stride) if row_stride else rows

    cache = _Cursor(records.CACHE_HEADER_BYTES)
    seconds = cache.take(8 * rows * len(plan.launches))
    results = _Cursor(records.HEADER.itemsize)
    row_records = results.take(records.ROW.itemsize * rows)
    write_records = results.take(records.WRITE.itemsize * WRITE_CAPACITY)
    flags = results.take(4 * FLAG_CAPACITY)
    steps = results.take(8 * len(plan.launches))
    outputs = []
    for buffer_id in dict.fromkeys(plan.outputs):
        buffer = plan.buffers[buffer_id]
        if buffer.role == "activation":
            size = buffer.nbytes * rows
            places = (cache.take(size), results.take(size), results.take(size))
            outputs.append(OutputPlace(buffer_id, *places))
    activations = cache.take(row_stride * rows_cached)
    return Layout(
        rows=rows,
        rows_cached=rows_cached,
        buffers=tuple(offsets),
        inputs_size=ends["input"].size,
        weights_size=ends["weight"].size,
        seconds=seconds,
        activations=activations,
        row_stride=row_stride,
        cache_size=cache.size,
        row_records=row_records,
        write_records=write_records,
        flags=flags,
        steps=steps,
        results_size=results.size,
        outputs=tuple(outputs),
    )
