"""Graph preparation: each pass does what it says, changes no answer and keeps the layers' names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import tvm

from mutatenn.lowering.graph.batch_norm import decompose_batch_norm, fold_scale
from mutatenn.lowering.graph.block_channels import block_channels
from mutatenn.lowering.graph.constants import fold_constants
from mutatenn.lowering.graph.pack_matmul import pack_matmul
from mutatenn.lowering.graph.rewriter import op_name
from mutatenn.lowering.graph.simplify import simplify
from mutatenn.model.layers import bindings, layers_of
from schedule_helpers import answers, difference, imported, random_input
from unseen_networks import Graph

CLOSE = 1e-5


def operators(mod: Any) -> list[str]:
    """The Relax operators that ``main`` calls, in order."""
    return [name for binding in bindings(mod["main"]) if (name := op_name(binding.value))]


def names(mod: Any) -> set[str]:
    """The names of all layers that some call of ``main`` carries."""
    return {name for binding in bindings(mod["main"]) for name in layers_of(binding.value)}


def launched(mod: Any) -> list[str]:
    """The kernels that ``main`` launches, without the numbers that tell namesakes apart."""
    return [
        str(binding.value.args[0].name_hint).rstrip("0123456789")
        for binding in bindings(mod["main"])
        if op_name(binding.value) == "relax.call_tir"
    ]


def require_same_answers(before: Any, after: Any) -> None:
    data = random_input(before)
    assert difference(answers(after, data), answers(before, data)) < CLOSE


def normalised(net: Graph, x: str, channels: int) -> str:
    rng = np.random.default_rng(1)
    gamma, beta, mean = (rng.standard_normal(channels).astype("float32") for _ in range(3))
    variance = rng.uniform(0.5, 1.5, channels).astype("float32")
    parts = [net.constant(part) for part in (gamma, beta, mean, variance)]
    return net.op("BatchNormalization", x, *parts)


@pytest.fixture
def normalised_net(tmp_path: Path) -> Any:
    net = Graph("normalised", (1, 3, 8, 8))
    first = net.op("Relu", normalised(net, net.conv("x", 3, 16, 3, pads=[1, 1, 1, 1]), 16))
    return imported(net.model(normalised(net, first, 16), (1, 16, 8, 8)), tmp_path)


def test_batch_norm_becomes_a_scale_and_a_shift(normalised_net: Any) -> None:
    plain = decompose_batch_norm(normalised_net)
    assert operators(plain).count("relax.nn.batch_norm") == 0
    assert operators(plain).count("relax.multiply") == 2
    require_same_answers(normalised_net, plain)


def test_a_scale_goes_into_the_convolution_before_it_and_nowhere_else(normalised_net: Any) -> None:
    folded = fold_scale(decompose_batch_norm(fold_constants(normalised_net)))
    # The second normalisation follows a ReLU: its scale has no convolution to go into.
    assert operators(folded).count("relax.multiply") == 1
    require_same_answers(normalised_net, folded)


def test_a_folded_layer_keeps_its_name(normalised_net: Any) -> None:
    folded = fold_scale(decompose_batch_norm(fold_constants(normalised_net)))
    assert names(folded) == names(normalised_net)


def test_a_scale_of_something_that_is_read_twice_is_not_folded(tmp_path: Path) -> None:
    net = Graph("shared", (1, 3, 8, 8))
    conv = net.conv("x", 3, 16, 1)
    both = net.op("Add", normalised(net, conv, 16), conv)
    mod = imported(net.model(both, (1, 16, 8, 8)), tmp_path)
    folded = fold_scale(decompose_batch_norm(fold_constants(mod)))
    assert operators(folded).count("relax.multiply") == 1
    require_same_answers(mod, folded)


def test_a_clip_becomes_a_minimum_and_a_maximum(tmp_path: Path) -> None:
    net = Graph("clipped", (1, 4, 8, 8))
    low, high = (net.constant(np.asarray(value, "float32")) for value in (-0.5, 0.5))
    mod = imported(net.model(net.op("Clip", "x", low, high), (1, 4, 8, 8)), tmp_path)
    plain = simplify(fold_constants(mod))
    assert operators(plain) == ["relax.maximum", "relax.minimum"]
    require_same_answers(mod, plain)


CONVOLUTIONS: dict[str, dict[str, Any]] = {
    "same": {"pads": [1, 1, 1, 1]},
    "valid": {},
    "strided": {"strides": [2, 2], "pads": [1, 1, 1, 1]},
    "dilated": {"dilations": [2, 2], "pads": [2, 2, 2, 2]},
    "padded on two sides": {"pads": [0, 0, 1, 1]},
    "grouped": {"group": 2, "pads": [1, 1, 1, 1]},
    "depthwise": {"group": 32, "pads": [1, 1, 1, 1]},
    "depthwise, strided": {"group": 32, "strides": [2, 2], "pads": [1, 1, 1, 1]},
}


@pytest.mark.parametrize("kind", CONVOLUTIONS)
@pytest.mark.parametrize("lanes", [16, 8, 4])
def test_a_blocked_convolution_computes_the_same(kind: str, lanes: int, tmp_path: Path) -> None:
    attributes = CONVOLUTIONS[kind]
    net = Graph("one", (1, 32, 9, 9))
    kernel = net.weight(32, 32 // attributes.get("group", 1), 3, 3)
    out = net.op("Conv", "x", kernel, kernel_shape=[3, 3], **attributes)
    mod = _open(net, out, tmp_path)
    blocked = block_channels(lanes)(fold_constants(mod))
    assert "relax.nn.conv2d" not in operators(blocked)
    require_same_answers(mod, blocked)


def _open(net: Graph, out: str, tmp_path: Path) -> Any:
    """A model whose output's shape is left to shape inference."""
    model = net.model(out, (1, 1, 1, 1))
    del model.graph.output[0].type.tensor_type.shape.dim[:]
    model.graph.output[0].type.tensor_type.ClearField("shape")
    return imported(onnx.shape_inference.infer_shapes(model), tmp_path)


