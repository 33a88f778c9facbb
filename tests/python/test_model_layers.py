"""Layer names ride on Relax calls as spans that equality does not see."""

from __future__ import annotations

from typing import Any

import pytest
import tvm
import tvm_ffi
from tvm import relax
from tvm.ir.base import SourceName, Span

from mutatenn.errors import MutatennError
from mutatenn.model import Layer, layers_of, with_layers
from mutatenn.model import layers as under_test


def call() -> Any:
    x = relax.Var("x", relax.TensorType([2], "float32"))
    return relax.BlockBuilder().normalize(relax.op.abs(x))


def function(*values: str) -> Any:
    """A chain of unary operators."""
    x = relax.Var("x", relax.TensorType([2], "float32"))
    builder = relax.BlockBuilder()
    with builder.function("main", [x]):
        with builder.dataflow():
            last: Any = x
            for name in values:
                last = builder.emit(getattr(relax.op, name)(last))
            last = builder.emit_output(last)
        builder.emit_func_output(last)
    return builder.get()["main"]


def test_names_come_back_in_graph_order_and_once() -> None:
    named = with_layers(call(), [Layer(9, "z"), Layer(2, "a"), Layer(9, "z"), Layer(10, "a")])
    assert layers_of(named) == ("a", "z")


def test_a_name_may_hold_any_character() -> None:
    assert layers_of(with_layers(call(), [Layer(0, "layer:a/b:0 é")])) == ("layer:a/b:0 é",)


def test_the_type_stays() -> None:
    assert tvm_ffi.structural_equal(with_layers(call(), [Layer(0, "a")]).ty, call().ty)


def test_no_layers_take_the_old_ones_off() -> None:
    named = with_layers(call(), [Layer(0, "a")])
    assert layers_of(with_layers(named, [])) == ()


def test_a_span_of_another_origin_is_not_a_layer() -> None:
    plain = call()
    span = Span(SourceName("file.py"), 1, 1, 0, 0)
    spanned = tvm.ir.Call(plain.op, plain.args, plain.attrs, plain.ty_args, span, plain.ty)
    assert layers_of(spanned) == ()


def test_equality_does_not_see_names() -> None:
    main = function("abs", "exp")
    named = under_test.map_bindings(
        main,
        lambda b: (
            [relax.VarBinding(b.var, with_layers(b.value, [Layer(0, "a")]))]
            if isinstance(b.value, tvm.ir.Call)
            else [b]
        ),
    )
    assert layers_of(under_test.bindings(named)[0]) == ("a",)
    assert tvm_ffi.structural_equal(main, named)


def test_marking_and_unmarking_gives_the_function_back() -> None:
    main = function("abs", "exp")
    marked, groups = under_test.mark(main)
    assert len(under_test.bindings(marked)) == 2 * len(under_test.bindings(main))
    assert tvm_ffi.structural_equal(under_test.unmark(marked, groups), main)


def test_a_lost_marker_is_noticed() -> None:
    marked, groups = under_test.mark(function("abs"))
    with pytest.raises(MutatennError, match="3 layer markers were planted and 2 came back"):
        under_test.unmark(marked, [*groups, ()])
