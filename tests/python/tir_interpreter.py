"""What flat integer kernels do, step by step in Python: a yardstick for proofs about them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from tvm import ir, tirx
from tvm.s_tir import SBlock, SBlockRealize

Step = tuple[str, str, int]
"""``read`` or ``write``, the buffer, and the element."""


class UndefinedError(Exception):
    """A division by zero, or a number beyond 32 bits."""


def trace(func: Any) -> list[Step]:
    """Every access of a kernel, in order; a statement that is undefined leaves no trace."""
    return list(_run(func.body, {}))


def _run(stmt: Any, known: dict[str, int]) -> Iterator[Step]:
    if isinstance(stmt, tirx.SeqStmt):
        for one in stmt.seq:
            yield from _run(one, known)
    elif isinstance(stmt, tirx.For):
        first = value_of(stmt.min, known)
        for number in range(first, first + value_of(stmt.extent, known)):
            yield from _run(stmt.body, {**known, stmt.loop_var.name: number})
    elif isinstance(stmt, SBlockRealize | SBlock):
        yield from _run(stmt.block if isinstance(stmt, SBlockRealize) else stmt.body, known)
    else:
        try:
            steps = list(_statement(stmt, known))
        except UndefinedError:
            return
        yield from steps


def _statement(stmt: Any, known: dict[str, int]) -> Iterator[Step]:
    if isinstance(stmt, tirx.IfThenElse):
        if value_of(stmt.condition, known):
            yield from _run(stmt.then_case, known)
        elif stmt.else_case is not None:
            yield from _run(stmt.else_case, known)
    elif not isinstance(stmt, tirx.Evaluate):
        assert isinstance(stmt, tirx.BufferStore), type(stmt)
        place = value_of(stmt.indices[0], known)
        yield from _reads(stmt.value, known)
        yield "write", stmt.buffer.name, place


def _reads(value: Any, known: dict[str, int]) -> Iterator[Step]:
    if isinstance(value, ir.TensorLoad):
        yield "read", value.source.name, value_of(value.indices[0], known)
    elif isinstance(value, ir.Call) and value.op.name == "prim.if_then_else":
        condition, yes, no = value.args
        yield from _reads(yes if value_of(condition, known) else no, known)
    elif isinstance(value, tirx.Cast | tirx.Let):
        # The body of a rounding's let speaks of its variable alone.
        yield from _reads(value.value, known)
    elif hasattr(value, "a"):
        yield from _reads(value.a, known)
        yield from _reads(value.b, known)


def value_of(expr: Any, known: dict[str, int]) -> int:
    """An integer expression where variables are what ``known`` says.

    Raises:
        UndefinedError: it has no value there.
    """
    if isinstance(expr, tirx.IntImm):
        return int(expr.value)
    if isinstance(expr, ir.Var):
        return known[expr.name]
    if isinstance(expr, tirx.Cast):
        bits = int(str(expr.ty.dtype).rpartition("int")[2])
        wrapped = value_of(expr.value, known) % (1 << bits)
        signed = not str(expr.ty.dtype).startswith("u")
        return wrapped - (1 << bits) if signed and wrapped >> (bits - 1) else wrapped
    if isinstance(expr, tirx.Not):
        return int(not value_of(expr.a, known))
    a, b = value_of(expr.a, known), value_of(expr.b, known)
    if type(expr) in _DIVISIONS and b == 0:
        raise UndefinedError
    number = int({**_PLAIN, **_DIVISIONS}[type(expr)](a, b))
    if not -(2**31) <= number < 2**31:
        raise UndefinedError
    return number


_PLAIN: dict[type, Callable[[int, int], int]] = {
    tirx.Add: operator.add,
    tirx.Sub: operator.sub,
    tirx.Mul: operator.mul,
    tirx.Min: min,
    tirx.Max: max,
    tirx.LT: operator.lt,
    tirx.LE: operator.le,
    tirx.GT: operator.gt,
    tirx.GE: operator.ge,
    tirx.EQ: operator.eq,
    tirx.NE: operator.ne,
    tirx.And: lambda a, b: bool(a) and bool(b),
    tirx.Or: lambda a, b: bool(a) or bool(b),
}
_DIVISIONS: dict[type, Callable[[int, int], int]] = {
    tirx.Div: lambda a, b: int(a / b),
    tirx.FloorDiv: operator.floordiv,
    tirx.FloorMod: operator.mod,
}
