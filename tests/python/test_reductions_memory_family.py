"""The operators on reductions and memory on a whole model, for the CPU and for threads."""

from __future__ import annotations

from typing import Any

import pytest
import tvm
import tvm_ffi
from tvm import s_tir, tirx
from tvm.s_tir.dlight import gpu

from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.kernel_stage import lower_kernel
from mutatenn.lowering.program import program_of
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.mutation.accesses import accesses
from mutatenn.mutation.bounds import out_of_bounds
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.equivalence import prove_equivalent
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.probe import probe_kernel
from operator_kernels import changed_places

FAMILY = [op.id for op in _core.catalogue() if op.category in ("reductions", "memory")]


def for_threads(mod: Any, kind: str) -> Any:
    """The kernels of a module as dlight schedules them for a GPU, flat."""
    target = tvm.target.Target({"kind": kind, "host": {"kind": "llvm"}})
    rules = (gpu.Matmul(), gpu.Reduction(), gpu.GeneralReduction(), gpu.Fallback())
    with target:
        scheduled = s_tir.dlight.ApplyDefaultSchedule(*rules)(mod)
    kernels = {
        str(var.name_hint): lower_kernel(func, str(var.name_hint), target)
        for var, func in scheduled.functions.items()
        if isinstance(func, tirx.PrimFunc)
    }
    return tvm.IRModule(kernels)


@pytest.fixture(scope="module", params=["tensor", "kernel", "scheduled", "opencl"])
def lowered(request: pytest.FixtureRequest) -> Any:
    model = load(model_path())
    if request.param == "scheduled":
        return program_of(model, "kernel", resolve_target(None, "default"), "default").module
    if request.param == "opencl":
        return for_threads(at_stage(model, "tensor")[0], "opencl")
    return at_stage(model, request.param)[0]


@pytest.fixture(scope="module")
def mutants(lowered: Any) -> list[Any]:
    return enumerate_mutants(lowered, FAMILY, redundant=True)


def few(mutants: list[Any]) -> list[Any]:
    """Up to eight of each operator, spread over the model."""
    chosen = []
    for operator in FAMILY:
        mine = [mutant for mutant in mutants if mutant.operator == operator]
        chosen += mine[:: max(1, len(mine) // 8)]
    return chosen


def test_every_mutant_differs_at_its_place_alone(lowered: Any, mutants: list[Any]) -> None:
    assert {"drop-init", "tweak-init", "swap-combiner"} <= {one.operator for one in mutants}
    for mutant in few(mutants):
        changed = plant(lowered, mutant)[mutant.function]
        places = changed_places(lowered[mutant.function].body, changed.body)
        assert places and all(place.startswith(mutant.path) for place in places), mutant


def test_ids_are_unique_and_the_same_again(lowered: Any, mutants: list[Any]) -> None:
    again = [one.id for one in enumerate_mutants(lowered, FAMILY, redundant=True)]
    assert [one.id for one in mutants] == again
    assert len(set(again)) == len(again)


def test_a_planted_kernel_survives_json(lowered: Any, mutants: list[Any]) -> None:
    for mutant in few(mutants):
        changed = plant(lowered, mutant)[mutant.function]
        again = tvm.ir.load_json(tvm.ir.save_json(changed))
        assert tvm_ffi.structural_equal(changed, again), mutant


def test_every_mutant_can_be_asked_about(lowered: Any, mutants: list[Any]) -> None:
    """None of them is equal: what the analyzer proves of one is that nothing reaches it."""
    for mutant in few(mutants):
        original = lowered[mutant.function]
        changed = plant(lowered, mutant)[mutant.function]
        assert prove_equivalent(original, changed, mutant.path) is None, mutant
        out_of_bounds(accesses(original), changed)
        probed = probe_kernel(original, [mutant.path])
        assert len(probed.params) == len(original.params) + 1
