"""TIR expressions as hypothesis draws them: integers, floats and vectors, guards, shared nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from tvm import tirx

SIDE = 4
"""Loops end at this or before; a buffer has as many elements on each axis."""
LANES = 4

FLOATS = ("float32", "float16", "float64")
INTEGERS = ("int32", "int64", "int8", "uint8", "uint32")
EXACT = ("float32", "int32")
"""Types in which small numbers are added and multiplied without rounding or overflow."""

_COMPARISONS = (tirx.LT, tirx.LE, tirx.GT, tirx.GE, tirx.EQ, tirx.NE)
_ANYWHERE = (tirx.Add, tirx.Sub, tirx.Mul, tirx.Min, tirx.Max)
_BY_LITERAL = (tirx.FloorDiv, tirx.FloorMod, tirx.Div, tirx.Mod)
_BITS: tuple[Callable[[Any, Any], Any], ...] = (
    *(tirx.bitwise_and, tirx.bitwise_or, tirx.bitwise_xor),
    *(tirx.shift_left, tirx.shift_right),
)
_FUNCTIONS = (
    *(tirx.exp, tirx.exp2, tirx.log, tirx.sqrt, tirx.rsqrt, tirx.tanh, tirx.sigmoid, tirx.erf),
    *(tirx.floor, tirx.ceil, tirx.round, tirx.trunc, tirx.abs, tirx.sin, tirx.cos),
)
_FLOAT_LITERALS = (0.0, 1.0, -1.0, 0.5, 2.0, 1e-5, 3.25)


def vector_of(dtype: str, lanes: int) -> str:
    """``float32`` and 4 → ``float32x4``."""
    return dtype if lanes == 1 else f"{dtype}x{lanes}"


@dataclasses.dataclass(frozen=True)
class Space:
    """What an expression may be made of, at one point of a kernel.

    ``shape`` is that of every buffer; ``made`` holds expressions of the same point by type, any of
    which may be used a second time: TVM shares nodes.
    """

    draw: Callable[[Any], Any]
    buffers: dict[str, list[Any]]
    shape: tuple[int, ...]
    variables: tuple[Any, ...] = ()
    exact: bool = False
    made: dict[str, list[Any]] = dataclasses.field(default_factory=dict)

    def inside(self, *variables: Any) -> Space:
        """The space within a loop over other variables."""
        made = {dtype: list(found) for dtype, found in self.made.items()}
        return dataclasses.replace(self, variables=(*self.variables, *variables), made=made)

    def chance(self, percent: int) -> bool:
        """Whether to do what is done so often; shrinks to not doing it."""
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def one(self, *choices: Any) -> Any:
        """One of several; shrinks to the first."""
        return choices[self.draw(st.integers(0, len(choices) - 1))]

    def dtype(self) -> str:
        """The type of one of the buffers."""
        return str(self.one(*self.buffers))

    def buffer(self, dtype: str) -> Any:
        """One of the buffers of a type."""
        return self.one(*self.buffers[dtype])

    def again(self, dtype: str, make: Callable[[], Any]) -> Any:
        """An expression that is made, or one of the type that stands elsewhere already."""
        known = self.made.setdefault(dtype, [])
        if known and self.chance(20):
            return self.one(*known)
        known.append(make())
        return known[-1]

    def number(self, least: int, most: int) -> Any:
        """A literal of int32."""
        return tirx.IntImm("int32", self.draw(st.integers(least, most)))

    def whole(self, depth: int = 2) -> Any:
        """Arithmetic of loop variables, of int32, that cannot overflow."""
        return self.again("index", lambda: self._whole(depth))

    def _whole(self, depth: int) -> Any:
        kind = self.draw(st.integers(0, 4)) if depth else 0
        if kind == 0:
            return self.one(*self.variables, self.number(0, SIDE))
        a = self._whole(depth - 1)
        if kind == 1:
            return self.one(*_BY_LITERAL)(a, self.number(1, 5))
        return self.one(*_ANYWHERE)(a, self._whole(depth - 1))

    def index(self) -> list[Any]:
        """A place inside any buffer, by axis."""
        return [self._along(size) for size in self.shape]

    def _along(self, size: int) -> Any:
        kind = self.draw(st.integers(0, 3))
        if kind == 0 or not self.variables:
            return self.one(*self.variables, self.number(0, SIDE - 1))
        if kind == 1:
            return tirx.FloorMod(self.whole(), tirx.IntImm("int32", size))
        if kind == 2:
            top = tirx.Min(self.whole(), tirx.IntImm("int32", size - 1))
            return tirx.Max(top, tirx.IntImm("int32", 0))
        if size > SIDE:
            high = tirx.Mul(self.one(*self.variables), tirx.IntImm("int32", size // SIDE))
            return tirx.Add(high, self.number(0, size // SIDE - 1))
        return self.one(*self.variables)

    def condition(self, lanes: int = 1, depth: int = 1) -> Any:
        """A condition on loop variables, on loaded values, or on both."""
        return self.again(vector_of("bool", lanes), lambda: self._condition(lanes, depth))

    def _condition(self, lanes: int, depth: int) -> Any:
        kind = self.draw(st.integers(0, 7)) if depth else self.draw(st.integers(0, 2))
        if kind <= 1 and lanes == 1:
            return self.one(*_COMPARISONS)(self.whole(), self.number(0, SIDE))
        if kind <= 4 or not depth:
            dtype = self.dtype()
            sides = [self.value(dtype, lanes, depth=0) for _ in range(2)]
            return self.one(*_COMPARISONS)(*sides)
        if kind == 5:
            return tirx.Not(self.condition(lanes, depth - 1))
        both = [self.condition(lanes, depth - 1) for _ in range(2)]
        return self.one(tirx.And, tirx.Or)(*both)

    def value(self, dtype: str, lanes: int = 1, depth: int = 2) -> Any:
        """A value of a type, or a vector of them."""
        return self.again(vector_of(dtype, lanes), lambda: self._value(dtype, lanes, depth))

    def _value(self, dtype: str, lanes: int, depth: int) -> Any:
        makers = [self._leaf, self._operation, self._select, self._lazy]
        if not self.exact:
            makers += [self._cast, self._function if dtype in FLOATS else self._operation]
        return (self.one(*makers) if depth else self._leaf)(dtype, lanes, depth)

    def _select(self, dtype: str, lanes: int, depth: int) -> Any:
        pair = [self.value(dtype, lanes, depth - 1) for _ in range(2)]
        return tirx.Select(self.condition(lanes), *pair)

    def _lazy(self, dtype: str, lanes: int, depth: int) -> Any:
        # The condition of what is evaluated lazily is no vector.
        pair = [self.value(dtype, lanes, depth - 1) for _ in range(2)]
        return tirx.if_then_else(self.condition(), *pair)

    def _cast(self, dtype: str, lanes: int, depth: int) -> Any:
        return tirx.Cast(vector_of(dtype, lanes), self.value(self.dtype(), lanes, depth - 1))

    def _function(self, dtype: str, lanes: int, depth: int) -> Any:
        return self.one(*_FUNCTIONS)(self.value(dtype, lanes, depth - 1))

    def _operation(self, dtype: str, lanes: int, depth: int) -> Any:
        a = self.value(dtype, lanes, depth - 1)
        if dtype in INTEGERS and self.chance(30):
            literal = self.spread(tirx.IntImm(dtype, self.draw(st.integers(1, 5))), lanes)
            return self.one(*_BY_LITERAL, *_BITS)(a, literal)
        if dtype in FLOATS and not self.exact and self.chance(15):
            return tirx.Div(a, self.value(dtype, lanes, depth - 1))
        return self.one(*_ANYWHERE)(a, self.value(dtype, lanes, depth - 1))

    def _leaf(self, dtype: str, lanes: int, _depth: int) -> Any:
        if self.chance(25):
            return self.spread(self.literal(dtype), lanes)
        if self.chance(15):
            return self.spread(tirx.Cast(dtype, self.whole()), lanes)
        load = self.load(self.buffer(dtype), lanes)
        if lanes > 1 or not self.chance(15):
            return load
        # A guard as paddings have: what lies outside is not read.
        place = self.whole()
        zero, size = tirx.IntImm("int32", 0), tirx.IntImm("int32", self.shape[-1])
        guard = tirx.And(tirx.LE(zero, place), tirx.LT(place, size))
        padded = tirx.BufferLoad(load.source, [*load.indices[:-1], place])
        return tirx.if_then_else(guard, padded, self.literal(dtype))

    def literal(self, dtype: str) -> Any:
        """A literal of a type."""
        if dtype in FLOATS:
            numbers = (0.0, 1.0, 2.0, -1.0) if self.exact else _FLOAT_LITERALS
            return tirx.FloatImm(dtype, self.one(*numbers))
        return tirx.IntImm(dtype, self.draw(st.integers(0, 5)))

    def load(self, buffer: Any, lanes: int = 1) -> Any:
        """What a buffer holds: at one place, at several of them, or the same in all lanes."""
        if lanes == 1:
            return tirx.BufferLoad(buffer, self.index())
        if self.chance(30):
            return self.spread(tirx.BufferLoad(buffer, self.index()), lanes)
        return tirx.BufferLoad(buffer, self.ramp(lanes))

    def ramp(self, lanes: int) -> list[Any]:
        """Places side by side, for a buffer of one axis."""
        first = tirx.Mul(self.one(*self.variables), tirx.IntImm("int32", lanes))
        return [tirx.Ramp(first, tirx.IntImm("int32", 1), lanes)]

    @staticmethod
    def spread(scalar: Any, lanes: int) -> Any:
        """A scalar in all lanes."""
        return scalar if lanes == 1 else tirx.Broadcast(scalar, lanes)
