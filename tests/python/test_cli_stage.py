"""`--stage`: `sites`, `apply` and `build` reach the places and mutants of a campaign's stage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax

from campaign_fixtures import Cli, cli, digits, listing  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering import tir_pipeline
from mutatenn.lowering.fuse import fuse
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.stage import SECOND_HALF, at_stage, tir_pipeline_of
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant
from mutatenn.transform import SwapArith

LOWERED = "the model was legalised, fused and lowered to flat kernels for llvm first"


@pytest.fixture(scope="module")
def fused() -> Any:
    return fuse(load(model_path()))


@pytest.fixture(scope="module")
def mutants(fused: Any) -> list[Mutant]:
    """The mutants that a campaign plants, found as it finds them."""
    return enumerate_mutants(lower_kernels(fused, parse_target("llvm")), ["swap-arith"])


@pytest.fixture(scope="module")
def chosen(mutants: list[Mutant]) -> Mutant:
    """The bias of the last layer is subtracted: every answer changes."""
    return [m for m in mutants if m.function == "fused_matmul_add3" and m.settings["to"] == "sub"][
        -1
    ]


@pytest.fixture(scope="module")
def row(digits: Path) -> Any:  # noqa: F811
    with np.load(digits) as stored:
        return tvm.runtime.tensor(stored["images"][0])


def answer_of(executable: Any, row: Any) -> np.ndarray:
    answer: np.ndarray = relax.VirtualMachine(executable, tvm.cpu())["main"](row).numpy()
    return answer


@pytest.fixture(scope="module")
def expected(fused: Any, chosen: Mutant, row: Any) -> bytes:
    """What the chosen mutant answers, planted by its pass amid TVM's own pipeline."""
    planted = SwapArith(site=chosen.site_in_function, function=chosen.function, to="sub")
    name = tir_pipeline([planted])
    executable = tvm.compile(fused.clone(), target="llvm", tir_pipeline=name)
    return answer_of(executable, row).tobytes()


@pytest.fixture(scope="module")
def original(fused: Any, row: Any) -> bytes:
    """What the model itself answers."""
    return answer_of(tvm.compile(fused.clone(), target="llvm"), row).tobytes()


def test_sites_lists_the_mutants_of_a_campaign(cli: Cli, mutants: list[Mutant]) -> None:  # noqa: F811
    arguments = ["sites", model_path(), "--pass", "swap-arith", "--json"]
    answer = cli(*arguments, "--stage", "kernel")
    assert (answer.code, answer.err) == (ExitCode.OK, LOWERED + "\n")
    rows = json.loads(answer.out)
    assert [row["id"] for row in rows] == [mutant.id for mutant in mutants]
    assert [row["layers"] for row in rows] == [list(mutant.layers) for mutant in mutants]
    assert all(row["before"] for row in rows)


def test_the_stage_is_tensor_where_none_is_given(cli: Cli) -> None:  # noqa: F811
    arguments = ["sites", model_path(), "--pass", "swap-cmp", "--json"]
    plain = cli(*arguments)
    assert plain.out == cli(*arguments, "--stage", "tensor").out
    assert {row["stage"] for row in json.loads(plain.out)} == {"tensor"}


def test_a_built_mutant_of_stage_kernel_answers_as_in_tvms_pipeline(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    chosen: Mutant,
    row: Any,
    expected: bytes,
    original: bytes,
) -> None:
    output = tmp_path / "m.so"
    arguments = ["--pass", "swap-arith", "--stage", "kernel", "--at", chosen.id]
    answer = cli("build", model_path(), "-o", output, *arguments)
    assert answer.code == ExitCode.OK, answer.err
    assert answer.err == f"{LOWERED}\nplanted {chosen.id} in {chosen.function}\n"
    mutated = answer_of(tvm.runtime.load_module(str(output)), row)
    assert mutated.tobytes() == expected
    assert expected != original


def test_a_model_built_at_stage_kernel_without_a_fault_answers_as_the_model(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    row: Any,
    original: bytes,
) -> None:
    output = tmp_path / "m.so"
    assert cli("build", model_path(), "-o", output, "--stage", "kernel").code == ExitCode.OK
    assert answer_of(tvm.runtime.load_module(str(output)), row).tobytes() == original


