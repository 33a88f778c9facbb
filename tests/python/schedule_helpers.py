"""Running Relax modules and kernels in the tests of graph preparation and of schedules."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import tvm
from tvm import relax

from mutatenn.model.onnx import load_onnx

HOST = "llvm"


def imported(model: onnx.ModelProto, tmp_path: Any) -> Any:
    """An ONNX model as mutatenn reads it."""
    path = tmp_path / f"{model.graph.name}.onnx"
    onnx.save(model, str(path))
    return load_onnx(path)


def answers(mod: Any, *inputs: np.ndarray) -> np.ndarray:
    """What ``main`` computes, by TVM's own pipelines and virtual machine."""
    built = tvm.compile(mod, target=HOST, relax_pipeline=relax.get_pipeline("default_build"))
    machine = relax.VirtualMachine(built, tvm.cpu())
    result = machine["main"](*(tvm.runtime.tensor(each) for each in inputs))
    first = result if hasattr(result, "numpy") else result[0]
    return np.asarray(first.numpy())


def difference(ours: np.ndarray, reference: np.ndarray) -> float:
    """The largest difference, relative to the largest value of the reference."""
    return float(np.abs(ours - reference).max() / np.abs(reference).max())


def random_input(mod: Any, seed: int = 0) -> np.ndarray:
    """Seeded numbers for the one input of ``main``."""
    shape = [int(size) for size in mod["main"].params[0].ty.shape.values]
    return np.random.default_rng(seed).standard_normal(shape).astype("float32")
