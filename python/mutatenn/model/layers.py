"""Layer names: which nodes of the source model a Relax binding computes, carried in TVM's spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import tvm
from tvm import relax
from tvm.ir.base import SequentialSpan, SourceName, Span

from mutatenn.errors import MutatennError

# TVMScript's parser leaves spans too, with file names in them: the prefix tells ours apart.
_PREFIX = "layer:"
_MARKER = "mutatenn_layer_marker"


class Layer(NamedTuple):
    """A node of the source model: its place in the graph, counted from 0, and its name."""

    position: int
    name: str


def layers(expr: Any) -> tuple[Layer, ...]:
    """Layers that an expression or a binding carries, in graph order; none gives an empty tuple."""
    carrier = expr.value if isinstance(expr, relax.Binding) else expr
    span = getattr(carrier, "span", None)
    spans = span.spans if isinstance(span, SequentialSpan) else [span] if span is not None else []
    found = {
        Layer(int(one.line), str(one.source_name.name).removeprefix(_PREFIX))
        for one in spans
        if str(one.source_name.name).startswith(_PREFIX)
    }
    return tuple(sorted(found))


def layers_of(expr: Any) -> tuple[str, ...]:
    """Names of the layers that a Relax binding or call computes, each once, in graph order."""
    return tuple(dict.fromkeys(layer.name for layer in layers(expr)))


def with_layers(call: Any, names: Iterable[Layer]) -> Any:
    """The same Relax call, carrying these layers in place of the ones it had; none: no span."""
    spans = [
        Span(SourceName(_PREFIX + name), position, position, 0, 0)
        for position, name in sorted(set(names))
    ]
    span = SequentialSpan(spans) if len(spans) > 1 else spans[0] if spans else None
    return tvm.ir.Call(call.op, call.args, call.attrs, call.ty_args, span, call.ty)


def map_bindings(function: Any, change: Callable[[Any], Iterable[Any]]) -> Any:
    """A Relax function in which ``change(binding)`` stands for each binding, in program order.

    The branches of an ``If`` come before the binding that holds it.
    """

    def sequence(seq: Any) -> Any:
        blocks = [
            type(block)([new for old in block.bindings for new in change(branches(old))])
            for block in seq.blocks
        ]
        return _typed(relax.SeqExpr(blocks, seq.body, seq.span), seq)

    def branches(binding: Any) -> Any:
        value = binding.value
        if not isinstance(value, relax.If):
            return binding
        arms = (sequence(value.true_branch), sequence(value.false_branch))
        return relax.VarBinding(
            binding.var, _typed(relax.If(value.cond, *arms, value.span), value), binding.span
        )

    return relax.Function(
        function.params,
        sequence(function.body),
        function.ret_ty,
        function.is_pure,
        function.attrs,
        function.span,
    )


def bindings(function: Any) -> list[Any]:
    """All bindings of a Relax function in program order, those inside branches first."""
    found: list[Any] = []

    def keep(binding: Any) -> list[Any]:
        found.append(binding)
        return [binding]

    map_bindings(function, keep)
    return found


def put_marker(builder: Any) -> None:
    """Emit a marker into a block builder: the bindings that follow belong to the next group."""
    builder.emit(relax.Tuple([]), name_hint=_MARKER)


def mark(function: Any) -> tuple[Any, list[tuple[Layer, ...]]]:
    """A copy with a marker before each binding, and the layers of each marked binding."""
    groups: list[tuple[Layer, ...]] = []

    def change(binding: Any) -> list[Any]:
        groups.append(layers(binding))
        variable = relax.DataflowVar if _in_dataflow(binding) else relax.Var
        empty = relax.Tuple([])
        return [relax.VarBinding(variable(_MARKER, empty.ty), empty), binding]

    return map_bindings(function, change), groups


def unmark(function: Any, groups: list[tuple[Layer, ...]]) -> Any:
    """Remove the markers; calls after the n-th that carry no layer of their own get ``groups[n]``.

    Raises:
        MutatennError: the markers in the function are not as many as the groups.
    """
    seen = 0

    def change(binding: Any) -> list[Any]:
        nonlocal seen
        if _is_marker(binding):
            seen += 1
            return []
        value = binding.value
        # A call that a pass left alone keeps its own layers; only what the pass made has none.
        if seen == 0 or not _is_bound_call(binding) or layers(value):
            return [binding]
        named = with_layers(value, groups[seen - 1])
        return [relax.VarBinding(binding.var, named, binding.span)]

    changed = map_bindings(function, change)
    if seen != len(groups):
        raise MutatennError(f"{len(groups)} layer markers were planted and {seen} came back")
    return changed


def _is_marker(binding: Any) -> bool:
    value = binding.value
    if not isinstance(value, relax.Tuple) or len(value.fields) > 0:
        return False
    return str(binding.var.name).startswith(_MARKER)


def _is_bound_call(binding: Any) -> bool:
    return isinstance(binding, relax.VarBinding) and isinstance(binding.value, tvm.ir.Call)


def _in_dataflow(binding: Any) -> bool:
    # The last bindings of a dataflow block bind plain variables; a marker there may be plain too.
    return isinstance(binding.var, relax.DataflowVar)


def _typed(new: Any, old: Any) -> Any:
    relax.expr._update_type(new, old.ty)
    return new
