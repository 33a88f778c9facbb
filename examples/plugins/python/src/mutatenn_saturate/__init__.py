"""The operator ``saturate-store``: a value beyond a bound is stored as the bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tvm import tirx

from mutatenn.plugin import Context, Operator, Parameter, Replacement

BOUNDS = ("1", "6")


def replacements(node: Any, context: Context) -> Iterator[Replacement]:
    """The store of each bound that is asked for, or of those offered; floating point only."""
    dtype = str(node.value.ty.dtype)
    if not dtype.startswith("float"):
        return
    asked = context.settings.get("bound")
    for bound in BOUNDS if asked is None else (asked,):
        value = tirx.Min(node.value, constant(dtype, float(bound)))
        value = tirx.Max(value, constant(dtype, -float(bound)))
        yield Replacement(tirx.BufferStore(node.buffer, value, node.indices), {"bound": bound})


def constant(dtype: str, value: float) -> Any:
    """A number of that type, in every lane of ``float32x8``: flat code may be in vectors."""
    scalar, _, lanes = dtype.partition("x")
    number = tirx.FloatImm(scalar, value)
    return tirx.Broadcast(number, int(lanes)) if lanes else number


SATURATE_STORE = Operator(
    id="saturate-store",
    summary="Stores a value that is beyond a bound as the bound.",
    fault_model="A narrow format saturates, or a clip that belongs elsewhere is fused into a "
    "kernel.",
    source="Example of a plug-in for mutatenn.",
    stages=("tensor", "kernel"),
    nodes=(tirx.BufferStore,),
    category="stores",
    parameters=(
        Parameter(
            "bound",
            "The greatest magnitude that is stored as it is.",
            choices=BOUNDS,
            when_absent="1 and 6",
            form="number",
            least=0,
        ),
    ),
    replacements=replacements,
)
