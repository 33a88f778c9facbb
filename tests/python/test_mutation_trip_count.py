"""Trip counts: what a static loop nest says before anything runs."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tvm
from tvm import tirx
from tvm.script import tirx as T  # noqa: N812

from mutatenn.campaign import compile_worker
from mutatenn.campaign.compile_worker import KernelBuilder
from mutatenn.campaign.compiled import TRIP_COUNT, Task
from mutatenn.demo import model_path
from mutatenn.lowering.extract import lower
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.trip_count import never_ends, trip_count


def nest(extent: int) -> Any:
    """A kernel that stores into 64 elements, ``extent`` times three times."""

    @T.prim_func(s_tir=True)
    def kernel(x: T.Buffer((64,), "float32")):
        for i, _ in T.grid(extent, 3):
            with T.sblock("x"):
                v_i = T.axis.spatial(extent, i)
                x[v_i % 64] = x[v_i % 64] + T.float32(1)

    return kernel


@T.prim_func(s_tir=True)
def endless(x: T.Buffer((1,), "float32")):
    while x[0] < T.float32(1):
        x[0] = x[0] + T.float32(1)


def test_a_nest_counts_its_stores() -> None:
    assert trip_count(nest(64).body) == 64 * 3


def test_an_extent_that_is_a_sum_of_constants_is_a_constant() -> None:
    loop = nest(64).body.block.body
    extent = tirx.Add(tirx.IntImm("int32", 60), tirx.IntImm("int32", 4))
    longer = tirx.For(loop.loop_var, loop.min, extent, loop.kind, loop.body)
    assert trip_count(longer) == 64 * 3


def test_a_loop_on_a_condition_cannot_be_counted() -> None:
    assert trip_count(endless.body) is None
    assert never_ends(endless, endless) == ""


@pytest.mark.parametrize(("extent", "ends"), [(64, True), (6400, True), (6464, False)])
def test_more_than_a_hundredfold_count_never_ends(extent: int, ends: bool) -> None:
    said = never_ends(nest(64), nest(extent))
    assert (said == "") is ends
    assert ends or "101 times as often" in said


def test_both_stages_of_every_kernel_of_the_demo_can_be_counted() -> None:
    lowered = lower(load(model_path()), "llvm")
    flat = lower_kernels(lowered.module, parse_target("llvm"))
    for name in lowered.plan.kernels:
        counts = [trip_count(mod[name].body) for mod in (lowered.module, flat)]
        assert all(count is not None and count > 0 for count in counts), name


def test_the_compile_worker_does_not_build_what_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, mutated = (tvm.IRModule({"kernel": nest(extent)}) for extent in (64, 64_000))
    monkeypatch.setattr(compile_worker, "plant", lambda mod, mutant: mutated)
    (mutant, *_) = enumerate_mutants(original, ["swap-arith"])
    compiled = KernelBuilder(original, "llvm", tmp_path).do(Task("kernel", mutant))
    assert compiled.library is None
    assert compiled.rejected_by == TRIP_COUNT
    assert "1000 times as often" in compiled.reason
    assert compiled.diff
