"""The benchmarks of schedules measure what they say; how fast anything was is not tested."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import numpy_helper

from benchmarks.engines.process import EngineProcess
from benchmarks.inference_result import DEFAULT, OURS, REFERENCE, Agreement, ModelTimes, result_of
from benchmarks.models import QUICK, names_of
from benchmarks.plot import check_plot, write_plot
from benchmarks.random_weights import with_random_weights
from mutatenn.errors import InputError, MutatennError


def benchmark(root: Path, *arguments: str) -> Any:
    """A quick run on the demo's model, as JSON."""
    command = [sys.executable, "-m", "benchmarks", *arguments, "--quick", "--json"]
    done = subprocess.run(
        command, cwd=root, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def light(name: str) -> Path:
    package = Path(onnx.__file__).parent
    return package / "backend" / "test" / "data" / "light" / f"light_{name}.onnx"


def times(name: str, ours: float, default: float, reference: float) -> ModelTimes:
    blocks = {
        OURS: [[ours, 2 * ours, 3 * ours]] * 2,
        DEFAULT: [[default]],
        REFERENCE: [[reference]],
    }
    facts = {engine: {"version": "1", "target": "cpu"} for engine in blocks}
    return ModelTimes(name, blocks, Agreement(1e-7, 2, 1e-6, 4, 4), 0, facts)


def test_ours_agrees_with_the_unscheduled_model_and_with_onnx_runtime(root: Path) -> None:
    pytest.importorskip("onnxruntime")
    result = benchmark(root, "inference", "--models", "digits", "--threads", "1")
    (model,) = result["models"]
    assert model["agreement"]["difference"] < 1e-5
    assert model["agreement"]["reference_difference"] < 1e-5
    assert model["agreement"]["same_class"] == model["agreement"]["class_rows"] == 4
    assert set(model["engines"]) == {OURS, DEFAULT, REFERENCE}
    assert all(sample > 0 for samples in result["samples"].values() for sample in samples)
    mean = result["ratios"]["geometric mean: ours ÷ ONNX Runtime"]
    medians = [model["engines"][engine]["median ms"] for engine in (OURS, REFERENCE)]
    assert mean == pytest.approx(medians[0] / medians[1])


def test_each_kernel_is_told_its_share_of_the_measured_peak(root: Path) -> None:
    result = benchmark(root, "kernels", "--model", "digits", "--threads", "1")
    assert result["figures"]["peak GFLOP/s"] > 0
    convolutions = [each for each in result["kernels"] if "conv2d" in each["name"]]
    assert convolutions
    assert all(0 < each["share of peak"] < 1 for each in convolutions)
    spent = [each["launches"] * sorted(each["ms"])[1] for each in result["kernels"]]
    assert spent == sorted(spent, reverse=True)


def test_every_kernel_is_compiled_with_its_schedule_and_without(root: Path) -> None:
    result = benchmark(root, "compile_time", "--models", "digits")
    samples = result["samples"]
    assert len(samples["scheduled"]) == len(samples["unscheduled"]) > 4
    assert len(samples["default"]) > 4
    assert set(result["ratios"]) == {
        "scheduled ÷ unscheduled, medians",
        "scheduled ÷ default, medians",
    }


def test_medians_are_of_blocks_and_minima_of_runs() -> None:
    result = result_of([times("a", 1, 40, 4), times("b", 4, 40, 1)], threads=2)
    assert result.ratios["a: ours ÷ ONNX Runtime"] == pytest.approx(0.5)
    assert result.ratios["a: ours ÷ ONNX Runtime, minima"] == pytest.approx(0.25)
    assert result.ratios["geometric mean: ours ÷ ONNX Runtime"] == pytest.approx(2)
    assert result.ratios["geometric mean: TVM's default ÷ ours"] == pytest.approx(10)


def test_the_plot_shows_every_model(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "inference.svg"
    check_plot(path)
    write_plot(result_of([times("first", 1, 40, 4), times("second", 4, 40, 1)], threads=2), path)
    assert "<svg" in path.read_text()


def test_a_plot_that_could_not_be_written_is_refused_before_anything_is_measured(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match="ends in none of"):
        check_plot(tmp_path / "inference.txt")
    with pytest.raises(InputError, match="is no folder"):
        check_plot(tmp_path / "missing" / "inference.svg")


def test_a_quick_run_needs_no_data_folder() -> None:
    assert names_of(None, quick=True) == QUICK
    assert len(names_of(None, quick=False)) == 16


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no model 'alexnet' to measure; give digits, squeezenet"):
        names_of(["alexnet"], quick=True)


def test_an_engine_that_cannot_load_its_model_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with (
        EngineProcess("tvm_default", broken, 1) as process,
        pytest.raises(MutatennError, match="tvm_default cannot load the model: InputError"),
    ):
        process.wait()


def test_the_same_seed_gives_the_same_weights_and_none_is_left_out(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("first.onnx", "second.onnx", "other.onnx")]
    for path, seed in zip(paths, (0, 0, 1), strict=True):
        with_random_weights(light("shufflenet"), path, seed)
    first, second, other = (path.read_bytes() for path in paths)
    assert first == second != other
    graph = onnx.load(str(paths[0])).graph
    assert not [node for node in graph.node if node.op_type == "ConstantOfShape"]
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    variances = [
        weights[node.input[4]] for node in graph.node if node.op_type == "BatchNormalization"
    ]
    assert variances
    assert all(variance.min() > 0 for variance in variances)


def test_the_logits_of_a_random_model_can_be_compared(tmp_path: Path) -> None:
    with_random_weights(light("shufflenet"), tmp_path / "model.onnx")
    graph = onnx.load(str(tmp_path / "model.onnx")).graph
    assert [output.name for output in graph.output][1:] == [graph.node[-1].input[0]]
