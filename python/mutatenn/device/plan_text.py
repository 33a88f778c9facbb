"""The plan in the words that the runner reads; ``plan.h`` holds the grammar."""

from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

import tvm_ffi

from mutatenn.device import records
from mutatenn.device.layout import FLAG_CAPACITY, WRITE_CAPACITY, Layout
from mutatenn.device.limits import Limits
from mutatenn.lowering.plan import Plan


def plan_text(
    plan: Plan,
    layout: Layout,
    kernels: Mapping[str, Path],
    limits: Limits,
    guard_bytes: int,
    oob: str,
) -> str:
    """Write the plan down; ``kernels`` gives the shared object of each kernel."""
    return "\n".join(_lines(plan, layout, kernels, limits, guard_bytes, oob)) + "\n"


def encode_path(path: Path) -> str:
    """One token without white space for any path."""
    return urllib.parse.quote(os.fsencode(path.absolute()))


def _lines(
    plan: Plan,
    layout: Layout,
    kernels: Mapping[str, Path],
    limits: Limits,
    guard_bytes: int,
    oob: str,
) -> Iterator[str]:
    yield f"mutatenn-plan {records.PROTOCOL_VERSION}"
    yield f"rows {layout.rows} rows_cached {layout.rows_cached}"
    yield f"guard_bytes {guard_bytes} oob {oob}"
    yield f"floor_ms {limits.floor_ms} factor {limits.factor!r}"
    yield f"memory_mb {limits.memory_mb} golden_ms {limits.golden_ms}"
    yield f"total_ms {limits.total_ms or 0}"
    yield f"seconds {layout.seconds} activations {layout.activations} {layout.row_stride}"
    yield f"row_records {layout.row_records}"
    yield f"write_records {layout.write_records} {WRITE_CAPACITY}"
    yield f"flags {layout.flags} {FLAG_CAPACITY}"
    yield f"steps {layout.steps}"
    yield f"buffers {len(plan.buffers)}"
    for buffer, offset in zip(plan.buffers, layout.buffers, strict=True):
        dtype = tvm_ffi.dtype(buffer.dtype)
        head = f"buffer {buffer.role} {buffer.nbytes} {offset}"
        kind = f"{dtype.type_code} {dtype.bits} {dtype.lanes}"
        yield " ".join([head, kind, str(len(buffer.shape)), *map(str, buffer.shape)])
    yield f"kernels {len(plan.kernels)}"
    for name in plan.kernels:
        yield f"kernel {urllib.parse.quote(name)} {encode_path(kernels[name])}"
    yield f"launches {len(plan.launches)}"
    for launch in plan.launches:
        ids = map(str, (*launch.inputs, *launch.outputs))
        counts = f"{len(launch.inputs)} {len(launch.outputs)}"
        yield " ".join([f"launch {plan.kernels.index(launch.kernel)} {counts}", *ids])
    yield f"outputs {len(layout.outputs)}"
    for place in layout.outputs:
        yield f"output {place.buffer} {place.golden} {place.a} {place.b}"
