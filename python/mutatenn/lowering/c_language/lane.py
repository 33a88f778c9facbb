"""One lane of a vector expression, as a scalar expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.ir import Call, PrimType, StringImm, TensorLoad

_BINARY = (
    *(tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod),
    *(tirx.Min, tirx.Max, tirx.EQ, tirx.NE, tirx.LT, tirx.LE, tirx.GT, tirx.GE),
    *(tirx.And, tirx.Or, tirx.BitwiseAnd, tirx.BitwiseOr, tirx.BitwiseXor),
    *(tirx.LShift, tirx.RShift),
)
_UNARY = (tirx.Not, tirx.BitwiseNot)
_ELEMENTWISE = (
    *("prim.if_then_else", "prim.likely", "prim.ceil", "prim.clz", "prim.log2"),
    *("tirx.call_pure_extern", "tirx.call_extern", "tirx.isnan", "tirx.reinterpret"),
)
"""Calls that work lane by lane: what TVM's vectoriser widens and its passes for C leave."""


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
        if isinstance(expr, tirx.Broadcast):
            return self._nested(expr, lane, known)
        if isinstance(expr, tirx.Ramp):
            return self._ramp(expr, lane, known)
        if isinstance(expr, TensorLoad):
            buffer, index = self.element(expr.source, expr.indices, lane, known)
            return tirx.BufferLoad(buffer, [index])
        if isinstance(expr, tirx.Var):
            if expr in known:
                return known[expr](lane)
            return tirx.BufferLoad(self._arrays[expr], [lane])
        if isinstance(expr, tirx.Let):
            return self._let(expr, lane, known)
        if isinstance(expr, tirx.Shuffle):
            return self.extracted(expr, int(lane), known)
        return self._rebuilt(expr, lane, known)

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
        index = indices[0]
        if buffer not in self._buffers:
            return buffer, self.take(index, lane, known)
        inner = buffer.dtype.lanes
        if lanes_of(index) == 1:
            return self._buffers[buffer], self._scalar(index, known or {}) * inner + lane
        at = self.take(index, tirx.truncdiv(lane, inner), known)
        return self._buffers[buffer], at * inner + tirx.truncmod(lane, inner)

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

    def _rebuilt(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        if isinstance(expr, _BINARY):
            return type(expr)(self.take(expr.a, lane, known), self.take(expr.b, lane, known))
        if isinstance(expr, _UNARY):
            return type(expr)(self.take(expr.a, lane, known))
        if isinstance(expr, tirx.Cast):
            return tirx.Cast(scalar(expr.ty.dtype), self.take(expr.value, lane, known))
        if isinstance(expr, tirx.Select):
            parts = (expr.condition, expr.true_value, expr.false_value)
            return tirx.Select(*(self.take(part, lane, known) for part in parts))
        if isinstance(expr, Call):
            return self._call(expr, lane, known)
        raise NoLanes(f"a vector by {type(expr).__name__}")

    def _call(self, expr: Any, lane: Any, known: Mapping[Any, Any]) -> Any:
        name = str(getattr(expr.op, "name", expr.op))
        lanes = lanes_of(expr)
        counts = {lanes_of(arg) for arg in expr.args if not isinstance(arg, StringImm)}
        if name not in _ELEMENTWISE or not counts <= {1, lanes}:
            raise NoLanes(f"a vector by {name}")
        args = [
            arg if isinstance(arg, StringImm) else self.take(arg, lane, known) for arg in expr.args
        ]
        return tirx.call_intrin(scalar(expr.ty.dtype), name, *args)
