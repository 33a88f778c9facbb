"""The host half of a kernel for an accelerator, interpreted into launches: data, and no code."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import tvm
from tvm import tirx

from mutatenn.lowering.device_kernel import Argument, DeviceLaunch
from mutatenn.lowering.host_values import HostValues, Pointer
from mutatenn.lowering.kernel import CompileError

DYNAMIC_SHARED = "tirx.use_dyn_shared_memory"
"""TVM's tag of the launch argument that counts bytes."""
_AXES = tuple(f"{part}Idx.{axis}" for part in ("block", "thread") for axis in "xyz")


@dataclasses.dataclass(frozen=True)
class HostLaunches:
    """What a host function does: its launches in order, the bytes of its temporaries.

    ``parameters`` is the number of tensors that it is given.
    """

    launches: tuple[DeviceLaunch, ...]
    workspaces: tuple[int, ...]
    parameters: int


def host_launches(func: Any) -> HostLaunches:
    """Interpret a host function as TVM leaves it right after ``SplitHostDevice``.

    Buffers, their aliases, constants, decided conditions and launches are understood. Assertions
    are passed over: they hold for tensors of the plan's shapes, which nothing else is given to.

    Args:
        func: the host PrimFunc; its parameters are tensors.

    Returns:
        Launches, whose arguments stand in the order of the device function's parameters.

    Raises:
        CompileError: it does anything else, or launches nothing; the message names what.
    """
    interpreter = _Interpreter(func)
    interpreter.run(func.body)
    if not interpreter.launches:
        raise CompileError("the kernel launches nothing on the device")
    return HostLaunches(
        tuple(interpreter.launches), tuple(interpreter.workspaces), len(func.params)
    )


class _Interpreter:
    """Runs host statements one after another."""

    def __init__(self, func: Any) -> None:
        self._values = HostValues(func.params)
        self.launches: list[DeviceLaunch] = []
        self.workspaces: list[int] = []
        self._steps: dict[type, Callable[[Any], None]] = {
            tirx.SeqStmt: self._sequence,
            tirx.DeclBuffer: lambda stmt: self._values.alias(stmt.buffer, stmt.data),
            tirx.AllocBuffer: self._allocate,
            tirx.Bind: lambda stmt: self._values.bind(stmt.var, stmt.value),
            tirx.IfThenElse: self._branch,
            tirx.AssertStmt: lambda _: None,
            tirx.Evaluate: self._evaluate,
        }

    def run(self, stmt: Any) -> None:
        step = self._steps.get(type(stmt))
        if step is None:
            raise _refused(_described(stmt))
        step(stmt)

    def _sequence(self, stmt: Any) -> None:
        for each in stmt.seq:
            self.run(each)

    def _allocate(self, stmt: Any) -> None:
        type_ = stmt.buffer.ty
        if str(type_.storage_scope) not in ("", "global"):
            raise _refused(f"a temporary in {type_.storage_scope} memory")
        elements = math.prod(self._values.integer(each, "an extent") for each in type_.shape)
        self._values.declare(stmt.buffer, Pointer("workspace", len(self.workspaces), 0))
        self.workspaces.append(elements * element_bytes(type_.dtype))

    def _branch(self, stmt: Any) -> None:
        if self._values.integer(stmt.condition, "a condition"):
            self.run(stmt.then_case)
        elif stmt.else_case is not None:
            self.run(stmt.else_case)

    def _evaluate(self, stmt: Any) -> None:
        call = stmt.value
        if isinstance(call, (tirx.IntImm, tirx.FloatImm)):
            return  # what TVM leaves of a statement that it removed
        if not isinstance(call, tvm.ir.Call):
            raise _refused(f"the expression {call}")
        if not _is_op(call, "tirx.call_ffi_kernel"):
            raise _refused(f"a call of {getattr(call.op, 'name', call.op)}")
        self.launches.append(self._launch(call))

    def _launch(self, call: Any) -> DeviceLaunch:
        symbol, tags = str(call.args[0].value), [str(tag) for tag in call.attrs.launch_params]
        for tag in tags:
            if tag not in (*_AXES, DYNAMIC_SHARED):
                raise _refused(f"a launch with {tag}")
        first_extent = len(call.args) - len(tags)
        arguments = tuple(self._argument(each) for each in call.args[1:first_extent])
        sizes = dict.fromkeys(_AXES, 1) | {DYNAMIC_SHARED: 0}
        for tag, extent in zip(tags, call.args[first_extent:], strict=True):
            sizes[tag] = self._values.integer(extent, f"{tag} of a launch")
            if sizes[tag] < 1 and tag != DYNAMIC_SHARED:
                # An empty launch is an error in CUDA and OpenCL 1.2.
                raise _refused(f"a launch of {symbol} with {tag} of extent {sizes[tag]}")
        x, y, z, a, b, c = (sizes[axis] for axis in _AXES)
        return DeviceLaunch(symbol, arguments, (x, y, z), (a, b, c), sizes[DYNAMIC_SHARED])

    def _argument(self, expr: Any) -> Argument:
        pointer = self._values.pointer(expr)
        if pointer is not None:
            return Argument(pointer.kind, pointer.index, pointer.offset)
        value = self._values.number(expr, "a launch's argument")
        return Argument("scalar", dtype=str(expr.ty.dtype), value=value)


def element_bytes(dtype: Any) -> int:
    """Bytes of one element of a buffer: of all lanes, where it is a vector.

    Args:
        dtype: TVM's name of a type, such as ``float32`` or ``float32x4``.
    """
    type_ = tvm.DataType(str(dtype))
    return (int(type_.bits) * int(type_.lanes) + 7) // 8


def _is_op(call: Any, name: str) -> bool:
    return isinstance(call.op, tvm.ir.Op) and str(call.op.name) == name


def _described(stmt: Any) -> str:
    """What a statement is, in words where it is a usual one."""
    if isinstance(stmt, tirx.For):
        return "a loop that no schedule bound to threads"
    if isinstance(stmt, tirx.While):
        return f"a loop while {stmt.condition}"
    if isinstance(stmt, tirx.BufferStore):
        return f"a store to {stmt.buffer.name}"
    if isinstance(stmt, tirx.AttrStmt):
        return f"the attribute {stmt.attr_key}"
    return f"a statement {type(stmt).__name__}"


def _refused(what: str) -> CompileError:
    return CompileError(f"the host half of the kernel holds {what}, which launches cannot do")
