"""Reads and writes of a kernel, each with its scope and the memory that it means."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

from tvm import ir, tirx

from mutatenn.mutation.scope import Bound, Loop, Scope, children

_LEAVING = (tirx.While, tirx.Return, tirx.Break, tirx.Continue, tirx.AssertStmt)


@dataclasses.dataclass(frozen=True)
class Memory:
    """Memory of known size that nothing else lies in: a parameter's or a workspace's."""

    name: str
    bytes: int
    workspace: bool


@dataclasses.dataclass(frozen=True)
class Access:
    """One read or write of an element, or of a vector of them.

    ``strides`` are row-major, in elements; ``scope`` is what is known where it happens.
    """

    memory: Memory
    writes: bool
    indices: tuple[Any, ...]
    strides: tuple[int, ...]
    itemsize: int
    scope: Scope

    @property
    def signature(self) -> tuple[int, ...]:
        """The same for accesses of two living kernels that share all that decides on them."""
        parts: list[Any] = list(self.indices)
        for fact in self.scope:
            if isinstance(fact, Loop):
                parts += [fact.var, fact.min, fact.extent, fact.step]
            elif isinstance(fact, Bound):
                parts += [fact.var, fact.value]
            else:
                parts += [fact.condition, fact.holds]
        return (self.writes, self.memory.bytes, *map(hash, parts))


def accesses(func: Any) -> list[Access]:
    """The accesses of a kernel whose memory is known, in the order in which they are read.

    Workspaces of blocks are left out, since TVM shrinks them to what is used of them before they
    become memory; so are views with strides or an offset.

    Args:
        func: a PrimFunc of either stage.

    Returns:
        The accesses; none where a kernel may leave off early, since then an access need not
        happen although its loops and guards say so.
    """
    owners = {hash(var): memory for var in func.params if (memory := _memory(var, workspace=False))}
    found: list[Access] = []
    return found if _collect(func.body, (), owners, found) else []


def _collect(node: Any, scope: Scope, owners: dict[int, Memory], found: list[Access]) -> bool:
    """Gather the accesses below a node; whether the kernel never leaves off early."""
    if isinstance(node, _LEAVING):
        return False
    if isinstance(node, tirx.AllocBuffer):
        _own(owners, node.buffer, _memory(node.buffer, workspace=True))
    elif isinstance(node, tirx.DeclBuffer):
        _own(owners, node.buffer, _aliased(node.data, owners))
    elif isinstance(node, tirx.BufferStore | ir.TensorLoad):
        found += _access(node, scope, owners)
    address = isinstance(node, ir.Call) and str(getattr(node.op, "name", "")) == "tirx.address_of"
    for _, child, inside in children(node, scope):
        if address and isinstance(child, ir.TensorLoad):
            continue  # an address is no access
        if not _collect(child, inside, owners, found):
            return False
    return True


def _own(owners: dict[int, Memory], buffer: Any, memory: Memory | None) -> None:
    if memory is not None:
        owners[hash(buffer)] = memory


def _aliased(data: Any, owners: Mapping[int, Memory]) -> Memory | None:
    """The memory behind a view; ``data`` is the call that gives a buffer's address."""
    if isinstance(data, ir.Call) and str(getattr(data.op, "name", "")) == "tirx.buffer_data":
        return owners.get(hash(data.args[0]))
    return None


def _memory(buffer: Any, *, workspace: bool) -> Memory | None:
    shape = _shape(buffer)
    if shape is None:
        return None
    size = math.prod(shape) * int(buffer.ty.dtype.dtype.itemsize)
    return Memory(str(buffer.name), size, workspace)


def _shape(buffer: Any) -> list[int] | None:
    """Extents of a compact buffer that begins where its memory does; else ``None``."""
    kind = buffer.ty
    if not isinstance(kind, tirx.BufferType) or len(kind.strides):
        return None
    if not (isinstance(kind.elem_offset, tirx.IntImm) and int(kind.elem_offset) == 0):
        return None
    if not all(isinstance(extent, tirx.IntImm) for extent in kind.shape):
        return None
    return [int(extent) for extent in kind.shape]


def _access(node: Any, scope: Scope, owners: Mapping[int, Memory]) -> Iterator[Access]:
    writes = isinstance(node, tirx.BufferStore)
    buffer = node.buffer if writes else node.source
    memory, shape = owners.get(hash(buffer)), _shape(buffer) if _is_buffer(buffer) else None
    if memory is not None and shape is not None:
        strides = tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))
        size = int(buffer.ty.dtype.dtype.itemsize)
        yield Access(memory, writes, tuple(node.indices), strides, size, scope)


def _is_buffer(source: Any) -> bool:
    return isinstance(source.ty, tirx.BufferType)
