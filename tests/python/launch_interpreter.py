"""What a launch of threads does, step by step in Python, in an order that a test chooses."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from tvm import ir, tirx

Threads = Iterator[str]
"""A thread yields ``step`` before each statement, ``barrier`` where it waits for its block."""

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    tirx.Add: operator.add,
    tirx.Sub: operator.sub,
    tirx.Mul: operator.mul,
    tirx.FloorDiv: operator.floordiv,
    tirx.FloorMod: operator.mod,
    tirx.LT: operator.lt,
    tirx.LE: operator.le,
    tirx.EQ: operator.eq,
    tirx.And: lambda a, b: bool(a and b),
}


def run_launch(func: Any, *arrays: Any, lockstep: bool = False) -> None:
    """Run a flat kernel of one launch; its buffers are the arrays, changed in place.

    Args:
        func: a PrimFunc whose body is one nest of axes; indices are one-dimensional.
        arrays: a NumPy array for each parameter.
        lockstep: threads of a block take turns at each statement; else each runs on until it ends
            or waits.

    Raises:
        IndexError: an access is outside its buffer.
    """
    memory = {str(p.name): a for p, a in zip(func.params, arrays, strict=True)}
    axes = extents_of(func.body)
    blocks = [tag for tag in axes if tag.startswith("blockIdx")]
    threads = [tag for tag in axes if tag.startswith("threadIdx")]
    for block in _points(blocks, axes):
        shared = dict(memory)
        running = [
            _run(func.body, {**block, **thread}, {}, shared) for thread in _points(threads, axes)
        ]
        while running:
            running = [each for each in running if _goes_on(each, lockstep)]


def extents_of(body: Any) -> dict[str, int]:
    """The extent of each axis of a launch, by name, the outermost first."""
    found: dict[str, int] = {}
    while isinstance(body, tirx.AttrStmt | tirx.SeqStmt):
        if isinstance(body, tirx.AttrStmt):
            found[str(body.node.thread_tag)] = int(body.value)
        body = body.body if isinstance(body, tirx.AttrStmt) else body.seq[-1]
    return found


def _points(tags: list[str], axes: dict[str, int]) -> list[dict[str, int]]:
    ranges = [range(axes[tag]) for tag in tags]
    return [dict(zip(tags, point, strict=True)) for point in itertools.product(*ranges)]


def _goes_on(thread: Threads, lockstep: bool) -> bool:
    return any(lockstep or event == "barrier" for event in thread)


def _run(
    stmt: Any, place: dict[str, int], known: dict[Any, Any], memory: dict[str, Any]
) -> Threads:
    if isinstance(stmt, tirx.SeqStmt):
        for each in stmt.seq:
            yield from _run(each, place, known, memory)
        return
    if isinstance(stmt, tirx.AttrStmt):
        known[stmt.node.var] = place[str(stmt.node.thread_tag)]
        yield from _run(stmt.body, place, known, memory)
        return
    if isinstance(stmt, tirx.AllocBuffer):
        memory.setdefault(str(stmt.buffer.name), np.zeros(int(stmt.buffer.shape[0]), "int64"))
        return
    if isinstance(stmt, tirx.IfThenElse):
        if _value(stmt.condition, known, memory):
            yield from _run(stmt.then_case, place, known, memory)
        return
    yield "step"
    if isinstance(stmt, tirx.Bind):
        known[stmt.var] = _value(stmt.value, known, memory)
    elif isinstance(stmt, tirx.BufferStore):
        value = _value(stmt.value, known, memory)
        yield "step"  # between what is read and what is written
        index = _index(stmt.indices, stmt.buffer, known, memory)
        memory[str(stmt.buffer.name)][index] = value
    elif isinstance(stmt, tirx.Evaluate) and isinstance(stmt.value, ir.Call):
        if str(stmt.value.op.name) == "tirx.tvm_storage_sync":
            yield "barrier"
        else:
            _value(stmt.value, known, memory)


def _value(expr: Any, known: dict[Any, Any], memory: dict[str, Any]) -> Any:
    if isinstance(expr, tirx.IntImm | tirx.FloatImm):
        return expr.value
    if isinstance(expr, tirx.Var):
        return known[expr]
    if isinstance(expr, ir.TensorLoad):
        return memory[str(expr.source.name)][_index(expr.indices, expr.source, known, memory)]
    if isinstance(expr, ir.Call):
        assert str(expr.op.name) == "tirx.cuda.atomic_add", expr
        load = expr.args[0].args[0]
        array = memory[str(load.source.name)]
        index = _index(load.indices, load.source, known, memory)
        before = array[index]
        array[index] = before + _value(expr.args[1], known, memory)
        return before
    a, b = (_value(each, known, memory) for each in (expr.a, expr.b))
    return _BINARY[type(expr)](a, b)


def _index(indices: Any, buffer: Any, known: dict[Any, Any], memory: dict[str, Any]) -> int:
    index = int(_value(indices[0], known, memory))
    if not 0 <= index < int(buffer.shape[0]):
        raise IndexError(f"{buffer.name}[{index}]")
    return index
