"""Vector statements of a kernel as loops over their lanes: C has no vectors.

A statement on vectors evaluates all lanes before it writes any. Its loop may do both at once only
where no lane reads what another one writes; else the values, and indices that are read from memory,
wait in an array.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import tvm_ffi
from tvm import tirx
from tvm.ir import Call, PointerType, PrimType, TensorLoad

from mutatenn.lowering.c_language.lane import Lanes, NoLanes, lanes_of, scalar

_IMPURE = ("tirx.call_extern", "tirx.address_of", "tirx.buffer_data")
_VARIABLE = type(tirx.Var("v", "int32"))
_MAKERS = (tirx.Ramp, tirx.Broadcast, tirx.Shuffle, TensorLoad, Call, _VARIABLE)
"""What every vector begins with."""


def scalar_form(func: Any) -> Any:
    """A PrimFunc without vectors that computes the same.

    Args:
        func: a PrimFunc after all passes before code generation, its accesses flat.

    Raises:
        RuntimeError: a vector is made by what does not work lane by lane; the last line of the
            message names it.
    """
    rewriter = _Rewriter()
    callbacks = (
        (tirx.AllocBuffer, rewriter.alloc),
        (tirx.DeclBuffer, rewriter.declare),
        (tirx.BufferStore, rewriter.store),
        (tirx.Bind, rewriter.bind),
        (tirx.Evaluate, rewriter.evaluate),
        (tirx.Shuffle, rewriter.shuffle),
        (Call, rewriter.address),
        (_VARIABLE, rewriter.variable),
        (PointerType, _to_scalars),
    )
    rewritten = tvm_ffi.structural_map(func, callbacks, order="pre")
    tvm_ffi.structural_walk(rewritten, (_MAKERS, _refuse_vector))
    return rewritten


def _to_scalars(pointer: Any) -> Any:
    """The type of a pointer to what a vector is made of."""
    element = pointer.element_type
    if not isinstance(element, PrimType) or element.dtype.lanes <= 1:
        return pointer
    return PointerType(PrimType(scalar(element.dtype)), pointer.storage_scope)


def _refuse_vector(expr: Any) -> None:
    if lanes_of(expr) != 1:
        raise NoLanes(f"a vector by {type(expr).__name__} in what is no store")


class _Rewriter:
    """Callbacks for a walk in program order: what a statement uses was declared before."""

    def __init__(self) -> None:
        self._buffers: dict[Any, Any] = {}
        self._arrays: dict[Any, Any] = {}
        self._views: dict[Any, Any] = {}
        self._lanes = Lanes(self._buffers, self._arrays)

    def alloc(self, stmt: Any) -> Any:
        buffer = stmt.buffer
        if buffer.dtype.lanes == 1 and buffer.scope() == "global":
            return stmt
        return tirx.AllocBuffer(self._twin(buffer), stmt.annotations)

    def declare(self, stmt: Any) -> Any:
        self._views[stmt.buffer] = self._source(stmt.data)
        if stmt.buffer.dtype.lanes == 1:
            return stmt
        return tirx.DeclBuffer(self._twin(stmt.buffer), data=stmt.data)

    def store(self, stmt: Any) -> Any:
        count = lanes_of(stmt.value)
        if count == 1:
            return stmt
        if not self._meets_itself(stmt):

            def one(lane: Any) -> Any:
                buffer, index = self._lanes.element(stmt.buffer, stmt.indices, lane)
                return tirx.BufferStore(buffer, self._lanes.take(stmt.value, lane), [index])

            return self._each(count, (stmt.value, *stmt.indices), one)
        return self._staged_store(stmt, count)

    def _staged_store(self, stmt: Any, count: int) -> Any:
        values, fill = self._staged("values", stmt.value, count)
        first, index = self._lanes.element(stmt.buffer, stmt.indices, tirx.IntImm("int32", 0))
        places = tirx.decl_buffer((count,), str(index.ty.dtype), name="places")

        def place(lane: Any) -> Any:
            _, at = self._lanes.element(stmt.buffer, stmt.indices, lane)
            return tirx.BufferStore(places, at, [lane])

        def write(lane: Any) -> Any:
            value = tirx.BufferLoad(values, [lane])
            return tirx.BufferStore(first, value, [tirx.BufferLoad(places, [lane])])

        indices = self._each(count, tuple(stmt.indices), place)
        written = self._each(count, (), write)
        return tirx.SeqStmt([*fill, tirx.AllocBuffer(places), indices, written])

    def bind(self, stmt: Any) -> Any:
        if isinstance(stmt.var.ty, PointerType):
            self._views[stmt.var] = self._source(stmt.value)
        if lanes_of(stmt.value) == 1:
            return stmt
        array, fill = self._staged(str(stmt.var.name), stmt.value, lanes_of(stmt.value))
        self._arrays[stmt.var] = array
        return tirx.SeqStmt(fill)

    def evaluate(self, stmt: Any) -> Any:
        count = lanes_of(stmt.value)
        if count == 1:
            return stmt
        return self._each(
            count, (stmt.value,), lambda lane: tirx.Evaluate(self._lanes.take(stmt.value, lane))
        )

    def shuffle(self, expr: Any) -> Any:
        # One with a single lane is a scalar, and may stand anywhere.
        return self._lanes.extracted(expr) if len(expr.indices) == 1 else expr

    def address(self, expr: Any) -> Any:
        if str(getattr(expr.op, "name", "")) != "tirx.address_of":
            return expr
        load = expr.args[0]
        if not isinstance(load, TensorLoad) or lanes_of(load) == 1:
            return expr
        buffer, index = self._lanes.element(load.source, load.indices, tirx.IntImm("int32", 0))
        return tirx.call_intrin(expr.ty, "tirx.address_of", tirx.BufferLoad(buffer, [index]))

    def variable(self, var: Any) -> Any:
        return self._buffers.get(var, var)

    def _twin(self, buffer: Any) -> Any:
        """A buffer of the same memory whose elements are scalars; C has one kind of memory."""
        lanes = buffer.dtype.lanes
        elements = math.prod(int(size) for size in buffer.shape)
        twin = tirx.decl_buffer(
            (elements * lanes,), scalar(buffer.dtype), name=buffer.name, scope="global"
        )
        self._buffers[buffer] = twin
        return twin

    def _staged(self, name: str, value: Any, count: int) -> tuple[Any, list[Any]]:
        """An array, and the statements that fill it with the lanes of a value."""
        array = tirx.decl_buffer((count,), scalar(value.ty.dtype), name=name)
        fill = self._each(
            count,
            (value,),
            lambda lane: tirx.BufferStore(array, self._lanes.take(value, lane), [lane]),
        )
        return array, [tirx.AllocBuffer(array), fill]

    def _each(self, count: int, exprs: tuple[Any, ...], make: Callable[[Any], Any]) -> Any:
        """A statement for each lane: a loop, or written out where lanes must be constants."""
        if _holds(exprs, tirx.Shuffle, lambda _: True):
            return tirx.SeqStmt([make(tirx.IntImm("int32", lane)) for lane in range(count)])
        lane = tirx.Var("lane", "int32")
        zero, extent = tirx.IntImm("int32", 0), tirx.IntImm("int32", count)
        return tirx.For(lane, zero, extent, tirx.ForKind.SERIAL, make(lane))

    def _meets_itself(self, stmt: Any) -> bool:
        """Whether a lane may read what another lane of the same statement writes."""
        root, own = self._root(stmt.buffer), stmt.indices[0]
        apart = lanes_of(own) == 1 or (
            isinstance(own, tirx.Ramp)
            and isinstance(own.stride, tirx.IntImm)
            and int(own.stride) != 0
        )

        def elsewhere(load: Any) -> bool:
            if not self._root(load.source).same_as(root):
                return False
            here = load.source.same_as(stmt.buffer) and apart
            return not (here and tvm_ffi.structural_equal(load.indices[0], own))

        def impure(call: Any) -> bool:
            return str(getattr(call.op, "name", call.op)) in _IMPURE

        return (
            _holds((stmt.value,), TensorLoad, elsewhere)
            or _holds((own,), TensorLoad, lambda load: self._root(load.source).same_as(root))
            or _holds((stmt.value, own), Call, impure)
        )

    def _source(self, pointer: Any) -> Any:
        """The variable that a pointer was made from: views of it are the same memory."""
        while isinstance(pointer, Call) and pointer.args:
            pointer = pointer.args[0]
        return self._root(pointer)

    def _root(self, var: Any) -> Any:
        """The variable whose memory a buffer is."""
        return self._views.get(var, var)


def _holds(exprs: tuple[Any, ...], kind: Any, test: Callable[[Any], bool]) -> bool:
    """Whether an expression holds a node of a kind that passes a test."""
    found = False

    def look(node: Any) -> None:
        nonlocal found
        found = found or test(node)

    for expr in exprs:
        tvm_ffi.structural_walk(expr, (kind, look))
    return found
