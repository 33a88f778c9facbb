"""The demo's files are small, balanced, right, and what the training script makes."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from mutatenn.demo import inputs_path, model_path
from mutatenn.model.inputs import InputSpec, load_inputs

SPEC = InputSpec("input", (1, 1, 8, 8), "float32")
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "train_demo.py"


def test_the_model_is_small() -> None:
    assert model_path().stat().st_size <= 200_000


def test_the_shipped_images_hold_each_digit_ten_times() -> None:
    inputs = load_inputs(inputs_path(), [SPEC], None)
    assert inputs.labels is not None
    np.testing.assert_array_equal(np.bincount(inputs.labels), [10] * 10)
    assert inputs.rows[0].shape == (100, 1, 1, 8, 8)
    assert inputs.rows[0].min() == 0
    assert inputs.rows[0].max() == 1


def test_the_model_knows_at_least_95_of_the_100_images() -> None:
    inputs = load_inputs(inputs_path(), [SPEC], None)
    evaluator = ReferenceEvaluator(str(model_path()))
    logits = np.stack([np.asarray(evaluator.run(["logits"], {"input": x})) for x in inputs.rows[0]])
    assert logits.shape == (100, 1, 1, 10)
    assert np.sum(logits.argmax(axis=-1).ravel() == inputs.labels) >= 95


def test_two_pairs_of_convolutions_have_one_shape_and_the_graph_has_residual_adds() -> None:
    graph = onnx.load(model_path()).graph
    shapes = {i.name: numpy_helper.to_array(i).shape for i in graph.initializer}
    convs = {node.name: shapes[node.input[1]] for node in graph.node if node.op_type == "Conv"}
    assert [convs[f"conv{n}"] for n in (2, 3, 4, 5)] == [(16, 16, 3, 3)] * 4
    adds = {node.name: list(node.input) for node in graph.node if node.op_type == "Add"}
    assert adds == {"add1": ["conv3", "relu1"], "add2": ["conv5", "relu3"]}
    assert all(node.name for node in graph.node)


def test_no_shipped_image_was_trained_on() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn holds the images that were trained on")
    trained, _, held_out, labels = runpy.run_path(str(SCRIPT))["split"]()
    with np.load(inputs_path()) as shipped:
        np.testing.assert_array_equal(shipped["images"][:, 0], held_out[:100])
        np.testing.assert_array_equal(shipped["labels"], labels[:100])
        rows = {image.tobytes() for image in trained}
        assert not any(image.tobytes() in rows for image in shipped["images"][:, 0])


def test_training_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the training script needs scikit-learn")
    for name in ("a", "b"):
        command = [sys.executable, str(SCRIPT), "--epochs", "1", "--out", str(tmp_path / name)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        assert "accuracy on 300 held-out images" in done.stdout
    for name in ("digits.onnx", "digits.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
