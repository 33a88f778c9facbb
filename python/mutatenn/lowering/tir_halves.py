"""TVM's default TIR pipeline in two halves, cut right before host and device are split.

TVM's own list of passes runs twice, each time with one half of it skipped by a pass instrument, so
that there is no copy of the list that could drift.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import tvm
from tvm.ir.instrument import pass_instrument
from tvm.tirx.compilation_pipeline import get_tir_pipeline, register_tir_pipeline

from mutatenn.errors import MutatennError

CUT = "tirx.SplitHostDevice"
"""The pass with which the second half begins."""
# Passes that only hold others: skipping one would skip both halves.
_CONTAINERS = ("sequential", "_pipeline")
_numbers = itertools.count()


@pass_instrument
class _Half:
    """Lets one half of the pipeline run; ``None`` of its passes is named but the cut."""

    def __init__(self, second: bool) -> None:
        self._second = second
        self.reached_cut = False

    def should_run(self, mod: Any, info: Any) -> bool:
        if info.name in _CONTAINERS:
            return True
        self.reached_cut = self.reached_cut or info.name == CUT
        return self.reached_cut == self._second


def first_half(mod: Any) -> Any:
    """Lower a module of scheduled TIR, targets bound, to flat TIR before the split.

    Args:
        mod: an IRModule; TVM is given a copy.
    """
    return _run_half(mod, second=False)


def second_half(mod: Any) -> Any:
    """Go on from what ``first_half`` gave, the split included.

    Args:
        mod: an IRModule; TVM is given a copy.
    """
    return _run_half(mod, second=True)


def tir_pipeline(kernel_passes: Sequence[Any] = ()) -> str:
    """TVM's default TIR pipeline with passes right before the host and device code are split.

    Args:
        kernel_passes: module passes, such as ``mutatenn.transform.SwapCmp(site=0)``; they see flat
            loops, explicit predicates and vector code. With none, code is byte for byte TVM's.

    Returns:
        A name for ``tvm.compile(mod, target, tir_pipeline=...)``, which accepts names only.
    """
    passes = list(kernel_passes)

    @tvm.transform.module_pass(opt_level=0, name="mutatenn.tir_pipeline")  # type: ignore[untyped-decorator]
    def pipeline(mod: Any, _context: Any) -> Any:
        lowered = first_half(mod)
        for kernel_pass in passes:
            lowered = kernel_pass(lowered)
        return second_half(lowered)

    _, finalize_host, finalize_device = get_tir_pipeline("s_tir")
    name = f"mutatenn_{next(_numbers)}"
    register_tir_pipeline(name, lambda: (pipeline, finalize_host, finalize_device))
    return name


def register_second_half() -> str:
    """A pipeline for functions that are through the first half already.

    Returns:
        Its name, for ``tvm.compile(..., tir_pipeline=...)``.
    """

    @tvm.transform.module_pass(opt_level=0, name="mutatenn.second_half")  # type: ignore[untyped-decorator]
    def pipeline(mod: Any, _context: Any) -> Any:
        return second_half(mod)

    _, finalize_host, finalize_device = get_tir_pipeline("s_tir")
    name = "mutatenn_second_half"
    register_tir_pipeline(name, lambda: (pipeline, finalize_host, finalize_device))
    return name


def _run_half(mod: Any, *, second: bool) -> Any:
    pipeline, _, _ = get_tir_pipeline("s_tir")
    half = _Half(second)
    outer = tvm.transform.PassContext.current()
    context = tvm.transform.PassContext(
        opt_level=outer.opt_level, config=dict(outer.config), instruments=[half]
    )
    with context:
        done = pipeline(mod.clone())
    if not half.reached_cut:
        raise MutatennError(f"TVM's TIR pipeline no longer has the pass {CUT}")
    return done
