"""What schedules cost when kernels are compiled: each kernel with and without, by turns.

*Unscheduled* is the very kernel that *scheduled* is made from; *default* are the kernels of the
model that was not prepared, as a campaign without schedules compiles them. All go through what a
campaign compiles mutants with. Finding the schedule is timed apart: a mutant replays it.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.models import names_of, subject
from benchmarks.options import add_models, add_threads
from benchmarks.programs import Program, default_program, prepared_program
from benchmarks.result import Result
from mutatenn.lowering.kernel import compile_kernel
from mutatenn.model import load

DEFAULT, UNSCHEDULED, SCHEDULED = "default", "unscheduled", "scheduled"
SCHEDULING = "finding the schedule"


@dataclasses.dataclass(frozen=True)
class _Kernel:
    """A kernel in one of its forms, to be compiled for a target."""

    case: str
    name: str
    func: Any
    target: Any


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this benchmark may be told on the command line."""
    add_models(parser)
    add_threads(parser, default=1)


def measure(quick: bool, models: Sequence[str] | None = None, threads: int = 1) -> Result:
    """Compile every kernel of the models; progress goes to stderr.

    Raises:
        InputError: there is no such model.
    """
    samples: dict[str, list[float]] = {
        case: [] for case in (DEFAULT, UNSCHEDULED, SCHEDULED, SCHEDULING)
    }
    slowest = dict.fromkeys(samples, (0.0, ""))
    names = names_of(models, quick)
    for number, name in enumerate(names, 1):
        print(f"{number}/{len(names)} {name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            mod = load(subject(name, Path(folder), 1).path)
        for case, kernel, ms in _model(mod, threads, rounds=1 if quick else 3):
            samples[case].append(ms)
            slowest[case] = max(slowest[case], (ms, f"{name}: {kernel}"))
    result = Result("compile_time", "ms per kernel", samples, {}, {})
    for other in (UNSCHEDULED, DEFAULT):
        ratio = result.median(SCHEDULED) / result.median(other)
        result.ratios[f"{SCHEDULED} ÷ {other}, medians"] = ratio
    for case, times in samples.items():
        result.figures[f"{case}: kernels"] = len(times)
        longest, kernel = slowest[case]
        result.figures[f"{case}: most ms ({kernel})"] = longest
    return result


def _model(mod: Any, threads: int, rounds: int) -> list[tuple[str, str, float]]:
    """Case, kernel and ms (the median of the rounds) of all kernels of a model."""
    default = default_program(mod)
    prepared, scheduler = prepared_program(mod, threads)
    rows, turns = [], [[each] for each in _forms(DEFAULT, default)]
    for kernel in _forms(UNSCHEDULED, prepared):
        start = time.perf_counter()
        scheduled = scheduler.schedule(kernel.func).func
        rows.append((SCHEDULING, kernel.name, (time.perf_counter() - start) * 1e3))
        turns.append([kernel, dataclasses.replace(kernel, case=SCHEDULED, func=scheduled)])
    # So that what default and scheduled kernels are compiled among is the same.
    turns.sort(key=lambda forms: forms[0].name)
    spent: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for kernel in (each for forms in turns for each in forms):
                ms = _compile_ms(kernel, Path(folder))
                spent.setdefault((kernel.case, kernel.name), []).append(ms)
    rows += [(case, name, statistics.median(ms)) for (case, name), ms in spent.items()]
    return rows


def _forms(case: str, program: Program) -> list[_Kernel]:
    return [_Kernel(case, name, func, program.target) for name, func in program.kernels().items()]


def _compile_ms(kernel: _Kernel, scratch: Path) -> float:
    start = time.perf_counter()
    compile_kernel(kernel.func, kernel.target, scratch)
    return (time.perf_counter() - start) * 1e3
