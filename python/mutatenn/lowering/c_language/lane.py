"""One lane of a vector expression, as a scalar expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.ir import Call, Op, PrimType, StringImm, TensorLoad

_BINARY = (
    *(tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod),
    *(tirx.Min, tirx.Max, tirx.EQ, tirx.NE, tirx.LT, tirx.LE, tirx.GT, tirx.GE),
    *(tirx.And, tirx.Or, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor),
    *(tirx.LShift, tirx.RShift),
)
_UNARY = (tirx.Not, tirx.BitwiseNot)
_ELEMENTWISE = (
    *("prim.if_then_else", "tirx.isnan", "tirx.reinterpret"),
    *("tirx.call_pure_extern", "tirx.call_extern"),
)
"""Calls that work lane by lane, beside those that TVM itself says can be vectorised."""


class NoLanes(Exception):
    """An expression has no lanes that could be taken one by one; the message names it."""


def lanes_of(expr: Any) -> int:
    """How many values an expression has: 1 for scalars, pointers and buffers.

    Raises:
        NoLanes: their number is not known before the program runs.
    """
    type_ = expr.ty
    if not isinstance(type_, PrimType):
        return 1
    lanes = type_.dtype.lanes
    if lanes > 0x7FFF:  # DLPack's lanes are 16 bits; TVM keeps scalable ones as negative numbers.
        raise NoLanes(f"a vector of the scalable type {type_.dtype}")
    return int(lanes)


def scalar(dtype: Any) -> str:
    """The type of one lane."""
    return str(dtype.with_lanes(1))


class Lanes:
    """Takes lanes; ``buffers`` has the scalar twin of each buffer whose elements are vectors.

    ``arrays`` has, for each variable that holds a vector, the array that now holds its lanes.
    """

    def __init__(self, buffers: Mapping[Any, Any], arrays: Mapping[Any, Any]) -> None:
        self._buffers = buffers
        self._arrays = arrays
        self._kinds: tuple[tuple[Any, Any], ...] = (
            (tirx.Broadcast, self._nested),
            (tirx.Ramp, self._ramp),
            (TensorLoad, self._load),
            (tirx.Var, self._variable),
            (tirx.Let, self._let),
            (tirx.Shuffle, lambda expr, lane, known: self.extracted(expr, int(lane), known)),
            (_BINARY, self._binary),
            (_UNARY, self._unary),
            (tirx.Cast, self._cast),
            (tirx.Select, self._select),
            (Call, self._call),
        )

    def take(self, expr: Any, lane: Any, known: Mapping[Any, Any] | None = None) -> Any:
        """The value of ``expr`` at a lane; a scalar is the same at all.

        Args:
            expr: a primitive expression without side effects, calls aside.
            lane: an int32 expression; a constant where ``expr`` holds a ``Shuffle``.
            known: what variables bound by a ``Let`` around it stand for.

        Raises:
            NoLanes: the expression, or one in it, does not work lane by lane.
        """
        known = known or {}
        if lanes_of(expr) == 1:
            return self._scalar(expr, known)
        for kind, taken in self._kinds:
            if isinstance(expr, kind):
                return taken(expr, lane, known)
        raise NoLanes(f"a vector by {type(expr).__name__}")

    def element(
        self, buffer: Any, indices: Any, lane: Any, known: Mapping[Any, Any] | None = None
    ) -> tuple[Any, Any]:
        """Where one lane of an access lies.

        Returns:
            The buffer, with scalar elements, and the index into it.

        Raises:
            NoLanes: the access is not flat, or its index does not work lane by lane.
        """
        if len(indices) != 1:
            raise NoLanes(f"an access to {buffer.name} that is not flat")
        index, twin, inner = indices[0], self._buffers.get(buffer, buffer), buffer.dtype.lanes
        if inner == 1:
            return twin, self.take(index, lane, known)
        if lanes_of(index) == 1:
            return twin, self._scalar(index, known or {}) * inner + lane
        at = self.take(index, tirx.truncdiv(lane, inner), known)
        return twin, at * inner + tirx.truncmod(lane, inner)

    def extracted(self, expr: Any, lane: int = 0, known: Mapping[Any, Any] | None = None) -> Any:
        """One lane of a ``Shuffle``, which may have only one.

        Raises:
            NoLanes: there is no such lane in its vectors.
        """
        place = int(expr.indices[lane])
        for vector in expr.vectors:
            if place < lanes_of(vector):
                return self.take(vector, tirx.IntImm("int32", place), known)
            place -= lanes_of(vector)
        raise NoLanes("a shuffle of lanes that its vectors do not have")

    def _scalar(self, expr: Any, known: Mapping[Any, Any]) -> Any:
        """A scalar, with what ``Let`` bound in its place."""
        if not known:
            return expr

        def replace(var: Any) -> Any:
            return known[var](0) if var in known else var

        return tvm_ffi.structural_map(expr, (type(next(iter(known))), replace))

    def _nested(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        inner = lanes_of(expr.value)
        return self.take(expr.value, lane if inner == 1 else tirx.truncmod(lane, inner), known)

    def _ramp(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        if lanes_of(expr.base) != 1:
            raise NoLanes("a ramp of vectors")
        base = self._scalar(expr.base, known)
        return base + lane.astype(base.ty) * self._scalar(expr.stride, known)

    def _let(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        def value(at: Any) -> Any:
            return self.take(expr.value, at, known)

        return self.take(expr.body, lane, {**known, expr.var: value})

    def _load(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        buffer, index = self.element(expr.source, expr.indices, lane, known)
        return tirx.BufferLoad(buffer, [index])

    def _variable(self, var: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        return known[var](lane) if var in known else tirx.BufferLoad(self._arrays[var], [lane])

    def _binary(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        return type(expr)(self.take(expr.a, lane, known), self.take(expr.b, lane, known))

    def _unary(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        return type(expr)(self.take(expr.a, lane, known))

    def _cast(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        return tirx.Cast(scalar(expr.ty.dtype), self.take(expr.value, lane, known))

    def _select(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        parts = (expr.condition, expr.true_value, expr.false_value)
        return tirx.Select(*(self.take(part, lane, known) for part in parts))

    def _call(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        name = str(getattr(expr.op, "name", expr.op))
        lanes = lanes_of(expr)
        counts = {lanes_of(arg) for arg in expr.args if not isinstance(arg, StringImm)}
        by_lane = name in _ELEMENTWISE or (
            isinstance(expr.op, Op) and bool(expr.op.get_attr("TVectorizable"))
        )
        if not by_lane or not counts <= {1, lanes}:
            raise NoLanes(f"a vector by {name}")
        args = [
            arg if isinstance(arg, StringImm) else self.take(arg, lane, known) for arg in expr.args
        ]
        return tirx.call_intrin(scalar(expr.ty.dtype), name, *args)
