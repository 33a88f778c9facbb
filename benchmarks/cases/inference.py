"""Inference of one image: ours, TVM's default and ONNX Runtime, each in a process of its own.

All have the same number of threads, take turns in blocks of runs, and hold their input and output
in place. Ours and TVM's default run in TVM's Relax virtual machine, so that a whole run is timed,
its storage and its dispatch included.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib.util
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.contest import Pace, Restartable, contest
from benchmarks.engines.process import EngineProcess
from benchmarks.inference_result import (
    DEFAULT,
    OURS,
    REFERENCE,
    Agreement,
    InferenceResult,
    ModelTimes,
    result_of,
)
from benchmarks.models import Subject, names_of, subject
from benchmarks.options import add_models, add_rows, add_threads
from benchmarks.plot import check_plot, write_plot
from mutatenn.errors import MissingToolError, MutatennError

PROGRAMS = {OURS: "ours", DEFAULT: "tvm_default"}
"""The engines that are compiled here, and their modules."""
FULL, QUICK = Pace(rounds=15, block_ms=200), Pace(rounds=5, block_ms=50)
DEFAULT_ROWS = 4
"""Rows on which the unscheduled model, which is slow, is compared."""
PATIENCE_SECONDS = 1
"""It is compared on one row if that takes longer."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark may be told on the command line."""
    add_models(parser)
    add_threads(parser)
    add_rows(parser)
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write a picture: .svg or .png")


def measure(
    quick: bool,
    models: Sequence[str] | None = None,
    threads: int = 1,
    rows: int | None = None,
    plot: Path | None = None,
) -> InferenceResult:
    """Time the models; progress goes to stderr.

    Raises:
        InputError: a model or the plot's file cannot be used.
        MissingToolError: ONNX Runtime, or matplotlib for a plot, is not installed.
        MutatennError: an engine ended or gave outputs that are not finite.
    """
    if importlib.util.find_spec("onnxruntime") is None:
        raise MissingToolError("onnxruntime is not installed: install mutatenn[benchmarks]")
    names = names_of(models, quick)
    if plot is not None:
        check_plot(plot)
    limit = rows or (DEFAULT_ROWS if quick else 100)
    measured = []
    for number, name in enumerate(names, 1):
        print(f"{number}/{len(names)} {name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            measured.append(_measured(subject(name, Path(folder), limit), threads, quick))
    result = result_of(measured, threads)
    if plot is not None:
        write_plot(result, plot)
    return result


def _measured(model: Subject, threads: int, quick: bool) -> ModelTimes:
    with contextlib.ExitStack() as stack:
        start = functools.partial(EngineProcess, "onnx_runtime", model.path, threads)
        # Before the others: a process of ONNX Runtime that starts on a busy machine may stay slow.
        reference = Restartable(start, model.rows[:1], calls=20)
        stack.callback(reference.close)
        engines = {
            engine: stack.enter_context(EngineProcess(module, model.path, threads))
            for engine, module in PROGRAMS.items()
        }
        facts = {engine: dict(process.wait()) for engine, process in engines.items()}
        facts[REFERENCE] = dict(reference.process.wait())
        agreement = _agreement(engines, reference.process, model)
        pace = QUICK if quick else FULL
        blocks, _ = contest(engines, reference, REFERENCE, pace)
        restarts = reference.restarts + reference.slow_at_start
        return ModelTimes(model.name, blocks, agreement, restarts, facts)


def _agreement(
    engines: dict[str, EngineProcess], reference: EngineProcess, model: Subject
) -> Agreement:
    few = model.rows[:: max(1, len(model.rows) // DEFAULT_ROWS)][:DEFAULT_ROWS]
    start = time.perf_counter()
    default = engines[DEFAULT].outputs(few[:1])
    if time.perf_counter() - start < PATIENCE_SECONDS:
        default = engines[DEFAULT].outputs(few)
    rows = len(default[0])
    ours_few = engines[OURS].outputs(few[:rows])
    ours, theirs = engines[OURS].outputs(model.rows), reference.outputs(model.rows)
    if not all(np.isfinite(array).all() for array in (*default, *ours, *theirs)):
        raise MutatennError(f"{model.name} gives values that are not finite; nothing to compare")
    same = [_classes(mine) == _classes(other) for mine, other in zip(ours, theirs, strict=True)]
    together = np.logical_and.reduce(same)
    return Agreement(
        _difference(ours_few[-1], default[-1]),
        rows,
        _difference(ours[-1], theirs[-1]),
        int(together.sum()),
        len(model.rows),
    )


def _difference(mine: np.ndarray, theirs: np.ndarray) -> float:
    """The largest one, relative to the largest value."""
    return float(np.abs(mine - theirs).max() / np.abs(theirs).max())


def _classes(output: np.ndarray) -> np.ndarray:
    classes: np.ndarray = output.reshape(len(output), -1).argmax(axis=1)
    return classes
