"""Trains the demo's network on scikit-learn's handwritten digits; writes digits.onnx, digits.npz.

    python scripts/train_demo.py [--out FOLDER] [--epochs N]

Needs scikit-learn and onnx. The training loop is plain NumPy and runs on one thread, so that two
runs on one machine give the same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

Array = NDArray[np.float32]
Parameters = dict[str, Array]

SEED = 20
BATCH = 32
RATE = 4e-3
CLASSES = 10
HELD_OUT_PER_CLASS = 30
SHIPPED_PER_CLASS = 10

WIDTH = 16
LAST_WIDTH = 32
# conv2 to conv5 have one shape; conv2 and conv4 end in a Relu, conv3 and conv5 in an Add and a
# Relu, so that two fused kernels are each launched twice.
CONVS = {
    "conv1": (WIDTH, 1),
    "conv2": (WIDTH, WIDTH),
    "conv3": (WIDTH, WIDTH),
    "conv4": (WIDTH, WIDTH),
    "conv5": (WIDTH, WIDTH),
    "conv6": (LAST_WIDTH, WIDTH),
}


def split() -> tuple[Array, NDArray[np.int64], Array, NDArray[np.int64]]:
    """Returns training images [n, 1, 8, 8] of 0 to 1, their labels, and those held out.

    The held-out rows go round the classes, 0 to 9, so that every ten hold each class once.
    """
    digits = load_digits()
    images = (digits.images[:, np.newaxis] / 16).astype(np.float32)
    labels = digits.target.astype(np.int64)
    shuffled = np.random.default_rng(SEED).permutation(len(labels))
    by_class = [shuffled[labels[shuffled] == label] for label in range(CLASSES)]
    held_out = np.stack([rows[:HELD_OUT_PER_CLASS] for rows in by_class], axis=1).ravel()
    train = np.setdiff1d(shuffled, held_out)
    return images[train], labels[train], images[held_out], labels[held_out]


def initial(rng: np.random.Generator) -> Parameters:
    """Returns He-initialised weights [out, in, 3, 3] and zero biases [out]."""
    parameters: Parameters = {}
    for name, (out, inside) in CONVS.items():
        scale = np.sqrt(2 / (inside * 9))
        parameters[f"{name}.weight"] = rng.normal(0, scale, (out, inside, 3, 3)).astype(np.float32)
        parameters[f"{name}.bias"] = np.zeros(out, np.float32)
    scale = np.sqrt(1 / LAST_WIDTH)
    parameters["fc.weight"] = rng.normal(0, scale, (CLASSES, LAST_WIDTH)).astype(np.float32)
    parameters["fc.bias"] = np.zeros(CLASSES, np.float32)
    return parameters


class Conv:
    """A 3x3 convolution with a padding of 1, forward and back."""

    def __init__(self, name: str, parameters: Parameters) -> None:
        self.name = name
        self.parameters = parameters
        self.columns: Array = np.empty(0, np.float32)

    def forward(self, x: Array) -> Array:
        """Returns [n, out, h, w] for ``x`` of [n, in, h, w]."""
        n, inside, h, w = x.shape
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
        self.columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * h * w, inside * 9)
        weight = self.parameters[f"{self.name}.weight"]
        y = self.columns @ weight.reshape(len(weight), -1).T + self.parameters[f"{self.name}.bias"]
        return y.reshape(n, h, w, len(weight)).transpose(0, 3, 1, 2)

    def backward(self, gradient: Array, gradients: Parameters) -> Array:
        """Returns the gradient of the input and puts those of weight and bias in ``gradients``."""
        weight = self.parameters[f"{self.name}.weight"]
        n, out, h, w = gradient.shape
        flat = gradient.transpose(0, 2, 3, 1).reshape(-1, out)
        gradients[f"{self.name}.weight"] = (flat.T @ self.columns).reshape(weight.shape)
        gradients[f"{self.name}.bias"] = flat.sum(axis=0)
        columns = (flat @ weight.reshape(out, -1)).reshape(n, h, w, weight.shape[1], 3, 3)
        padded = np.zeros((n, weight.shape[1], h + 2, w + 2), np.float32)
        for row in range(3):
            for column in range(3):
                part = columns[..., row, column].transpose(0, 3, 1, 2)
                padded[:, :, row : row + h, column : column + w] += part
        return padded[:, :, 1:-1, 1:-1]


class Network:
    """conv1, two residual blocks, a 2x2 max-pool, conv6, a global average and a dense layer."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.convs = {name: Conv(name, parameters) for name in CONVS}
        self.kept: dict[str, Array] = {}

    def forward(self, x: Array) -> Array:
        """Returns the logits [n, 10] of the images [n, 1, 8, 8]."""
        relu1 = self._relu("relu1", self.convs["conv1"].forward(x))
        relu2 = self._relu("relu2", self.convs["conv2"].forward(relu1))
        relu3 = self._relu("relu3", self.convs["conv3"].forward(relu2) + relu1)
        relu4 = self._relu("relu4", self.convs["conv4"].forward(relu3))
        relu5 = self._relu("relu5", self.convs["conv5"].forward(relu4) + relu3)
        n, c, h, w = relu5.shape
        blocks = relu5.reshape(n, c, h // 2, 2, w // 2, 2)
        pool1 = blocks.max(axis=(3, 5))
        # Ties, mostly of zeros, share the gradient.
        hits = blocks == pool1[:, :, :, np.newaxis, :, np.newaxis]
        self.kept["pool1"] = hits / hits.sum(axis=(3, 5), keepdims=True, dtype=np.float32)
        relu6 = self._relu("relu6", self.convs["conv6"].forward(pool1))
        self.kept["flatten1"] = relu6.mean(axis=(2, 3))
        return self.kept["flatten1"] @ self.parameters["fc.weight"].T + self.parameters["fc.bias"]

    def backward(self, gradient: Array) -> Parameters:
        """Returns the gradients of all parameters for that of the logits, [n, 10]."""
        gradients = {
            "fc.weight": gradient.T @ self.kept["flatten1"],
            "fc.bias": gradient.sum(axis=0),
        }
        n, _, h, w = self.kept["relu6"].shape
        flat = (gradient @ self.parameters["fc.weight"] / (h * w))[:, :, np.newaxis, np.newaxis]
        g = self._conv_back("6", np.broadcast_to(flat, self.kept["relu6"].shape), gradients)
        shared = self.kept["pool1"] * g[:, :, :, np.newaxis, :, np.newaxis]
        g = shared.reshape(n, WIDTH, 2 * h, 2 * w)
        for first, second in (("4", "5"), ("2", "3")):
            around = g * (self.kept[f"relu{second}"] > 0)
            g = around + self._conv_back(first, self._conv_back(second, g, gradients), gradients)
        self._conv_back("1", g, gradients)
        return gradients

    def _relu(self, name: str, x: Array) -> Array:
        self.kept[name] = np.maximum(x, 0)
        return self.kept[name]

    def _conv_back(self, number: str, gradient: Array, gradients: Parameters) -> Array:
        masked = gradient * (self.kept[f"relu{number}"] > 0)
        return self.convs[f"conv{number}"].backward(masked, gradients)


def softmax(logits: Array) -> Array:
    """Returns the probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def batches(count: int, epochs: int, rng: np.random.Generator) -> Iterator[tuple[int, Any]]:
    """Yields (step, rows) of every batch of every epoch, the rows shuffled anew in each."""
    step = 0
    for _ in range(epochs):
        order = rng.permutation(count)
        for start in range(0, count - BATCH + 1, BATCH):
            yield step, order[start : start + BATCH]
            step += 1


def train(images: Array, labels: NDArray[np.int64], epochs: int) -> Parameters:
    """Returns parameters trained with Adam, a cosine learning rate and cross-entropy."""
    rng = np.random.default_rng(SEED)
    parameters = initial(rng)
    network = Network(parameters)
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    steps = max(1, epochs * (len(labels) // BATCH))
    for step, rows in batches(len(labels), epochs, rng):
        targets = np.eye(CLASSES, dtype=np.float32)[labels[rows]]
        gradient = (softmax(network.forward(images[rows])) - targets) / np.float32(BATCH)
        rate = np.float32(RATE * (1 + np.cos(np.pi * step / steps)) / 2)
        for name, value in network.backward(gradient).items():
            first[name] += np.float32(0.1) * (value - first[name])
            second[name] += np.float32(0.001) * (value * value - second[name])
            mean = first[name] / np.float32(1 - 0.9 ** (step + 1))
            spread = np.sqrt(second[name] / np.float32(1 - 0.999 ** (step + 1)))
            parameters[name] -= rate * mean / (spread + np.float32(1e-8))
    return parameters


def accuracy(parameters: Parameters, images: Array, labels: NDArray[np.int64]) -> float:
    """Returns the share of images whose largest logit is their label's."""
    return float((Network(parameters).forward(images).argmax(axis=1) == labels).mean())


def to_onnx(parameters: Parameters) -> onnx.ModelProto:
    """Returns the network as an ONNX model for one image, [1, 1, 8, 8]."""

    def conv(number: int, source: str) -> onnx.NodeProto:
        name = f"conv{number}"
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return helper.make_node(
            "Conv", inputs, [name], name=name, kernel_shape=[3, 3], pads=[1, 1, 1, 1]
        )

    def node(op: str, name: str, *inputs: str, **attributes: Any) -> onnx.NodeProto:
        return helper.make_node(op, list(inputs), [name], name=name, **attributes)

    output = helper.make_node(
        "Gemm", ["flatten1", "fc.weight", "fc.bias"], ["logits"], name="fc", transB=1
    )
    nodes = [
        conv(1, "input"),
        node("Relu", "relu1", "conv1"),
        conv(2, "relu1"),
        node("Relu", "relu2", "conv2"),
        conv(3, "relu2"),
        node("Add", "add1", "conv3", "relu1"),
        node("Relu", "relu3", "add1"),
        conv(4, "relu3"),
        node("Relu", "relu4", "conv4"),
        conv(5, "relu4"),
        node("Add", "add2", "conv5", "relu3"),
        node("Relu", "relu5", "add2"),
        node("MaxPool", "pool1", "relu5", kernel_shape=[2, 2], strides=[2, 2]),
        conv(6, "pool1"),
        node("Relu", "relu6", "conv6"),
        node("GlobalAveragePool", "mean1", "relu6"),
        node("Flatten", "flatten1", "mean1"),
        output,
    ]
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 1, 8, 8])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, CLASSES])],
        [numpy_helper.from_array(value, name) for name, value in parameters.items()],
    )
    model = helper.make_model(
        graph,
        producer_name="mutatenn",
        ir_version=7,
        opset_imports=[helper.make_opsetid("", 13)],
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Trains, writes both files and prints the accuracy on all held-out and on shipped images."""
    parser = argparse.ArgumentParser(description="Train the demo's network.")
    package = Path(__file__).resolve().parents[1] / "python" / "mutatenn" / "demo"
    parser.add_argument("--out", type=Path, default=package, help="where both files go")
    parser.add_argument("--epochs", type=int, default=30, help="how often all images are seen")
    arguments = parser.parse_args()
    images, labels, held_images, held_labels = split()
    with threadpool_limits(limits=1):
        parameters = train(images, labels, arguments.epochs)
        count = SHIPPED_PER_CLASS * CLASSES
        held = accuracy(parameters, held_images, held_labels)
        shipped = accuracy(parameters, held_images[:count], held_labels[:count])
    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx.save(to_onnx(parameters), arguments.out / "digits.onnx")
    rows = held_images[:count, np.newaxis]
    np.savez_compressed(arguments.out / "digits.npz", images=rows, labels=held_labels[:count])
    print(f"trained on {len(labels)} images for {arguments.epochs} epochs")
    print(f"accuracy on {len(held_labels)} held-out images: {held:.4f}")
    print(f"accuracy on the {count} of them in digits.npz: {shipped:.4f}")


if __name__ == "__main__":
    main()
