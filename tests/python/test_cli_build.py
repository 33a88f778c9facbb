"""`build`: a model, or a mutant of it, as a library that TVM loads and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax

import mutatenn as mn
from campaign_fixtures import Cli, cli, digits, listing  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode


@pytest.fixture
def row(digits: Path) -> Any:  # noqa: F811
    with np.load(digits) as stored:
        return tvm.runtime.tensor(stored["images"][0])


def answer_of(library: Path, row: Any) -> np.ndarray:
    machine = relax.VirtualMachine(tvm.runtime.load_module(str(library)), tvm.cpu())
    answer: np.ndarray = machine["main"](row).numpy()
    return answer


def test_a_built_model_answers_as_the_model(cli: Cli, tmp_path: Path, row: Any) -> None:  # noqa: F811
    answer = cli("build", model_path(), "-o", tmp_path / "m.so")
    assert (answer.code, answer.err) == (ExitCode.OK, "")
    assert answer.out == f"wrote {tmp_path / 'm.so'} for llvm\n"
    machine = relax.VirtualMachine(tvm.compile(mn.load(model_path()), target="llvm"), tvm.cpu())
    expected = machine["main"](row).numpy()
    assert answer_of(tmp_path / "m.so", row).tobytes() == expected.tobytes()
    assert listing(tmp_path).keys() == {"m.so"}


def test_a_built_mutant_answers_otherwise(cli: Cli, tmp_path: Path, row: Any) -> None:  # noqa: F811
    mutant = next(
        m
        for m in mn.sites(mn.load(model_path()), "swap-arith", to="sub")
        if m.function == "fused_matmul_add3"
    )
    arguments = ["--pass", "swap-arith", "--set", "to=sub", "--at", str(mutant.site)]
    answer = cli("build", model_path(), "-o", tmp_path / "mutant.so", *arguments)
    assert answer.code == ExitCode.OK
    assert answer.err == f"planted {mutant.id} in fused_matmul_add3\n"
    cli("build", model_path(), "-o", tmp_path / "original.so")
    mutated = answer_of(tmp_path / "mutant.so", row)
    assert (mutated != answer_of(tmp_path / "original.so", row)).any()


def test_a_mutant_that_tvm_rejects_is_not_written(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    rows = mn.sites(mn.load(model_path()), "swap-arith", to="div")
    relu = next(m for m in rows if m.function == "fused_conv2d_add_relu" and m.site_in_function > 6)
    arguments = ["--pass", "swap-arith", "--set", "to=div", "--at", relu.id]
    answer = cli("build", model_path(), "-o", tmp_path / "m.so", *arguments)
    assert answer.code == ExitCode.USAGE
    assert answer.err.splitlines()[-1].startswith("mutatenn-ir: TVM rejects the module for llvm: ")
    assert "Divide by zero" in answer.err and "Traceback" not in answer.err
    assert listing(tmp_path) == {}


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("m.o", "m.o does not end in .so"),
        ("nowhere/m.so", "nowhere is no folder; make it first"),
        ("folder.so", "folder.so cannot be written: "),
    ],
)
def test_a_file_that_cannot_be_written_is_told(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    output: str,
    what: str,
) -> None:
    (tmp_path / "folder.so").mkdir()
    answer = cli("build", model_path(), "-o", tmp_path / output)
    assert answer.code == ExitCode.USAGE
    assert what in answer.err.splitlines()[-1]
    assert listing(tmp_path).keys() == {"folder.so"}
