"""Weights for models that come without: seeded random ones that keep activations in range."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

_VARIANCE = 4
"""Which operand of BatchNormalization the variance is."""
_POSITIVE = (1, _VARIANCE)
"""Operands of BatchNormalization drawn around 1: scale and variance."""


def with_random_weights(source: Path, path: Path, seed: int = 0) -> None:
    """Write a model in which random weights stand for the constants that were left out.

    The onnx package's light models make each weight by a ``ConstantOfShape``. Weights of two or
    more dimensions are drawn by He's rule, scales and variances of a batch normalisation from 0.5
    to 1.5, other vectors with a standard deviation of 0.1. What the last softmax reads becomes an
    output too: random logits are so large that its own values are zeros and a one.

    Args:
        source: the light model.
        path: the file to write; a model of the same graph, all weights float32 initialisers.
        seed: of the random numbers; the same seed gives the same file.
    """
    model = onnx.load(str(source))
    graph, rng = model.graph, np.random.default_rng(seed)
    shapes = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    users = {name: (node, k) for node in graph.node for k, name in enumerate(node.input)}
    kept = []
    for node in graph.node:
        if node.op_type != "ConstantOfShape" or node.input[0] not in shapes:
            kept.append(node)
            continue
        name = node.output[0]
        shape = tuple(int(size) for size in shapes[node.input[0]])
        weight = _weight(rng, shape, *users[name])
        graph.initializer.append(numpy_helper.from_array(weight, name))
    del graph.node[:]
    graph.node.extend(kept)
    if kept[-1].op_type == "Softmax":
        graph.output.append(onnx.helper.make_empty_tensor_value_info(kept[-1].input[0]))
    onnx.save(model, str(path))


def _weight(
    rng: np.random.Generator, shape: tuple[int, ...], user: Any, operand: int
) -> np.ndarray:
    if user.op_type == "BatchNormalization" and operand in _POSITIVE:
        return rng.uniform(0.5, 1.5, shape).astype("float32")
    spread = math.sqrt(2 / math.prod(shape[1:])) if len(shape) > 1 else 0.1
    return np.float32(spread) * rng.standard_normal(shape, "float32")
