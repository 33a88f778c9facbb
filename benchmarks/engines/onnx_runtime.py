"""ONNX Runtime on the CPU, with all its graph optimisations and a thread pool of the size given."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from benchmarks.engines.server import arguments, serve


class OnnxRuntime:
    """A session with input and output bound: a run copies neither."""

    def __init__(self, path: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._binding = self._session.io_binding()
        self.facts = {"version": onnxruntime.__version__}

    def bind(self, row: np.ndarray) -> None:
        """Take the input of the runs to come."""
        value = onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(row))
        self._binding.clear_binding_inputs()
        self._binding.bind_ortvalue_input(self._input, value)
        self._binding.clear_binding_outputs()
        for name in self._outputs:
            self._binding.bind_output(name)

    def run(self) -> None:
        """Compute the outputs."""
        self._session.run_with_iobinding(self._binding)

    def outputs(self) -> list[np.ndarray]:
        """Copies of the outputs of the last run."""
        return [np.array(output) for output in self._binding.copy_outputs_to_cpu()]


if __name__ == "__main__":
    handle, path, threads = arguments()
    sys.exit(serve(handle, lambda: OnnxRuntime(path, threads)))
