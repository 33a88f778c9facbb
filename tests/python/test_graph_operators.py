"""The operators on graphs: what each makes of a graph, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mutatenn as mn
from graph_models import SHAPE, answer, assert_becomes, differs, graph, mutants, offered, plant

BIAS = np.array([[[[0.5]], [[-1.0]]]])
KERNEL = np.arange(36).reshape(2, 2, 3, 3) / 20 - 0.8
WIDE = np.arange(54).reshape(3, 2, 3, 3) / 30 - 0.8


def test_an_activation_becomes_another_one() -> None:
    mod = graph("out = R.nn.relu(x)")
    assert_becomes(mod, graph("out = R.sigmoid(x)"), "replace-op", from_="nn.relu", to="sigmoid")
    assert offered(mod, "replace-op") == [
        (0, f"to={name}") for name in ("sigmoid", "tanh", "nn.gelu", "nn.leakyrelu")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("R.add(x, c)", "R.subtract(x, c)"),
        ("R.multiply(x, c)", "R.divide(x, c)"),
        ("R.maximum(x, c)", "R.minimum(x, c)"),
        ("R.nn.softmax(x, axis=1)", "R.nn.log_softmax(x, axis=1)"),
        ("R.mean(x, axis=[2, 3])", "R.sum(x, axis=[2, 3])"),
        (
            "R.nn.max_pool2d(x, pool_size=(2, 2), strides=(2, 2))",
            "R.nn.avg_pool2d(x, pool_size=(2, 2), strides=(2, 2))",
        ),
    ],
)
def test_an_operator_becomes_its_partner(before: str, after: str) -> None:
    mod, expected = (graph(f"out = {text}", c=BIAS) for text in (before, after))
    assert_becomes(mod, expected, "replace-op")
    back = plant(plant(mod, "replace-op"), "replace-op", to=name_of(before))
    assert not differs(mod, back)


def name_of(text: str) -> str:
    return text.removeprefix("R.").split("(")[0]


@pytest.mark.parametrize(
    "body",
    [
        "out = R.add(x, zero)",
        "out = R.multiply(x, one)",
        "out = R.maximum(x, x)",
        "out = R.nn.max_pool2d(x, pool_size=(1, 1))",
        "a = R.reshape(zero, (1, 2, 1, 1))\nout = R.subtract(x, a)",
    ],
)
def test_an_operator_that_would_mean_the_same_is_not_replaced(body: str) -> None:
    mod = graph(body, zero=np.zeros((1, 2, 1, 1)), one=np.ones((1, 2, 1, 1)))
    assert offered(mod, "replace-op") == []


def test_an_operator_is_inserted_after_a_call() -> None:
    mod = graph("a = R.nn.relu(x)\nout = R.add(a, c)", c=BIAS)
    expected = graph("b = R.nn.relu(x)\na = R.negative(b)\nout = R.add(a, c)", c=BIAS)
    assert_becomes(mod, expected, "insert-op", op="negative")
    assert offered(mod, "insert-op")[:2] == [
        (0, "op=negative,order=after"),
        (0, "op=exp,order=after"),
    ]


def test_an_operator_is_inserted_before_an_argument() -> None:
    mod = graph("out = R.subtract(c, x)", c=np.ones(SHAPE))
    expected = graph("a = R.exp(x)\nout = R.subtract(c, a)", c=np.ones(SHAPE))
    assert_becomes(mod, expected, "insert-op", op="exp", argument=1)
    assert offered(mod, "insert-op", op="exp", order="before", argument="2") == []


def test_a_transpose_exchanges_the_first_two_axes_of_each_group_of_equal_extents() -> None:
    mod = graph("out = R.nn.relu(x)", (2, 3, 2, 3))
    expected = graph("a = R.permute_dims(x, axes=[2, 3, 0, 1])\nout = R.nn.relu(a)", (2, 3, 2, 3))
    assert_becomes(mod, expected, "insert-op", op="transpose", order="before")


@pytest.mark.parametrize("shape", [(1, 2, 3), (1, 5, 1, 1)])
def test_a_transpose_that_moves_nothing_is_not_offered(shape: tuple[int, ...]) -> None:
    assert offered(graph("out = R.nn.relu(x)", shape), "insert-op", op="transpose") == []


def test_an_insertion_that_changes_nothing_is_not_offered() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.reshape(a, (2, 16))\nout = R.round(b)")
    assert offered(mod, "insert-op", op="nn.relu") == [(2, "op=nn.relu,order=after")]
    assert (1, "op=abs,order=after") not in offered(mod, "insert-op", op="abs")
    assert (2, "op=floor,order=after") not in offered(mod, "insert-op", op="floor")
    # All that reads the sum is a relu.
    mod = graph("a = R.add(x, x)\nout = R.nn.relu(a)")
    assert offered(mod, "insert-op", op="nn.relu") == []


def test_only_the_named_operators_are_meant() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.add(a, x)\nout = R.exp(b)")
    assert {site for site, _ in offered(mod, "insert-op", functions="exp+nn.relu")} == {0, 2}
    with pytest.raises(
        ValueError, match=r"'functions' cannot be 'nn\.rely'; give operators of Relax"
    ):
        plant(mod, "insert-op", functions="nn.rely")


def test_a_dropped_call_leaves_its_data() -> None:
    mod = graph("a = R.nn.relu(x)\nb = R.add(a, c)\nout = R.exp(b)", c=BIAS)
    expected = graph("a = R.nn.relu(x)\nout = R.exp(a)", c=BIAS)
    assert_becomes(mod, expected, "drop-op", 1)
    # What the function returns keeps its name.
    last = plant(mod, "drop-op", 2)
    assert np.array_equal(
        answer(last), answer(graph("a = R.nn.relu(x)\nout = R.add(a, c)", c=BIAS))
    )


def test_a_dropped_normalisation_leaves_data_mean_and_variance() -> None:
    known: dict[str, Any] = {
        name: np.full(2, value) for name, value in zip("gbmv", (2, 1, 0.5, 3), strict=True)
    }
    mod = graph("t = R.nn.batch_norm(x, g, b, m, v, axis=1)\na = t[0]\nout = R.exp(a)", **known)
    mutant = plant(mod, "drop-op")
    assert np.allclose(answer(mutant), answer(graph("out = R.exp(x)")))
    assert not np.allclose(answer(mutant), answer(mod))


@pytest.mark.parametrize(
    "body", ["out = R.reshape(x, (1, 2, 4, 4))", "out = R.mean(x, axis=[1])", "out = R.add(x, x)"]
)
def test_a_call_that_does_nothing_or_is_no_layer_of_one_tensor_is_not_dropped(body: str) -> None:
    assert offered(graph(body), "drop-op") == []


def test_neighbouring_arguments_are_exchanged() -> None:
    assert_becomes(
        graph("out = R.divide(x, c)", c=BIAS), graph("out = R.divide(c, x)", c=BIAS), "swap-args"
    )


def test_arguments_are_left_alone_where_order_does_not_matter_or_types_differ() -> None:
    assert offered(graph("out = R.multiply(x, c)", c=BIAS), "swap-args") == []
    assert offered(graph("out = R.subtract(x, x)"), "swap-args") == []
    assert offered(graph("out = R.nn.conv2d(x, w)", w=KERNEL), "swap-args") == []


@pytest.mark.parametrize(
    ("attr", "to", "before", "after"),
    [
        ("strides", "2", "strides=[1, 1], padding=[1, 1, 1, 1]", "strides=[2, 2], padding=[1] * 4"),
        ("padding", "0", "padding=[1, 1, 1, 1]", "padding=[0, 0, 0, 0]"),
        ("padding-side", None, "padding=[1, 1, 1, 1]", "padding=[2, 2, 0, 0]"),
        ("dilation", "2", "padding=[2, 2, 2, 2]", "padding=[2, 2, 2, 2], dilation=[2, 2]"),
    ],
)
def test_an_attribute_of_a_convolution_is_changed(
    attr: str, to: str | None, before: str, after: str
) -> None:
    after = after.replace("[1] * 4", "[1, 1, 1, 1]")
    mod, expected = (graph(f"out = R.nn.conv2d(x, w, {t})", w=KERNEL) for t in (before, after))
    assert_becomes(mod, expected, "change-attr", attr=attr, to=to)


@pytest.mark.parametrize(
    ("attr", "before", "after"),
    [
        ("axis", "R.nn.softmax(x, axis=-1)", "R.nn.softmax(x, axis=0)"),
        ("axis", "R.mean(x, axis=[2])", "R.mean(x, axis=[3])"),
        ("epsilon", "R.nn.layer_norm(x, g, b, axes=[-1])", "epsilon=0.01"),
        ("ceil-mode", "R.nn.max_pool2d(x, pool_size=(3, 3), strides=(2, 2))", "ceil_mode=True"),
        (
            "count-include-pad",
            "R.nn.avg_pool2d(x, pool_size=(3, 3), padding=(1, 1, 1, 1), count_include_pad=False)",
            "R.nn.avg_pool2d(x, pool_size=(3, 3), padding=(1, 1, 1, 1), count_include_pad=True)",
        ),
    ],
)
def test_an_attribute_gets_the_value_that_is_offered(attr: str, before: str, after: str) -> None:
    if "(" not in after:
        after = before[:-1] + f", {after})"
    known: dict[str, Any] = {"g": np.ones(4), "b": np.zeros(4)}
    mod, expected = (graph(f"out = {text}", **known) for text in (before, after))
    assert_becomes(mod, expected, "change-attr", attr=attr)


def test_attributes_that_make_no_difference_stay() -> None:
    mod = graph("out = R.nn.max_pool2d(x, pool_size=(2, 2), strides=(2, 2))")
    found = [replacement for _, replacement in offered(mod, "change-attr")]
    assert found == ["attr=strides,to=1", "attr=padding,to=1", "attr=dilation,to=2"]
    one = graph("out = R.nn.conv2d(x, w)", w=np.ones((2, 2, 1, 1)))
    assert "attr=dilation,to=2" not in [
        replacement for _, replacement in offered(one, "change-attr")
    ]


def test_two_layers_change_places() -> None:
    mod = graph("a = R.nn.conv2d(x, w, padding=[1, 1, 1, 1])\nout = R.nn.relu(a)", w=KERNEL)
    expected = graph("a = R.nn.relu(x)\nout = R.nn.conv2d(a, w, padding=[1, 1, 1, 1])", w=KERNEL)
    assert_becomes(mod, expected, "swap-layers")


@pytest.mark.parametrize(
    "body",
    [
        "a = R.nn.relu(x)\nout = R.reshape(a, (2, 16))",
        "a = R.nn.relu(x)\nout = R.nn.max_pool2d(a, pool_size=(2, 2))",
        "a = R.add(x, c)\nout = R.add(a, c)",
        "a = R.exp(x)\nb = R.sin(a)\nout = R.add(a, b)",
    ],
)
def test_layers_that_commute_or_are_read_elsewhere_stay(body: str) -> None:
    assert offered(graph(body, c=BIAS), "swap-layers") == []


def test_a_call_is_applied_to_its_own_result() -> None:
    mod = graph("a = R.add(x, c)\nout = R.nn.relu(a)", c=BIAS)
    expected = graph("b = R.add(x, c)\na = R.add(b, c)\nout = R.nn.relu(a)", c=BIAS)
    assert_becomes(mod, expected, "duplicate-op")
    assert offered(mod, "duplicate-op") == [(0, "")]


def test_a_residual_addition_loses_its_link() -> None:
    mod = graph("a = R.exp(x)\nb = R.sin(a)\nc = R.add(a, b)\nout = R.nn.relu(c)")
    expected = graph("a = R.exp(x)\nb = R.sin(a)\nout = R.nn.relu(b)")
    assert offered(mod, "drop-skip") == [(0, "operand=left")]
    assert_becomes(mod, expected, "drop-skip")


def test_what_only_the_lost_operand_needed_goes_too() -> None:
    mod = graph("a = R.exp(x)\nb = R.sin(a)\nc = R.add(a, b)\nout = R.nn.relu(c)")
    assert_becomes(mod, graph("a = R.exp(x)\nout = R.nn.relu(a)"), "drop-skip", operand="right")


def test_a_bias_is_no_skip_link() -> None:
    assert offered(graph("out = R.add(x, c)", c=BIAS), "drop-skip") == []


def test_inputs_of_a_concatenation_change_places() -> None:
    mod = graph("a = R.exp(x)\nout = R.concat((x, a, x), axis=1)")
    assert offered(mod, "swap-concat") == [(0, "input=0"), (0, "input=1")]
    expected = graph("a = R.exp(x)\nout = R.concat((a, x, x), axis=1)")
    assert_becomes(mod, expected, "swap-concat")
    assert offered(graph("out = R.concat((x, x), axis=1)"), "swap-concat") == []


@pytest.mark.parametrize("groups", [1, 2])
def test_a_convolution_in_the_other_layout_gives_the_same(groups: int) -> None:
    weights = WIDE if groups == 1 else KERNEL[:, :1]
    mod = graph(f"out = R.nn.conv2d(x, w, strides=[2, 2], groups={groups})", w=weights)
    (mutant,) = mutants(mod, "change-layout")
    assert mutant.semantics_preserving and mutant.settings == {"to": "NHWC"}
    changed = plant(mod, "change-layout")
    assert 'data_layout="NHWC", kernel_layout="HWIO"' in changed.script()
    assert np.allclose(answer(mod), answer(changed), rtol=1e-5, atol=1e-6)
    # Back again, inside the conversions.
    assert np.allclose(answer(mod), answer(plant(changed, "change-layout")), rtol=1e-5, atol=1e-6)


def test_an_operator_is_an_ordinary_pass() -> None:
    made = mn.transform.ReplaceOp(site=0, from_="nn.relu", to="sigmoid")
    assert made.info.name == "mutatenn.replace-op"
    assert "sigmoid" in made(graph("out = R.nn.relu(x)")).script()
