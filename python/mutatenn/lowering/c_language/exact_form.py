"""What TVM's C code generator would print with another meaning, in a form that it prints right.

- It writes floating-point numbers with seven digits, which a float32 needs nine for.
- It names the operands of ``min`` and ``max``, and gives the name again to the same text further
  down, whatever was stored in between.
- C computes in ``int`` what has narrower types, and ``~`` of a bool is true.
- It evaluates a loop's bound at each round.
- It keeps names of variables, which may be words of C, macros, or functions that are called.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import tvm_ffi
from tvm import tirx

from mutatenn.lowering.c_language.prelude import extreme, literal, wrapped

_BITS: dict[str, tuple[Any, Any]] = {
    "float16": (np.float16, np.uint16),
    "float32": (np.float32, np.uint32),
    "float64": (np.float64, np.uint64),
}
_NARROW = ("int8", "int16", "uint8", "uint16")
_WIDENING = (tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.LShift, tirx.BitwiseNot)
_VARIABLE = type(tirx.Var("v", "int32"))


def exact_form(func: Any) -> Any:
    """A PrimFunc that C means as TVM does.

    Args:
        func: a PrimFunc without vectors, after all passes before code generation.
    """
    named = _with_safe_names(func)
    callbacks = (
        (tirx.FloatImm, _float),
        (tirx.Min, lambda expr: _extreme("min", expr)),
        (tirx.Max, lambda expr: _extreme("max", expr)),
        (_WIDENING, _narrow),
        (tirx.For, _bound_once),
    )
    return tvm_ffi.structural_map(named, callbacks)


def _float(expr: Any) -> Any:
    """A number by its bits, unless seven digits say it exactly."""
    dtype, value = str(expr.ty.dtype), float(expr.value)
    if dtype not in _BITS:
        return expr
    kind, bits = _BITS[dtype]
    with np.errstate(over="ignore"):
        number = kind(value)
    if math.isfinite(value) and float(f"{value:e}") == value == float(number):
        return expr
    pattern = int(number.view(bits))
    held = f"uint{number.itemsize * 8}"
    return tirx.call_pure_extern(dtype, literal(dtype), tirx.IntImm(held, _signed(pattern)))


def _signed(pattern: int) -> int:
    """The int64 of the same bits, which is how TVM keeps a uint64."""
    return pattern - 2**64 if pattern >= 2**63 else pattern


def _extreme(which: str, expr: Any) -> Any:
    dtype = str(expr.ty.dtype)
    if dtype == "bool":
        return (tirx.And if which == "min" else tirx.Or)(expr.a, expr.b)
    return tirx.call_pure_extern(dtype, extreme(which, dtype), expr.a, expr.b)


def _narrow(expr: Any) -> Any:
    dtype = str(expr.ty.dtype)
    if dtype == "bool" and isinstance(expr, tirx.BitwiseNot):
        return tirx.Not(expr.a)
    if dtype not in _NARROW:
        return expr
    return tirx.call_pure_extern(dtype, wrapped(dtype), expr)


def _bound_once(loop: Any) -> Any:
    if isinstance(loop.extent, (tirx.IntImm, _VARIABLE)):
        return loop
    extent = tirx.Var("extent", loop.extent.ty)
    return tirx.SeqStmt(
        [
            tirx.Bind(extent, loop.extent),
            tirx.For(
                loop.loop_var,
                loop.min,
                extent,
                loop.kind,
                loop.body,
                loop.thread_binding,
                loop.annotations,
                loop.step,
            ),
        ]
    )


def _with_safe_names(func: Any) -> Any:
    """The function with names for its variables that nothing in a C header has."""
    renamed: dict[Any, Any] = {}

    def safe(var: Any) -> Any:
        if var not in renamed:
            renamed[var] = type(var)("v_" + re.sub(r"[^A-Za-z0-9_]", "_", str(var.name)), var.ty)
        return renamed[var]

    return tvm_ffi.structural_map(func, (_VARIABLE, safe))
