"""Evaluating integer expressions at many points at once, exactly as the code would."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tvm import ir, tirx

from mutatenn.mutation.scope import is_if_then_else

Flags = NDArray[np.bool_]

TRUE: Flags = np.asarray(True)

_LARGEST = 1 << 62
"""64-bit arithmetic beyond this is not followed."""


class OpaqueError(Exception):
    """An expression cannot be followed: it reads memory, calls, or is no signed integer."""


@dataclasses.dataclass(frozen=True)
class Value:
    """Integers or booleans at points, and where evaluating them is defined.

    Axes: one for each loop of a ``Region``, then one of vector lanes; lengths of 1 broadcast.
    """

    numbers: NDArray[Any]
    defined: Flags


def evaluate(expr: Any, known: dict[int, Value]) -> Value:
    """An expression at points.

    Args:
        expr: an expression of signed integers and booleans, scalar or vector.
        known: the values of variables, by their hash.

    Raises:
        OpaqueError: it cannot be followed.
    """
    if isinstance(expr, ir.Var):
        if hash(expr) not in known:
            raise OpaqueError
        return known[hash(expr)]
    if is_if_then_else(expr):
        return _choice(*(evaluate(part, known) for part in expr.args), lazy=True)
    rule = _OPERATIONS.get(type(expr))
    if rule is not None:
        a, b = evaluate(expr.a, known), evaluate(expr.b, known)
        with np.errstate(all="ignore"):
            numbers, defined = rule(a.numbers, b.numbers)
        return _fitting(expr, numbers, a.defined & b.defined & defined)
    special = _SPECIAL.get(type(expr))
    if special is None:
        raise OpaqueError
    return special(expr, known)


def _constant(expr: Any, _known: dict[int, Value]) -> Value:
    return _fitting(expr, np.asarray(int(expr.value)), TRUE)


def _not(expr: Any, known: dict[int, Value]) -> Value:
    a = evaluate(expr.a, known)
    return Value(np.logical_not(a.numbers), a.defined)


def _cast(expr: Any, known: dict[int, Value]) -> Value:
    """Integers wrap round in a narrower type, signed or not."""
    a = evaluate(expr.value, known)
    numbers = a.numbers.astype(np.int64)
    sign, _, digits = str(expr.ty.dtype).partition("x")[0].partition("int")
    if sign not in ("", "u") or not digits.isdigit() or int(digits) > 32:
        return _fitting(expr, numbers, a.defined)
    bits = int(digits)
    wrapped = numbers & ((1 << bits) - 1)
    if not sign:
        wrapped -= (wrapped >> (bits - 1)) << bits
    return Value(wrapped, a.defined)


def _select(expr: Any, known: dict[int, Value]) -> Value:
    parts = (expr.condition, expr.true_value, expr.false_value)
    return _choice(*(evaluate(part, known) for part in parts), lazy=False)


def _broadcast(expr: Any, known: dict[int, Value]) -> Value:
    return evaluate(expr.value, known)


def _ramp(expr: Any, known: dict[int, Value]) -> Value:
    if not isinstance(expr.lanes, tirx.IntImm):
        raise OpaqueError
    base, stride = evaluate(expr.base, known), evaluate(expr.stride, known)
    offsets, defined = _product(stride.numbers, np.arange(int(expr.lanes)))
    return _fitting(expr, base.numbers + offsets, base.defined & stride.defined & defined)


_SPECIAL: dict[type, Callable[[Any, dict[int, Value]], Value]] = {
    tirx.IntImm: _constant,
    tirx.Not: _not,
    tirx.Cast: _cast,
    tirx.Select: _select,
    tirx.Broadcast: _broadcast,
    tirx.Ramp: _ramp,
}


def _choice(condition: Value, yes: Value, no: Value, *, lazy: bool) -> Value:
    taken = condition.numbers.astype(bool)
    both = np.where(taken, yes.defined, no.defined) if lazy else yes.defined & no.defined
    return Value(np.where(taken, yes.numbers, no.numbers), condition.defined & both)


def _fitting(expr: Any, numbers: NDArray[Any], defined: Flags) -> Value:
    """What an operation gives, undefined where that is beyond the expression's type.

    Raises:
        OpaqueError: the type is no signed integer and no boolean.
    """
    kind = str(expr.ty.dtype).partition("x")[0]
    if kind == "bool":
        return Value(numbers, defined)
    if not (kind.startswith("int") and kind[3:].isdigit()):
        raise OpaqueError
    bits = int(kind[3:])
    limit = _LARGEST if bits == 64 else 1 << (bits - 1)
    return Value(numbers, defined & (numbers >= -limit) & (numbers < limit))


_Rule = Callable[[NDArray[Any], NDArray[Any]], tuple[NDArray[Any], Flags]]


def _always(operation: Callable[..., Any]) -> _Rule:
    def rule(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[Any], Flags]:
        return operation(a, b), TRUE

    return rule


def _product(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[Any], Flags]:
    # In floating point an overflow cannot look like a small number.
    return a * b, np.abs(a.astype(float) * b) < _LARGEST


def _divided(operation: Callable[..., Any]) -> _Rule:
    def rule(a: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[Any], Flags]:
        return operation(a, np.where(b == 0, 1, b)), b != 0

    return rule


def _truncated(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    quotient: NDArray[Any] = np.abs(a) // np.abs(b) * np.sign(a) * np.sign(b)
    return quotient


_OPERATIONS: dict[type, _Rule] = {
    # Both operands are below 2 ** 62: a sum of two cannot overflow 64 bits.
    tirx.Add: _always(np.add),
    tirx.Sub: _always(np.subtract),
    tirx.Mul: _product,
    tirx.Div: _divided(_truncated),
    tirx.Mod: _divided(np.fmod),
    tirx.FloorDiv: _divided(np.floor_divide),
    tirx.FloorMod: _divided(np.mod),
    tirx.Min: _always(np.minimum),
    tirx.Max: _always(np.maximum),
    tirx.LT: _always(np.less),
    tirx.LE: _always(np.less_equal),
    tirx.GT: _always(np.greater),
    tirx.GE: _always(np.greater_equal),
    tirx.EQ: _always(np.equal),
    tirx.NE: _always(np.not_equal),
    tirx.And: _always(np.logical_and),
    tirx.Or: _always(np.logical_or),
}
