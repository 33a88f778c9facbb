"""Networks with seeded weights that no schedule rule was written for, as ONNX models."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Collects nodes and weights; every method returns the name of what it adds."""

    def __init__(self, name: str, shape: tuple[int, ...], seed: int = 0) -> None:
        self.name = name
        self._input = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
        self._rng = np.random.default_rng(seed)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        out = f"{kind.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def weight(self, *shape: int, scale: float | None = None) -> str:
        fan_in = int(np.prod(shape[1:])) if len(shape) > 2 else shape[0]
        spread = scale if scale is not None else (1.0 / fan_in) ** 0.5
        return self.constant((self._rng.standard_normal(shape) * spread).astype("float32"))

    def constant(self, array: np.ndarray) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(array, name))
        return name

    def shape(self, *sizes: int) -> str:
        return self.constant(np.array(sizes, "int64"))

    def dense(self, x: str, ins: int, outs: int) -> str:
        product = self.op("MatMul", x, self.weight(ins, outs))
        return self.op("Add", product, self.weight(outs, scale=0.02))

    def norm(self, x: str, width: int) -> str:
        scale, shift = np.ones(width, "float32"), np.zeros(width, "float32")
        return self.op("LayerNormalization", x, self.constant(scale), self.constant(shift), axis=-1)

    def gelu(self, x: str) -> str:
        half, root = np.float32(0.5), np.float32(2**-0.5)
        inner = self.op("Erf", self.op("Mul", x, self.constant(np.asarray(root))))
        plus = self.op("Add", inner, self.constant(np.asarray(np.float32(1.0))))
        return self.op("Mul", self.op("Mul", x, plus), self.constant(np.asarray(half)))

    def conv(self, x: str, ins: int, outs: int, size: int, **attributes: object) -> str:
        return self.op("Conv", x, self.weight(outs, ins, size, size), self.weight(outs, scale=0.02),
                       kernel_shape=[size, size], **attributes)  # fmt: skip

    def model(self, output: str, shape: tuple[int, ...]) -> onnx.ModelProto:
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, self.name, [self._input], [result], self._weights)
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
        onnx.checker.check_model(model)
        return model


def vit(width: int = 192, heads: int = 3, depth: int = 2, image: int = 224) -> onnx.ModelProto:
    """A vision transformer (Dosovitskiy et al., arXiv 2010.11929) with mean pooling."""
    net = Graph("vit", (1, 3, image, image))
    tokens, head = (image // 16) ** 2 + 1, width // heads
    patches = net.conv("x", 3, width, 16, strides=[16, 16])
    flat = net.op("Reshape", patches, net.shape(1, width, tokens - 1))
    row = net.op("Transpose", flat, perm=[0, 2, 1])
    x = net.op("Concat", net.weight(1, 1, width, scale=0.02), row, axis=1)
    x = net.op("Add", x, net.weight(1, tokens, width, scale=0.02))
    for _ in range(depth):
        y = net.norm(x, width)
        parts = []
        for _ in range(3):
            part = net.op("Reshape", net.dense(y, width, width), net.shape(1, tokens, heads, head))
            parts.append(part)
        query = net.op("Transpose", parts[0], perm=[0, 2, 1, 3])
        key = net.op("Transpose", parts[1], perm=[0, 2, 3, 1])
        value = net.op("Transpose", parts[2], perm=[0, 2, 1, 3])
        scores = net.op("MatMul", query, key)
        scaled = net.op("Mul", scores, net.constant(np.asarray(np.float32(head**-0.5))))
        mixed = net.op("MatMul", net.op("Softmax", scaled, axis=-1), value)
        joined = net.op("Transpose", mixed, perm=[0, 2, 1, 3])
        merged = net.op("Reshape", joined, net.shape(1, tokens, width))
        x = net.op("Add", x, net.dense(merged, width, width))
        hidden = net.gelu(net.dense(net.norm(x, width), width, 4 * width))
        x = net.op("Add", x, net.dense(hidden, 4 * width, width))
    pooled = net.op("ReduceMean", net.norm(x, width), axes=[1], keepdims=0)
    return net.model(net.dense(pooled, width, 10), (1, 10))


def mixer(width: int = 128, depth: int = 2, image: int = 128) -> onnx.ModelProto:
    """An MLP-Mixer (Tolstikhin et al., arXiv 2105.01601)."""
    net = Graph("mixer", (1, 3, image, image))
    tokens = (image // 8) ** 2
    patches = net.conv("x", 3, width, 8, strides=[8, 8])
    flat = net.op("Reshape", patches, net.shape(1, width, tokens))
    x = net.op("Transpose", flat, perm=[0, 2, 1])
    for _ in range(depth):
        across = net.op("Transpose", net.norm(x, width), perm=[0, 2, 1])
        hidden = net.gelu(net.dense(across, tokens, 2 * tokens))
        back = net.op("Transpose", net.dense(hidden, 2 * tokens, tokens), perm=[0, 2, 1])
        x = net.op("Add", x, back)
        hidden = net.gelu(net.dense(net.norm(x, width), width, 2 * width))
        x = net.op("Add", x, net.dense(hidden, 2 * width, width))
    pooled = net.op("ReduceMean", net.norm(x, width), axes=[1], keepdims=0)
    return net.model(net.dense(pooled, width, 10), (1, 10))


def unet(width: int = 16, image: int = 64) -> onnx.ModelProto:
    """A U-Net (Ronneberger et al., arXiv 1505.04597) with transposed convolutions."""
    net = Graph("unet", (1, 3, image, image))
    pads = {"pads": [1, 1, 1, 1]}

    def block(x: str, ins: int, outs: int) -> str:
        first = net.op("Relu", net.conv(x, ins, outs, 3, **pads))
        return net.op("Relu", net.conv(first, outs, outs, 3, **pads))

    def up(x: str, ins: int, outs: int) -> str:
        kernel = net.weight(ins, outs, 2, 2)
        return net.op("ConvTranspose", x, kernel, kernel_shape=[2, 2], strides=[2, 2])

    def down(x: str) -> str:
        return net.op("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])

    top = block("x", 3, width)
    middle = block(down(top), width, 2 * width)
    bottom = block(down(middle), 2 * width, 4 * width)
    joined = net.op("Concat", up(bottom, 4 * width, 2 * width), middle, axis=1)
    raised = block(joined, 4 * width, 2 * width)
    joined = net.op("Concat", up(raised, 2 * width, width), top, axis=1)
    return net.model(net.conv(block(joined, 2 * width, width), width, 2, 1), (1, 2, image, image))
