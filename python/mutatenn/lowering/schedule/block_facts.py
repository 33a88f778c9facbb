"""What a schedule rule needs to know of a block, read from its structure, never from its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import tvm
import tvm_ffi
from tvm import s_tir, tirx
from tvm.sym.pattern import detect_linear_equation


@dataclasses.dataclass(frozen=True)
class Axis:
    """One iterator of a block: its variable, number of values, and whether it is summed over."""

    index: int
    var: Any
    extent: int
    reduces: bool


@dataclasses.dataclass(frozen=True)
class Access:
    """One load or store: the buffer and the index of each dimension."""

    buffer: Any
    indices: tuple[Any, ...]

    def uses(self, axis: Axis) -> bool:
        """Whether the place depends on an axis."""
        return any(_mentions(index, axis.var) for index in self.indices)

    def run(self, axis: Axis) -> int:
        """How many values of an axis lie side by side in the buffer: 0 for none, else up to all.

        An axis in blocks, ``buffer[axis // 16, ..., axis % 16]``, has runs of 16.
        """
        *outer, last = self.indices
        used_before = [index for index in outer if _mentions(index, axis.var)]
        if not used_before and self.stride(axis) == 1:
            return axis.extent
        size = _divisor_of(last, axis, tirx.FloorMod)
        blocks = [_divisor_of(index, axis, tirx.FloorDiv) == size for index in used_before]
        return size if size and all(blocks) else 0

    def stride(self, axis: Axis) -> int | None:
        """How far the next value of an axis is in the last dimension; ``None`` if it varies."""
        linear = detect_linear_equation(self.indices[-1], [axis.var])
        if not linear or not isinstance(linear[0], tirx.IntImm):
            return None
        return int(linear[0])


def _divisor_of(index: Any, axis: Axis, kind: Any) -> int:
    """The constant by which an index divides an axis; 0 if it is no such division."""
    if not isinstance(index, kind) or not index.a.same_as(axis.var):
        return 0
    return int(index.b) if isinstance(index.b, tirx.IntImm) else 0


class Facts:
    """A block of a schedule, with its axes and its accesses."""

    def __init__(self, sch: s_tir.Schedule, block: Any) -> None:
        self.block = block
        realized = sch.get(block)
        self.name = str(realized.name_hint)
        self.axes = tuple(
            Axis(number, each.var, _extent(each.dom.extent), each.iter_type == _REDUCE)
            for number, each in enumerate(realized.iter_vars)
        )
        self.store = _store(realized.body)
        self.loads: tuple[Access, ...] = () if self.store is None else _loads(self.store.value)
        self.is_reduction = any(axis.reduces for axis in self.axes) and realized.init is not None
        self.is_static = all(axis.extent > 0 for axis in self.axes)

    @property
    def write(self) -> Access:
        """Where the block writes."""
        assert self.store is not None
        return Access(self.store.buffer, tuple(self.store.indices))

    @property
    def reads(self) -> tuple[Access, ...]:
        """What the block loads, other than the element that it adds to."""
        own = self.write.buffer
        return tuple(load for load in self.loads if not load.buffer.same_as(own))

    @property
    def work(self) -> int:
        """How often the body runs."""
        count = 1
        for axis in self.axes:
            count *= max(axis.extent, 1)
        return count

    @property
    def has_guard(self) -> bool:
        """Whether what is stored depends on a condition on the place, as in padding."""
        return self.store is not None and bool(_guards(self.store.value))

    def guard_uses(self, axis: Axis) -> bool:
        """Whether such a condition depends on an axis."""
        return self.store is not None and any(
            _mentions(guard, axis.var) for guard in _guards(self.store.value)
        )

    @property
    def is_injective(self) -> bool:
        """Whether each element is written once, from values known before."""
        return not any(axis.reduces for axis in self.axes) and self.store is not None


_REDUCE = 2


def _extent(extent: Any) -> int:
    return int(extent) if isinstance(extent, tirx.IntImm) else -1


def _store(body: Any) -> Any | None:
    return body if isinstance(body, tirx.BufferStore) else None


def _loads(expr: Any) -> tuple[Access, ...]:
    found: list[Access] = []
    for load in _nodes(expr, tvm.ir.TensorLoad):
        found.append(Access(load.source, tuple(load.indices)))
    return tuple(found)


def _guards(expr: Any) -> list[Any]:
    """The conditions of the conditional expressions in an expression."""
    return [
        call.args[0]
        for call in _nodes(expr, tvm.ir.Call)
        if isinstance(call.op, tvm.ir.Op) and call.op.name == "prim.if_then_else"
    ]


def _mentions(expr: Any, var: Any) -> bool:
    return any(node.same_as(var) for node in _nodes(expr, tirx.Var))


def _nodes(expr: Any, kind: type) -> list[Any]:
    found: list[Any] = []
    tvm_ffi.structural_walk(expr, (kind, found.append), order="post")
    return found


def axes_of(indices: Sequence[Any], axes: Sequence[Axis]) -> list[Axis | None]:
    """For each index the axis that it is, or ``None`` where it is something else."""
    return [next((a for a in axes if index.same_as(a.var)), None) for index in indices]
