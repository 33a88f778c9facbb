"""What is known where a place in a kernel is evaluated: its loops, bindings and guards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from tvm import ir, tirx
from tvm.s_tir import SBlock, SBlockRealize


@dataclasses.dataclass(frozen=True)
class Loop:
    """A variable that goes from ``min`` on to below ``min + extent``, in steps of 1 if ``None``."""

    var: Any
    min: Any
    extent: Any
    step: Any = None


@dataclasses.dataclass(frozen=True)
class Bound:
    """A variable that stands for ``value``; of a block's axis, with the ``domain`` declared."""

    var: Any
    value: Any
    domain: Any = None


@dataclasses.dataclass(frozen=True)
class Guard:
    """A condition that is ``holds`` where the place counts.

    ``skips`` says that the place is not evaluated elsewhere; without it, the place may be
    evaluated, but what it gives is thrown away.
    """

    condition: Any
    holds: bool
    skips: bool = True


Scope = tuple[Loop | Bound | Guard, ...]
"""Facts, outermost first: each may speak of the variables of those before it."""

Child = tuple[str, Any, Scope]
"""A step of a path, the node that it leads to, and the scope in which that is evaluated."""

_BINARY = (
    *(tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod),
    *(tirx.Min, tirx.Max, tirx.LT, tirx.LE, tirx.GT, tirx.GE, tirx.EQ, tirx.NE),
    *(tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor, tirx.LShift, tirx.RShift),
)
_FIELDS: dict[type, tuple[str, ...]] = {
    **dict.fromkeys(_BINARY, ("a", "b")),
    tirx.Not: ("a",),
    tirx.BitwiseNot: ("a",),
    tirx.Cast: ("value",),
    tirx.Ramp: ("base", "stride"),
    tirx.Broadcast: ("value",),
    tirx.Shuffle: ("vectors",),
    ir.TensorLoad: ("indices",),
    ir.Tuple: ("fields",),
    ir.TupleGetItem: ("tuple_value",),
    tirx.BufferStore: ("indices", "value"),
    tirx.Evaluate: ("value",),
    tirx.Bind: ("value",),
    tirx.AssertStmt: ("condition",),
    tirx.Return: ("value",),
}
"""Executed children of the nodes that add nothing to a scope."""


def scopes_along(func: Any, path: str) -> list[tuple[Any, Scope]]:
    """Every node from a PrimFunc's body to the end of a path, with its scope.

    Args:
        func: a PrimFunc.
        path: as ``Mutant.path``.

    Raises:
        ValueError: the path leads to nothing that is executed.
    """
    found: list[tuple[Any, Scope]] = [(func.body, ())]
    left = path
    while left:
        node, scope = found[-1]
        for step, child, inside in children(node, scope):
            if left.startswith(step) and left[len(step) :][:1] in ("", "."):
                found.append((child, inside))
                left = left[len(step) :]
                break
        else:
            raise ValueError(f"{path!r} leads to nothing that is executed, at {left!r}")
    return found


def children(node: Any, scope: Scope) -> Iterator[Child]:
    """The executed children of a node, in the order in which they are read.

    Args:
        node: a TIR statement or expression.
        scope: what is known where it is evaluated.
    """
    fields = _FIELDS.get(type(node))
    if fields is not None:
        for field in fields:
            yield from _held(field, getattr(node, field), scope)
    elif isinstance(node, ir.Call):
        yield from _arguments(node, scope)
    elif isinstance(node, tirx.SeqStmt):
        yield from _sequence(node, scope)
    elif type(node) in _SCOPING:
        yield from _SCOPING[type(node)](node, scope)


def _held(field: str, value: Any, scope: Scope) -> Iterator[Child]:
    if value is None:
        return
    if hasattr(value, "__len__"):
        for index, item in enumerate(value):
            yield f".{field}[{index}]", item, scope
    else:
        yield f".{field}", value, scope


def _arguments(call: Any, scope: Scope) -> Iterator[Child]:
    lazy = is_if_then_else(call)
    for index, argument in enumerate(call.args):
        guard = (Guard(call.args[0], index == 1),) if lazy and index else ()
        yield f".args[{index}]", argument, scope + guard


def is_if_then_else(node: Any) -> bool:
    """Whether a node is the call that evaluates one of two expressions only."""
    return isinstance(node, ir.Call) and str(getattr(node.op, "name", "")) == "prim.if_then_else"


def _sequence(node: Any, scope: Scope) -> Iterator[Child]:
    for index, statement in enumerate(node.seq):
        yield f".seq[{index}]", statement, scope
        if isinstance(statement, tirx.Bind):
            scope = (*scope, Bound(statement.var, statement.value))


def _loop(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".min", node.min, scope
    yield ".extent", node.extent, scope
    if node.step is not None:
        yield ".step", node.step, scope
    loop = Loop(node.loop_var, node.min, node.extent, node.step)
    yield ".body", node.body, (*scope, loop)


def _if(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".condition", node.condition, scope
    yield ".then_case", node.then_case, (*scope, Guard(node.condition, holds=True))
    if node.else_case is not None:
        yield ".else_case", node.else_case, (*scope, Guard(node.condition, holds=False))


def _while(node: Any, scope: Scope) -> Iterator[Child]:
    # The condition may have changed by the time the end of the body runs.
    yield ".condition", node.condition, scope
    yield ".body", node.body, scope


def _attribute(node: Any, scope: Scope) -> Iterator[Child]:
    if str(node.attr_key) == "thread_extent":
        zero = tirx.IntImm(str(node.value.ty.dtype), 0)
        scope = (*scope, Loop(node.node.var, zero, node.value))
    yield ".body", node.body, scope


def _realize(node: Any, scope: Scope) -> Iterator[Child]:
    for index, value in enumerate(node.iter_values):
        yield f".iter_values[{index}]", value, scope
    yield ".predicate", node.predicate, scope
    axes = tuple(
        Bound(axis.var, value, axis.dom)
        for axis, value in zip(node.block.iter_vars, node.iter_values, strict=True)
    )
    yield ".block", node.block, (*scope, Guard(node.predicate, holds=True), *axes)


def _block(node: Any, scope: Scope) -> Iterator[Child]:
    if node.init is not None:
        # TVM runs it where all axes of reduction stand at their beginning.
        first = tuple(
            Guard(tirx.EQ(axis.var, axis.dom.min), holds=True)
            for axis in node.iter_vars
            if axis.iter_type == tirx.IterVar.CommReduce
        )
        yield ".init", node.init, scope + first
    yield ".body", node.body, scope


def _select(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".condition", node.condition, scope
    yield ".true_value", node.true_value, (*scope, Guard(node.condition, True, skips=False))
    yield ".false_value", node.false_value, (*scope, Guard(node.condition, False, skips=False))


def _and(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".a", node.a, scope
    yield ".b", node.b, (*scope, Guard(node.a, True, skips=False))


def _or(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".a", node.a, scope
    yield ".b", node.b, (*scope, Guard(node.a, False, skips=False))


def _let(node: Any, scope: Scope) -> Iterator[Child]:
    yield ".value", node.value, scope
    yield ".body", node.body, (*scope, Bound(node.var, node.value))


_SCOPING = {
    tirx.For: _loop,
    tirx.IfThenElse: _if,
    tirx.While: _while,
    tirx.AttrStmt: _attribute,
    SBlockRealize: _realize,
    SBlock: _block,
    tirx.Select: _select,
    tirx.And: _and,
    tirx.Or: _or,
    tirx.Let: _let,
}
