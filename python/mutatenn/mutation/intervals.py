"""Bounds of integer expressions where no operation can overflow or divide by zero."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tvm import ir, tirx

from mutatenn.mutation.scope import Guard, Loop, Scope, is_if_then_else

Interval = tuple[int, int]
"""Least and greatest value."""


def domain_of(expr: Any) -> Interval | None:
    """All values of a type: signed scalar integers and booleans only, else ``None``."""
    kind = str(expr.ty.dtype) if isinstance(expr.ty, ir.PrimType) else ""
    if kind == "bool":
        return 0, 1
    if kind.startswith("int") and kind[3:].isdigit():
        half = 1 << (int(kind[3:]) - 1)
        return -half, half - 1
    return None


class Intervals:
    """Bounds of expressions in a scope, whose guards are not used.

    A bound that is found also says that evaluating the expression is defined everywhere: every
    operation stays within its type and no divisor is zero.
    """

    def __init__(self, scope: Scope) -> None:
        """Find the bounds of the variables that the scope speaks of."""
        self._known: dict[int, Interval] = {}
        for fact in scope:
            if isinstance(fact, Guard):
                continue
            interval = self._of_loop(fact) if isinstance(fact, Loop) else self.of(fact.value)
            if interval is not None:
                self._known[hash(fact.var)] = interval

    def _of_loop(self, loop: Loop) -> Interval | None:
        start, extent = self.of(loop.min), self.of(loop.extent)
        if start is None or extent is None or loop.step is not None:
            return None
        return _within(loop.var, (start[0], max(start[0], start[1] + extent[1] - 1)))

    def of(self, expr: Any) -> Interval | None:
        """Bounds of an expression; ``None`` if it may be undefined, or is not understood."""
        if isinstance(expr, tirx.IntImm):
            return int(expr.value), int(expr.value)
        if isinstance(expr, ir.Var):
            return self._known.get(hash(expr), domain_of(expr))
        return _within(expr, self._of_operation(expr))

    def _of_operation(self, expr: Any) -> Interval | None:
        rule = _RULES.get(type(expr))
        if rule is not None:
            a, b = self.of(expr.a), self.of(expr.b)
            return None if a is None or b is None else rule(a, b)
        if isinstance(expr, tirx.Not):
            return None if self.of(expr.a) is None else (0, 1)
        if isinstance(expr, tirx.Cast):
            return self.of(expr.value)
        if isinstance(expr, tirx.Select):
            return self._choice(expr.condition, expr.true_value, expr.false_value)
        if is_if_then_else(expr):
            return self._choice(*expr.args)
        return None

    def _choice(self, condition: Any, yes: Any, no: Any) -> Interval | None:
        a, b = self.of(yes), self.of(no)
        if self.of(condition) is None or a is None or b is None:
            return None
        return min(a[0], b[0]), max(a[1], b[1])


def _within(expr: Any, interval: Interval | None) -> Interval | None:
    """The interval if it lies in the type of the expression."""
    domain = domain_of(expr)
    if interval is None or domain is None:
        return None
    return interval if domain[0] <= interval[0] and interval[1] <= domain[1] else None


def _corners(a: Interval, b: Interval, operation: Callable[[int, int], int]) -> Interval:
    """Of an operation that is monotone in each operand."""
    values = [operation(x, y) for x, y in itertools.product(a, b)]
    return min(values), max(values)


def _truncated(x: int, y: int) -> int:
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def _quotient(a: Interval, b: Interval, operation: Callable[[int, int], int]) -> Interval | None:
    return None if b[0] <= 0 <= b[1] else _corners(a, b, operation)


def _remainder(a: Interval, b: Interval, *, floor: bool) -> Interval | None:
    if b[0] <= 0 <= b[1]:
        return None
    largest = max(abs(b[0]), abs(b[1])) - 1
    # A floor remainder has the divisor's sign, a truncated one the dividend's.
    sign = b if floor else a
    return (-largest if sign[0] < 0 else 0), (largest if sign[1] > 0 else 0)


def _truth(_a: Interval, _b: Interval) -> Interval:
    return 0, 1


_RULES: dict[type, Callable[[Interval, Interval], Interval | None]] = {
    tirx.Add: lambda a, b: (a[0] + b[0], a[1] + b[1]),
    tirx.Sub: lambda a, b: (a[0] - b[1], a[1] - b[0]),
    tirx.Mul: lambda a, b: _corners(a, b, lambda x, y: x * y),
    tirx.Div: lambda a, b: _quotient(a, b, _truncated),
    tirx.FloorDiv: lambda a, b: _quotient(a, b, lambda x, y: x // y),
    tirx.Mod: lambda a, b: _remainder(a, b, floor=False),
    tirx.FloorMod: lambda a, b: _remainder(a, b, floor=True),
    tirx.Min: lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    tirx.Max: lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    **dict.fromkeys(
        (tirx.LT, tirx.LE, tirx.GT, tirx.GE, tirx.EQ, tirx.NE, tirx.And, tirx.Or), _truth
    ),
}
