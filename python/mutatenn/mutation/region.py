"""The points at which a place is evaluated: its loops' variables under its guards."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tvm import ir

from mutatenn.mutation.arithmetic import TRUE, Flags, OpaqueError, Value, evaluate
from mutatenn.mutation.intervals import Intervals
from mutatenn.mutation.scope import Bound, Guard, Loop, Scope, children

MOST = 1 << 15
"""Points that are looked at; of larger domains, the edges and points between them."""


@dataclasses.dataclass(frozen=True)
class Region:
    """Points of the loops around a place, those that its guards exclude left out.

    ``understood`` says that every loop has constant bounds and every guard can be followed, so
    that the place is evaluated at each point in ``holds``; ``complete`` that no point is missing.
    """

    loops: tuple[Loop, ...]
    known: dict[int, Value]
    holds: Flags
    understood: bool
    complete: bool

    @classmethod
    def around(cls, scope: Scope, expressions: Iterable[Any], most: int = MOST) -> Region:
        """The points that matter to some expressions evaluated in a scope.

        Raises:
            OpaqueError: there is no telling the values of a loop that matters.
        """
        scope = _without_kept_domains(scope)
        guards = [fact for fact in scope if isinstance(fact, Guard)]
        needed = _needed(scope, [*expressions, *(guard.condition for guard in guards)])
        loops = [fact for fact in scope if isinstance(fact, Loop)]
        bounds = {hash(loop.var): _constant_bounds(loop) for loop in loops}
        axes = [loop for loop in loops if hash(loop.var) in needed and bounds[hash(loop.var)]]
        lengths = _lengths([_extent(bounds[hash(loop.var)]) for loop in axes], most)
        known: dict[int, Value] = {}
        for axis, (loop, length) in enumerate(zip(axes, lengths, strict=True)):
            start, extent = _both(bounds[hash(loop.var)])
            values = start + _spread(extent, length)
            shape = [1] * (len(axes) + 1)
            shape[axis] = len(values)
            known[hash(loop.var)] = Value(values.reshape(shape), TRUE)
        understood = all(bound is not None and bound[1] > 0 for bound in bounds.values())
        holds: Flags = TRUE
        for fact in scope:
            if isinstance(fact, Loop):
                continue
            try:
                if isinstance(fact, Guard):
                    met = evaluate(fact.condition, known)
                    holds = holds & met.defined & (met.numbers == fact.holds)
                else:
                    known[hash(fact.var)] = evaluate(fact.value, known)
                    if fact.domain is not None:
                        holds = holds & _inside(fact, known)
            except OpaqueError:
                understood = understood and isinstance(fact, Bound) and fact.domain is None
        complete = lengths == [_extent(bounds[hash(loop.var)]) for loop in axes]
        return cls(tuple(axes), known, holds, understood, complete)

    def evaluate(self, expr: Any) -> Value:
        """An expression at the region's points.

        Raises:
            OpaqueError: it cannot be followed.
        """
        return evaluate(expr, self.known)

    def where(self, index: tuple[int, ...]) -> str:
        """What the loops' variables are at a point, as text; empty without loops."""
        parts = []
        for axis, loop in enumerate(self.loops):
            numbers = self.known[hash(loop.var)].numbers.reshape(-1)
            parts.append(f"{loop.var.name} = {numbers[index[axis]]}")
        return ", ".join(parts)


def _needed(scope: Scope, expressions: Sequence[Any]) -> set[int]:
    """Hashes of the variables that expressions speak of, through those that stand for others."""
    found: set[int] = set()
    for expr in expressions:
        _variables(expr, found)
    for fact in reversed(scope):
        if isinstance(fact, Bound) and (hash(fact.var) in found or fact.domain is not None):
            _variables(fact.value, found)
    return found


def _without_kept_domains(scope: Scope) -> Scope:
    """The scope without the domains of axes whose values lie in them anyway."""
    intervals = Intervals(scope)

    def keeps(axis: Bound) -> bool:
        value = intervals.of(axis.value)
        start, extent = intervals.of(axis.domain.min), intervals.of(axis.domain.extent)
        if value is None or start is None or extent is None:
            return False
        return start[1] <= value[0] and value[1] < start[0] + extent[0]

    return tuple(
        dataclasses.replace(fact, domain=None)
        if isinstance(fact, Bound) and fact.domain is not None and keeps(fact)
        else fact
        for fact in scope
    )


def _variables(expr: Any, found: set[int]) -> None:
    if isinstance(expr, ir.Var):
        found.add(hash(expr))
    for _, child, _ in children(expr, ()):
        _variables(child, found)


def _constant_bounds(loop: Loop) -> tuple[int, int] | None:
    """Start and extent of a loop, if they are constants and it goes in steps of 1."""
    if loop.step is not None:
        return None
    try:
        start, extent = evaluate(loop.min, {}), evaluate(loop.extent, {})
    except OpaqueError:
        return None
    if not (np.all(start.defined) and np.all(extent.defined)):
        return None
    return int(start.numbers), max(0, int(extent.numbers))


def _both(bounds: tuple[int, int] | None) -> tuple[int, int]:
    assert bounds is not None
    return bounds


def _extent(bounds: tuple[int, int] | None) -> int:
    return _both(bounds)[1]


def _lengths(extents: list[int], most: int) -> list[int]:
    """How many values of each loop to look at, so that there are ``most`` points or fewer.

    Raises:
        OpaqueError: there are too many loops for that.
    """
    lengths = list(extents)
    while math.prod(lengths) > most:
        longest = lengths.index(max(lengths))
        if lengths[longest] <= 2:
            raise OpaqueError
        lengths[longest] = (lengths[longest] + 1) // 2
    return lengths


def _spread(extent: int, count: int) -> NDArray[np.int64]:
    """About ``count`` numbers below ``extent``; those at the edges, where faults show, always."""
    if count >= extent:
        return np.arange(extent, dtype=np.int64)
    edges = [0, min(1, extent - 1), max(0, extent - 2), extent - 1]
    between = np.linspace(0, extent - 1, max(2, count - len(edges))).astype(np.int64)
    return np.union1d(between, edges)


def _inside(axis: Bound, known: dict[int, Value]) -> Flags:
    """Where the variable of a block's axis lies in the domain that the block declares."""
    value = known[hash(axis.var)]
    start, extent = evaluate(axis.domain.min, known), evaluate(axis.domain.extent, known)
    above = (value.numbers >= start.numbers) & (value.numbers < start.numbers + extent.numbers)
    inside: Flags = value.defined & start.defined & extent.defined & above
    return inside
