"""TVM's Relax virtual machine over kernels compiled here, scheduled or as TVM leaves them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from tvm import relax

from benchmarks.programs import (
    Program,
    default_program,
    described,
    prepared_program,
    scheduled_program,
)
from mutatenn.model import load


class RelaxVm:
    """A virtual machine with input and output in place: a run copies neither.

    The plan runner is no measure of inference: between two launches it paints outputs and looks
    at guard zones. The machine runs the same kernels in the same order, over planned storage.
    """

    def __init__(self, program: Program, facts: dict[str, Any]) -> None:
        start = time.perf_counter()
        executable = tvm.compile(
            program.module,
            target=program.target,
            relax_pipeline=relax.get_pipeline("default_build"),
        )
        self.facts = facts | {
            "version": tvm.__version__,
            "target": described(program.target),
            "kernels": len(program.kernels()),
            "compile seconds": time.perf_counter() - start,
            "threads": int(tvm.get_global_func("runtime.NumThreads")()),
        }
        self._vm = relax.VirtualMachine(executable, tvm.cpu())

    def bind(self, row: np.ndarray) -> None:
        """Take the input of the runs to come."""
        self._vm.set_input("main", tvm.runtime.tensor(np.ascontiguousarray(row)))

    def run(self) -> None:
        """Compute the outputs."""
        self._vm.invoke_stateful("main")

    def outputs(self) -> list[np.ndarray]:
        """Copies of the outputs of the last run."""
        found = self._vm.get_outputs("main")
        tensors = [found] if isinstance(found, tvm.runtime.Tensor) else list(found)
        return [np.array(tensor.numpy()) for tensor in tensors]


def unscheduled(path: Path) -> RelaxVm:
    """The model as TVM's default lowers it."""
    return RelaxVm(default_program(load(path)), {})


def scheduled(path: Path, threads: int) -> RelaxVm:
    """The model prepared and scheduled for the host."""
    start = time.perf_counter()
    prepared, scheduler = prepared_program(load(path), threads)
    middle = time.perf_counter()
    program = scheduled_program(prepared, scheduler)
    facts = {
        "prepare seconds": middle - start,
        "schedule seconds": time.perf_counter() - middle,
    }
    return RelaxVm(program, facts)
