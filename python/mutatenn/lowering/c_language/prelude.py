"""The C functions that stand before every kernel, for what TVM's C code generator cannot print."""

from __future__ import annotations

_FLOATS = {"float32": ("float", "uint32_t"), "float64": ("double", "uint64_t")}
_INTEGERS = {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
_HALF = """\
#ifdef __FLT16_MANT_DIG__
typedef _Float16 half;
{}
#endif"""


def extreme(which: str, dtype: str) -> str:
    """The function that gives the smaller (``min``) or larger (``max``) of two values."""
    return f"mutatenn_{which}_{dtype}"


def literal(dtype: str) -> str:
    """The function that gives a floating-point number from its bits."""
    return f"mutatenn_bits_{dtype}"


def wrapped(dtype: str) -> str:
    """The function that brings an int's value back into a narrower type."""
    return f"mutatenn_wrap_{dtype}"


def prelude() -> str:
    """The functions, as C. A NaN makes both comparisons false, as in code by LLVM."""
    lines = ["#include <stdbool.h>", "#include <stdint.h>", "#include <string.h>"]
    for dtype, (name, bits) in _FLOATS.items():
        lines += _of_float(dtype, name, bits)
    for dtype in sorted(_INTEGERS):
        lines += _extremes(dtype, f"{dtype}_t")
        lines.append(f"static inline {dtype}_t {wrapped(dtype)}({dtype}_t v) {{ return v; }}")
    lines.append(_HALF.format("\n".join(_of_float("float16", "half", "uint16_t"))))
    return "\n".join(lines) + "\n"


def _of_float(dtype: str, name: str, bits: str) -> list[str]:
    return [
        f"static inline {name} {literal(dtype)}({bits} bits) "
        f"{{ {name} v; memcpy(&v, &bits, sizeof v); return v; }}",
        *_extremes(dtype, name),
    ]


def _extremes(dtype: str, name: str) -> list[str]:
    return [
        f"static inline {name} {extreme(which, dtype)}({name} a, {name} b) "
        f"{{ return a {sign} b ? a : b; }}"
        for which, sign in (("min", "<"), ("max", ">"))
    ]
