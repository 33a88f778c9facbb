"""Stage kernel: TVM's own pipeline in two halves, and mutants planted between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tvm
from tvm import tirx

from mutatenn import _core
from mutatenn.demo import model_path
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import SYMBOL, compile_kernel, parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.tir_halves import tir_pipeline
from mutatenn.model import load, save
from mutatenn.mutation.diff import changed_functions
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import plant

TARGET = parse_target("llvm")


@pytest.fixture(scope="module")
def digits() -> Lowered:
    return lower(load(model_path()), "llvm")


@pytest.fixture(scope="module")
def flat(digits: Lowered) -> Any:
    return lower_kernels(digits.module, TARGET)


def test_the_cut_pipeline_without_passes_gives_tvms_own_bytes(
    digits: Lowered, tmp_path: Path
) -> None:
    for name in digits.plan.kernels:
        func = digits.kernel(name).with_attr("global_symbol", SYMBOL)
        built = []
        for pipeline in ("default", tir_pipeline()):
            mod = tvm.IRModule({SYMBOL: func})
            path = tmp_path / "kernel.o"
            tvm.compile(mod, target=TARGET, tir_pipeline=pipeline).mod.write_to_file(
                str(path), "obj"
            )
            built.append(path.read_bytes())
        assert built[0] == built[1], name


def test_a_kernel_lowered_beforehand_compiles_to_the_same_bytes(
    digits: Lowered, flat: Any, tmp_path: Path
) -> None:
    for name in digits.plan.kernels:
        whole = compile_kernel(digits.kernel(name), TARGET, tmp_path)
        halves = compile_kernel(flat[name], TARGET, tmp_path)
        assert whole.sha256 == halves.sha256, name


def test_lowering_the_kernels_leaves_the_module_alone(digits: Lowered) -> None:
    before = digits.module.script()
    lower_kernels(digits.module, TARGET)
    assert digits.module.script() == before


def test_the_stage_of_a_function_is_told_from_its_form(digits: Lowered, flat: Any) -> None:
    name = digits.plan.kernels[0]
    assert _core.stage_of(digits.kernel(name)) == "tensor"
    assert _core.stage_of(flat[name]) == "kernel"


def test_mutants_of_the_two_stages_have_different_ids_and_say_where_they_belong(
    digits: Lowered, flat: Any
) -> None:
    operators = ["swap-cmp", "swap-arith"]
    tensor = enumerate_mutants(digits.module, operators)
    kernel = enumerate_mutants(flat, operators)
    assert {(m.stage, m.lowering) for m in tensor} == {("tensor", "")}
    assert {(m.stage, m.lowering) for m in kernel} == {("kernel", "cpu")}
    assert not {m.id for m in tensor} & {m.id for m in kernel}
    assert len({m.id for m in kernel}) == len(kernel)


def test_llvm_and_c_share_mutants_as_they_share_a_lowering(digits: Lowered, flat: Any) -> None:
    for_c = lower_kernels(digits.module, parse_target("c"))
    ids = [{m.id for m in enumerate_mutants(mod, ["swap-cmp"])} for mod in (flat, for_c)]
    assert ids[0] == ids[1]


def test_a_mutant_of_flat_code_changes_one_function_and_is_verified(flat: Any) -> None:
    mutants = enumerate_mutants(flat, ["swap-cmp", "swap-arith", "negate-cond"])
    for mutant in mutants[:: max(1, len(mutants) // 40)]:
        planted = plant(flat, mutant)
        assert changed_functions(flat, planted) == [mutant.function]
        func = planted[mutant.function]
        assert tirx.analysis.verify_well_formed(func) and tirx.analysis.verify_ssa(func)


def test_flat_mutants_survive_a_round_trip_through_json(flat: Any, tmp_path: Path) -> None:
    save(flat, tmp_path / "flat.json")
    again = load(tmp_path / "flat.json")
    ids = [[m.id for m in enumerate_mutants(mod, ["swap-arith"])] for mod in (flat, again)]
    assert ids[0] == ids[1]