def test_channels_that_no_block_divides_stay_as_they_are(tmp_path: Path) -> None:
    net = Graph("odd", (1, 5, 9, 9))
    mod = _open(net, net.conv("x", 5, 7, 3), tmp_path)
    assert "relax.nn.conv2d" in operators(block_channels(16)(fold_constants(mod)))


def test_layouts_change_only_where_a_blocked_region_ends(tmp_path: Path) -> None:
    net = Graph("region", (1, 16, 16, 16))
    one = net.op("Relu", net.conv("x", 16, 16, 3, pads=[1, 1, 1, 1]))
    two = net.op("Add", net.conv(one, 16, 16, 1), one)
    pooled = net.op("MaxPool", two, kernel_shape=[2, 2], strides=[2, 2])
    joined = net.op("Concat", pooled, net.op("AveragePool", two, kernel_shape=[2, 2],
                                             strides=[2, 2]), axis=1)  # fmt: skip
    mod = _open(net, net.op("Sigmoid", joined), tmp_path)
    blocked = block_channels(16)(fold_constants(mod))
    # The input is blocked once, for the first convolution; the output is turned back once.
    assert launched(blocked).count("block_channels") == 1
    assert launched(blocked).count("unblock_channels") == 1
    require_same_answers(mod, blocked)


def test_a_mean_over_the_picture_ends_in_plain_rows(tmp_path: Path) -> None:
    net = Graph("pooled", (1, 3, 8, 8))
    conv = net.conv("x", 3, 16, 3)
    mod = _open(net, net.op("ReduceMean", conv, axes=[2, 3], keepdims=0), tmp_path)
    blocked = block_channels(16)(fold_constants(mod))
    assert "unblock_channels" not in launched(blocked)
    require_same_answers(mod, blocked)


@pytest.mark.parametrize("rows", [1, 2, 12, 13, 197])
def test_a_packed_product_computes_the_same_for_any_number_of_rows(
    rows: int, tmp_path: Path
) -> None:
    net = Graph("dense", (rows, 24))
    mod = _open(net, net.dense("x", 24, 32), tmp_path)
    packed = pack_matmul(16)(fold_constants(mod))
    assert "relax.matmul" not in operators(packed)
    require_same_answers(mod, packed)


def test_a_product_of_two_computed_tensors_is_left_alone(tmp_path: Path) -> None:
    net = Graph("square", (8, 8))
    mod = _open(net, net.op("MatMul", "x", "x"), tmp_path)
    assert operators(pack_matmul(16)(fold_constants(mod))) == ["relax.matmul"]


def test_no_pass_changes_the_module_that_it_is_given(normalised_net: Any) -> None:
    before = tvm.ir.save_json(normalised_net)
    fold_scale(decompose_batch_norm(simplify(fold_constants(normalised_net))))
    block_channels(16)(normalised_net)
    assert tvm.ir.save_json(normalised_net) == before
