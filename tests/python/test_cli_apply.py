"""`apply`: one fault is planted in a model, told as a diff, and written as a module that runs."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
import tvm_ffi
from tvm import relax

import mutatenn as mn
from campaign_fixtures import Cli, cli, digits, listing  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.fuse import fuse
from mutatenn.mutation.diff import changed_functions

SCRIPT = """
from tvm.script import ir as I
from tvm.script import tirx as T

@I.ir_module
class Module:
    @T.prim_func(s_tir=True)
    def clip(A: T.Buffer((8,), "float32"), C: T.Buffer((8,), "float32")):
        for i in range(8):
            if A[i] < T.float32(1):
                C[i] = A[i]
            else:
                C[i] = T.float32(1)
"""


@pytest.fixture(scope="module")
def lowered() -> Any:
    return fuse(mn.load(model_path()))


def read(path: Path) -> Any:
    data = path.read_bytes()
    return tvm.ir.load_json((gzip.decompress(data) if path.suffix == ".gz" else data).decode())


def changed_kernels(before: Any, after: Any) -> list[str]:
    """Names of the kernels that differ; all else must be equal."""
    # Compared one by one, two functions that call the same kernel of two modules differ.
    names = [name for name in changed_functions(before, after) if name != "main"]
    restored = after.clone()
    for name in names:
        restored.update_func(restored.get_global_var(name), before[name])
    assert tvm_ffi.structural_equal(restored, before)
    return names


def answers(module: Any, rows: np.ndarray) -> np.ndarray:
    machine = relax.VirtualMachine(tvm.compile(module.clone(), target="llvm"), tvm.cpu())
    return np.stack([machine["main"](tvm.runtime.tensor(row)).numpy() for row in rows])


def hunks(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("@@")]


def test_the_first_place_by_launch_is_mutated_and_told(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    lowered: Any,
) -> None:
    output = tmp_path / "m.json"
    answer = cli("apply", model_path(), "--pass", "swap-cmp", "-o", output)
    assert answer.code == ExitCode.OK
    assert answer.err == "the model was legalised and fused first\n"
    head, *_, last = answer.out.splitlines()
    first = next(m for m in mn.sites(lowered, "swap-cmp") if m.function == "fused_conv2d_add_relu")
    assert head == (
        f"{first.id}: swap-cmp to=lt at site {first.site} in fused_conv2d_add_relu (conv1, relu1)"
    )
    assert last == f"wrote {output}"
    assert changed_kernels(lowered, read(output)) == ["fused_conv2d_add_relu"]


def test_the_diff_has_one_changed_place(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    answer = cli("apply", model_path(), "--pass", "swap-cmp", "-o", tmp_path / "m.json")
    assert len(hunks(answer.out)) == 1
    changes = [line for line in answer.out.splitlines() if line[:1] in "+-"]
    assert changes[:2] == ["--- fused_conv2d_add_relu", "+++ fused_conv2d_add_relu (mutant)"]
    before, after = changes[2:]
    assert before[1:].replace("T.int64(1) <= v_i2", "T.int64(1) < v_i2", 1) == after[1:]


def test_the_mutant_compiles_runs_and_answers_otherwise(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    lowered: Any,
    digits: Path,  # noqa: F811
) -> None:
    output = tmp_path / "m.json"
    cli("apply", model_path(), "--pass", "swap-cmp", "-o", output)
    with np.load(digits) as stored:
        rows = stored["images"]
    assert (answers(read(output), rows) != answers(lowered, rows)).any()


def test_without_an_output_the_mutant_lies_beside_the_model(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    model = tmp_path / "digits.onnx"
    model.write_bytes(model_path().read_bytes())
    assert cli("apply", "--pass", "swap-cmp", model).code == ExitCode.OK
    assert listing(tmp_path).keys() == {"digits.onnx", "digits.mutant.json"}


@pytest.mark.parametrize("name", ["model.json", "model.json.gz"])
def test_modules_in_json_give_the_mutant_of_the_onnx_file(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    name: str,
) -> None:
    cli("import", model_path(), "-o", tmp_path / name)
    cli("apply", model_path(), "--pass", "swap-arith", "-o", tmp_path / "onnx.json")
    answer = cli("apply", tmp_path / name, "--pass", "swap-arith")
    assert answer.code == ExitCode.OK
    assert tvm_ffi.structural_equal(
        read(tmp_path / "model.mutant.json"), read(tmp_path / "onnx.json")
    )


def test_a_mutant_can_be_mutated_again(cli: Cli, tmp_path: Path, lowered: Any) -> None:  # noqa: F811
    once, twice = tmp_path / "once.json", tmp_path / "twice.json.gz"
    cli("apply", model_path(), "--pass", "swap-cmp", "-o", once)
    answer = cli("apply", once, "--pass", "swap-arith", "--at", "0", "-o", twice)
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    (second,) = changed_kernels(read(once), read(twice))
    both = {"fused_conv2d_add_relu", second}
    assert set(changed_kernels(lowered, read(twice))) == both


def chosen(cli: Cli, tmp_path: Path, *more: str) -> list[dict[str, Any]]:  # noqa: F811
    arguments = ["apply", model_path(), "--pass", "swap-cmp", "-o", tmp_path / "m.json", "--json"]
    answer = cli(*arguments, *more)
    assert answer.code == ExitCode.OK, answer.err
    rows: list[dict[str, Any]] = json.loads(answer.out)["mutants"]
    return rows


def test_a_number_chooses_that_place(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    (row,) = chosen(cli, tmp_path, "--at", "5")
    assert row["site"] == 5


def test_a_range_chooses_its_places_without_the_end(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    assert [row["site"] for row in chosen(cli, tmp_path, "--at", "2:5")] == [2, 3, 4]


def test_an_id_chooses_that_mutant(cli: Cli, tmp_path: Path, lowered: Any) -> None:  # noqa: F811
    wanted = mn.sites(lowered, "swap-cmp")[7]
    (row,) = chosen(cli, tmp_path, "--at", wanted.id)
    assert (row["id"], row["settings"]) == (wanted.id, wanted.settings)


def test_all_chooses_every_place_once(cli: Cli, tmp_path: Path, lowered: Any) -> None:  # noqa: F811
    places = {mutant.site for mutant in mn.sites(lowered, "swap-cmp")}
    rows = chosen(cli, tmp_path, "--at", "all")
    assert [row["site"] for row in rows] == sorted(places)
    changed = changed_kernels(lowered, read(tmp_path / "m.json"))
    assert changed == sorted({row["function"] for row in rows})


def test_a_setting_chooses_the_replacement(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    (row,) = chosen(cli, tmp_path, "--set", "to=ne")
    assert row["settings"]["to"] == "ne"


def test_json_tells_the_diff_and_the_file(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    arguments = ["apply", model_path(), "--pass", "swap-cmp", "-o", tmp_path / "m.json"]
    told = json.loads(cli(*arguments, "--json").out)
    assert told["output"] == str(tmp_path / "m.json")
    assert told["diff"] in cli(*arguments).out


def test_what_tvmscript_cannot_print_is_written_all_the_same(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    rows = mn.sites(mn.load(model_path()), "swap-arith", to="div")
    relu = next(m for m in rows if m.function == "fused_conv2d_add_relu" and m.site_in_function > 6)
    output = tmp_path / "m.json"
    arguments = ["--pass", "swap-arith", "--set", "to=div", "--at", relu.id, "-o", output]
    answer = cli("apply", model_path(), *arguments)
    assert answer.code == ExitCode.OK
    assert "TVMScript cannot print it: " in answer.out
    assert output.is_file()


def test_a_script_is_executed_only_where_it_is_trusted(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    script = tmp_path / "clip.py"
    script.write_text(SCRIPT + "print('executed')\n")
    refused = cli("apply", script, "--pass", "swap-cmp")
    assert refused.code == ExitCode.USAGE
    assert "--trust" in refused.err and "executed\n" not in refused.err
    assert listing(tmp_path).keys() == {"clip.py"}
    trusted = cli("apply", script, "--pass", "swap-cmp", "--set", "to=gt", "--trust")
    assert trusted.code == ExitCode.OK
    assert "+            if A[i] > T.float32(1.0):" in trusted.out.splitlines()
    kernel = tvm.compile(read(tmp_path / "clip.mutant.json"), target="llvm")
    x = np.linspace(-2, 3, 8, dtype="float32")
    out = tvm.runtime.tensor(np.zeros(8, "float32"))
    kernel["clip"](tvm.runtime.tensor(x), out)
    np.testing.assert_array_equal(out.numpy(), np.where(x > 1, x, 1))
