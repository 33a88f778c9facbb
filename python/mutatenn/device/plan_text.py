"""The plan in the words that the runner reads; ``plan.h`` holds the grammar."""

from __future__ import annotations

import dataclasses
import os
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

import tvm_ffi

from mutatenn.device import records
from mutatenn.device.layout import FLAG_CAPACITY, WRITE_CAPACITY, Layout
from mutatenn.device.limits import Limits
from mutatenn.lowering.plan import Launch, Plan


@dataclasses.dataclass(frozen=True)
class Variation:
    """Another program over a plan's data, as the runner takes it.

    ``plan`` holds the original's buffers and launches first, then what is the program's own;
    ``offsets`` are those of its own buffers, ``limits_ms`` those of its own launches.
    """

    plan: Plan
    mutated: tuple[bool, ...]
    outputs: tuple[int, ...]
    offsets: tuple[int, ...]
    limits_ms: tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class PlanText:
    """A plan with all that the runner must know of it; ``kernels`` gives their shared objects."""

    plan: Plan
    layout: Layout
    kernels: Mapping[str, Path]
    limits: Limits
    guard_bytes: int
    oob: str
    poison: bool = True

    def text(self) -> str:
        """The plan written down."""
        plan = self.plan
        return self._joined(plan, self.layout.buffers, self._originals(), "variant 0 0")

    def varied(self, variation: Variation, kernels: Mapping[str, Path]) -> str:
        """The plan with another program beside it.

        Args:
            variation: that program.
            kernels: the shared objects of kernels that only it launches, by names of their own.
        """
        mutated = zip(variation.mutated, variation.limits_ms, strict=True)
        both = {**self._originals(), **kernels}
        names = list(both)
        own = variation.plan.launches[len(self.plan.launches) :]
        lines = [f"variant {len(own)} {len(variation.outputs)}"]
        for (is_mutated, limit_ms), launch in zip(mutated, own, strict=True):
            word = "mutated" if is_mutated else "kept"
            lines.append(f"{word} {limit_ms} {_launch_line(launch, names)}")
        lines += [f"gives {buffer}" for buffer in variation.outputs]
        offsets = (*self.layout.buffers, *variation.offsets)
        return self._joined(variation.plan, offsets, both, "\n".join(lines))

    def _originals(self) -> dict[str, Path]:
        """In the plan's order: requests tell kernels by their index."""
        return {name: self.kernels[name] for name in self.plan.kernels}

    def _joined(
        self, plan: Plan, offsets: tuple[int, ...], kernels: Mapping[str, Path], end: str
    ) -> str:
        return "\n".join([*self._head(), *self._body(plan, offsets, kernels), end]) + "\n"

    def _head(self) -> Iterator[str]:
        layout, limits = self.layout, self.limits
        yield f"mutatenn-plan {records.PROTOCOL_VERSION}"
        yield f"rows {layout.rows} rows_cached {layout.rows_cached}"
        yield f"guard_bytes {self.guard_bytes} oob {self.oob} poison {int(self.poison)}"
        yield f"floor_ms {limits.floor_ms} factor {limits.factor!r}"
        yield f"memory_mb {limits.memory_mb} golden_ms {limits.golden_ms}"
        yield f"total_ms {limits.total_ms or 0}"
        yield f"seconds {layout.seconds} activations {layout.activations} {layout.row_stride}"
        yield f"row_records {layout.row_records}"
        yield f"write_records {layout.write_records} {WRITE_CAPACITY}"
        yield f"flags {layout.flags} {FLAG_CAPACITY}"
        yield f"steps {layout.steps}"

    def _body(
        self, plan: Plan, offsets: tuple[int, ...], kernels: Mapping[str, Path]
    ) -> Iterator[str]:
        yield f"buffers {len(plan.buffers)}"
        for buffer, offset in zip(plan.buffers, offsets, strict=True):
            dtype = tvm_ffi.dtype(buffer.dtype)
            head = f"buffer {buffer.role} {buffer.nbytes} {offset}"
            kind = f"{dtype.type_code} {dtype.bits} {dtype.lanes}"
            yield " ".join([head, kind, str(len(buffer.shape)), *map(str, buffer.shape)])
        yield f"kernels {len(kernels)}"
        for name, path in kernels.items():
            yield f"kernel {urllib.parse.quote(name)} {encode_path(path)}"
        launches = self.plan.launches
        names = list(kernels)
        yield f"launches {len(launches)}"
        for launch in launches:
            yield _launch_line(launch, names)
        yield f"outputs {len(self.layout.outputs)}"
        for place in self.layout.outputs:
            yield f"output {place.buffer} {place.golden} {place.a} {place.b}"


def encode_path(path: Path) -> str:
    """One token without white space for any path."""
    return urllib.parse.quote(os.fsencode(path.absolute()))


def _launch_line(launch: Launch, kernels: list[str]) -> str:
    ids = map(str, (*launch.inputs, *launch.outputs))
    counts = f"{len(launch.inputs)} {len(launch.outputs)}"
    return " ".join([f"launch {kernels.index(launch.kernel)} {counts}", *ids])
