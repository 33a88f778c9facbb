"""Each scheduled kernel of a model alone: its speed, and its share of the machine's measured peak.

Arithmetic is counted in the kernel as it stands, channels that fill up a block included. Caches
are warm: the same launch runs again and again.
"""

from __future__ import annotations

import argparse
import collections
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tvm
from tvm import s_tir

from benchmarks.kernels_result import KernelsResult, KernelTimes, result_of
from benchmarks.models import DEMO, names_of, subject
from benchmarks.options import add_threads
from benchmarks.peak import Peak
from benchmarks.programs import Program, prepared_program, scheduled_program, use_threads
from mutatenn.lowering.fuse import launches
from mutatenn.lowering.plan import np_dtype
from mutatenn.model import load


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark may be told on the command line."""
    parser.add_argument("--model", help="a name or an .onnx file (default: squeezenet1.1)")
    add_threads(parser)


def measure(quick: bool, model: str | None = None, threads: int = 1) -> KernelsResult:
    """Time the kernels by turns with the peak.

    Raises:
        InputError: there is no such model.
        MutatennError: TVM's pool has another size already.
    """
    use_threads(threads)
    (name,) = names_of([model or (DEMO if quick else "squeezenet1.1")], quick)
    with tempfile.TemporaryDirectory() as folder:
        model_file = subject(name, Path(folder), 1).path
        prepared, scheduler = prepared_program(load(model_file), threads)
    program = scheduled_program(prepared, scheduler)
    peak = Peak(program.target, scheduler.lanes, threads)
    times = _times(program, peak, rounds=3 if quick else 7)
    work = {each: _flops(func) for each, func in prepared.kernels().items()}
    counts = collections.Counter(
        str(binding.value.args[0].name_hint) for binding in launches(prepared.module)
    )
    peaks = times.pop("")
    kernels = [KernelTimes(each, count, work[each], times[each]) for each, count in counts.items()]
    return result_of(f"{name}, {threads} threads,", kernels, peaks)


def _times(program: Program, peak: Peak, rounds: int) -> dict[str, list[float]]:
    """Ms of a launch by kernel and round; under the empty name the peak, GFLOP/s."""
    kernels = program.kernels()
    named = {each: func.with_attr("global_symbol", each) for each, func in kernels.items()}
    module = tvm.compile(tvm.IRModule(named), target=program.target).mod
    arguments = {each: _arguments(func) for each, func in kernels.items()}
    timers = {
        each: module.time_evaluator(each, tvm.cpu(), number=1, repeat=1, min_repeat_ms=20)
        for each in kernels
    }
    times: dict[str, list[float]] = {name: [] for name in ("", *kernels)}
    for _ in range(rounds):
        times[""].append(peak.gflops())
        for each, timer in timers.items():
            times[each].append(float(timer(*arguments[each]).results[0]) * 1e3)
    return times


def _arguments(func: Any) -> list[Any]:
    """A tensor per parameter: positive values, for denormal ones and NaN may be slow."""
    rng = np.random.default_rng(0)
    tensors = []
    for buffer in func.params:
        shape, dtype = [int(size) for size in buffer.shape], np_dtype(str(buffer.dtype))
        values = rng.uniform(0.5, 1.5, shape) if dtype.kind == "f" else np.zeros(shape)
        tensors.append(tvm.runtime.tensor(values.astype(dtype)))
    return tensors


def _flops(func: Any) -> float:
    return float(s_tir.analysis.estimate_tir_flops(tvm.IRModule({"main": func})))