def test_an_applied_mutant_of_stage_kernel_builds_as_the_note_says(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    chosen: Mutant,
    row: Any,
    expected: bytes,
) -> None:
    output = tmp_path / "m.json"
    arguments = ["--pass", "swap-arith", "--stage", "kernel", "--at", chosen.id]
    answer = cli("apply", model_path(), "-o", output, *arguments)
    assert answer.code == ExitCode.OK, answer.err
    assert answer.out.startswith(f"{chosen.id}: swap-arith to=sub at site {chosen.site} in ")
    assert f'tvm.compile(mod, "llvm", tir_pipeline="{SECOND_HALF}")' in answer.err
    module = tvm.ir.load_json(output.read_text())
    mutated = answer_of(tvm.compile(module, "llvm", tir_pipeline=SECOND_HALF), row)
    assert mutated.tobytes() == expected


def test_a_file_of_flat_kernels_can_be_built(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    chosen: Mutant,
    row: Any,
    expected: bytes,
) -> None:
    arguments = ["--pass", "swap-arith", "--stage", "kernel", "--at", chosen.id]
    cli("apply", model_path(), "-o", tmp_path / "m.json", *arguments)
    answer = cli("build", tmp_path / "m.json", "-o", tmp_path / "m.so")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    mutated = answer_of(tvm.runtime.load_module(str(tmp_path / "m.so")), row)
    assert mutated.tobytes() == expected


def test_flat_kernels_are_built_for_their_own_target_only(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    cli("apply", model_path(), "--pass", "swap-cmp", "--stage", "kernel", "-o", tmp_path / "m.json")
    answer = cli("build", tmp_path / "m.json", "-o", tmp_path / "m.so", "--target", "c")
    assert answer.code == ExitCode.USAGE
    assert "is flat code for " in answer.err
    assert listing(tmp_path).keys() == {"m.json"}


@pytest.mark.parametrize("command", ["apply", "build"])
@pytest.mark.parametrize(("stage", "other"), [("tensor", "kernel"), ("kernel", "tensor")])
def test_an_id_of_the_other_stage_is_told_with_the_option_it_needs(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    fused: Any,
    command: str,
    stage: str,
    other: str,
) -> None:
    foreign = enumerate_mutants(at_stage(fused, other)[0], ["swap-arith"])[0].id
    output = tmp_path / ("m.json" if command == "apply" else "m.so")
    arguments = ["--pass", "swap-arith", "--at", foreign, "--stage", stage, "-o", output]
    answer = cli(command, model_path(), *arguments)
    assert answer.code == ExitCode.USAGE
    assert answer.err.splitlines()[-1] == (
        f"mutatenn-ir: swap-arith has no mutant {foreign} at stage {stage}; if the id is of stage "
        f"{other}, add --stage {other}"
    )
    assert listing(tmp_path) == {}


def test_an_id_that_the_settings_exclude_is_not_blamed_on_the_stage(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    chosen: Mutant,
) -> None:
    arguments = ["--pass", "swap-arith", "--stage", "kernel", "--at", chosen.id, "--set", "to=mul"]
    answer = cli("apply", model_path(), *arguments, "-o", tmp_path / "m.json")
    assert answer.code == ExitCode.USAGE
    assert answer.err.splitlines()[-1] == (
        f"mutatenn-ir: swap-arith [to=mul] does not fit mutant '{chosen.id}', which is "
        f"[{chosen.replacement}]"
    )


@pytest.mark.parametrize("command", ["sites", "apply", "build"])
def test_a_stage_that_there_is_not_is_refused(cli: Cli, tmp_path: Path, command: str) -> None:  # noqa: F811
    output = {"sites": [], "apply": ["-o", tmp_path / "m.json"], "build": ["-o", tmp_path / "m.so"]}
    arguments = ["--pass", "swap-cmp", "--stage", "relay", *output[command]]
    answer = cli(command, model_path(), *arguments)
    assert answer.code == ExitCode.USAGE
    wanted = "there is no stage 'relay'; give --stage tensor or --stage kernel"
    assert answer.err == f"mutatenn-ir: {wanted}\n"
    assert listing(tmp_path) == {}


def test_bringing_a_module_to_stage_kernel_twice_changes_nothing_more(fused: Any) -> None:
    before = fused.script()
    once, lowered = at_stage(fused, "kernel")
    twice, again = at_stage(once, "kernel")
    assert (lowered, again) == (True, False)
    assert once.script() == twice.script()
    assert fused.script() == before


def test_only_flat_kernels_skip_the_first_half(fused: Any) -> None:
    assert tir_pipeline_of(fused, "llvm") == "default"
    assert tir_pipeline_of(at_stage(fused, "kernel")[0], "llvm") == SECOND_HALF
