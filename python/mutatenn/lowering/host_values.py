"""Values of the variables of a host function: pointers into tensors, and constants."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

import tvm
import tvm_ffi
from tvm import sym, tirx

from mutatenn.lowering.kernel import CompileError


@dataclasses.dataclass(frozen=True)
class Pointer:
    """A place in a tensor parameter or a temporary: its number, and an offset in bytes."""

    kind: Literal["parameter", "workspace"]
    index: int
    offset: int


class HostValues:
    """What is known of the variables of one host function."""

    def __init__(self, params: Iterable[Any]) -> None:
        """Number the parameters, which are tensors.

        Raises:
            CompileError: one of them is not.
        """
        self._pointers: dict[Any, Pointer] = {}
        self._numbers: dict[Any, Any] = {}
        self._analyzer = sym.Analyzer()
        for index, param in enumerate(params):
            if not isinstance(param.ty, tirx.BufferType):
                raise CompileError(f"parameter {param.name} of the kernel is no tensor")
            self.declare(param, Pointer("parameter", index, 0))

    def declare(self, buffer: Any, pointer: Pointer) -> None:
        """A buffer variable stands for a place from now on."""
        self._pointers[buffer] = pointer

    def alias(self, buffer: Any, data: Any) -> None:
        """A buffer variable stands for the place that an expression points to.

        What TVM calls the offset of a buffer's elements is in the indices of those who use it.

        Raises:
            CompileError: it is not known where that is.
        """
        pointer = self.pointer(data)
        if pointer is None:
            raise CompileError(f"the kernel's host half has the alias {buffer.name} of {data}")
        self.declare(buffer, pointer)

    def bind(self, var: Any, value: Any) -> None:
        """A variable stands for the value of an expression.

        Raises:
            CompileError: it is neither a known place nor a constant.
        """
        pointer = self.pointer(value)
        if pointer is not None:
            self.declare(var, pointer)
        else:
            self._numbers[var] = self._constant(value, f"variable {var.name}")

    def pointer(self, expr: Any) -> Pointer | None:
        """Where an expression points to; ``None`` if it is no pointer that is understood."""
        if isinstance(expr, tvm.ir.Var):
            return self._pointers.get(expr)
        if not isinstance(expr, tvm.ir.Call) or not isinstance(expr.op, tvm.ir.Op):
            return None
        name = str(expr.op.name)
        if name == "tirx.buffer_data":
            return self._pointers.get(expr.args[0])
        if name == "tirx.handle_add_byte_offset":
            base = self.pointer(expr.args[0])
            step = self.integer(expr.args[1], "an offset")
            return base and dataclasses.replace(base, offset=base.offset + step)
        return None

    def integer(self, expr: Any, what: str) -> int:
        """The value of an integer or a truth value.

        Args:
            expr: an expression, or a number.
            what: what it is, for the message.

        Raises:
            CompileError: it is no constant integer.
        """
        if isinstance(expr, int):
            return expr
        constant = self._constant(expr, what)
        if not isinstance(constant, tirx.IntImm):
            raise CompileError(f"{what} in the kernel's host half is no integer: {expr}")
        return int(constant.value)

    def number(self, expr: Any, what: str) -> int | float:
        """The value of an expression.

        Raises:
            CompileError: it is no constant.
        """
        value: int | float = self._constant(expr, what).value
        return value

    def _constant(self, expr: Any, what: str) -> Any:
        known = (tvm.ir.Var,), lambda var: self._numbers.get(var, var)
        constant = self._analyzer.simplify(tvm_ffi.structural_map(expr, known))
        if not isinstance(constant, (tirx.IntImm, tirx.FloatImm)):
            raise CompileError(f"{what} in the kernel's host half is no constant: {expr}")
        return constant
