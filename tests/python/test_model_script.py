"""TVMScript files are executed only when trusted, and must define one module."""

from __future__ import annotations

from pathlib import Path

import pytest
import tvm_ffi

from mutatenn.errors import InputError
from mutatenn.model import layers_of, load
from mutatenn.model.layers import bindings

HEAD = """from tvm.script import ir as I
from tvm.script import relax as R
"""
MODULE = """
@I.ir_module
class {name}:
    @R.function
    def main(x: R.Tensor((2, 3), dtype="float32")) -> R.Tensor((2, 3), dtype="float32"):
        with R.dataflow():
            y = R.{operator}(x)
            R.output(y)
        return y
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "m.py"
    path.write_text(text)
    return path


def test_a_script_is_not_executed_without_trust(tmp_path: Path) -> None:
    path = written(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(InputError, match="pass --trust"):
        load(path)
    assert not (tmp_path / "ran").exists()


def test_a_trusted_script_gives_its_module(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + MODULE.format(name="M", operator="abs"))
    mod = load(path, trust=True)
    assert mod["main"].body.blocks[0].bindings[0].value.op.name == "relax.abs"


def test_a_second_name_for_the_module_is_no_second_module(tmp_path: Path) -> None:
    text = HEAD + MODULE.format(name="M", operator="abs")
    once = load(written(tmp_path, text), trust=True)
    assert tvm_ffi.structural_equal(load(written(tmp_path, text + "mod = M\n"), trust=True), once)


def test_a_changed_script_is_read_anew(tmp_path: Path) -> None:
    for operator in ("abs", "exp"):
        path = written(tmp_path, HEAD + MODULE.format(name="M", operator=operator))
        call = load(path, trust=True)["main"].body.blocks[0].bindings[0].value
        assert call.op.name == f"relax.{operator}"


def test_places_in_the_script_are_not_taken_for_layers(tmp_path: Path) -> None:
    mod = load(written(tmp_path, HEAD + MODULE.format(name="M", operator="abs")), trust=True)
    assert [layers_of(binding) for binding in bindings(mod["main"])] == [()]


def test_what_a_script_prints_stays_off_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD + MODULE.format(name="M", operator="abs") + "print('hello')\n"
    load(written(tmp_path, text), trust=True)
    assert capsys.readouterr().out == ""


def test_nothing_is_written_beside_the_script(tmp_path: Path) -> None:
    load(written(tmp_path, HEAD + MODULE.format(name="M", operator="abs")), trust=True)
    assert [path.name for path in tmp_path.iterdir()] == ["m.py"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x = 1\n", "defines 0 IRModules;"),
        (
            HEAD
            + MODULE.format(name="A", operator="abs")
            + MODULE.format(name="B", operator="exp"),
            r"defines 2 IRModules \(A, B\)",
        ),
        ("x = 1\nx = (\n", r"m\.py, line 2: SyntaxError"),
        ("x = 1\n\ny = 1 / 0\n", r"m\.py, line 3: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(3)\n", r"m\.py, line 2: SystemExit: 3"),
        ("import nothing_of_this_name\n", r"m\.py, line 1: ModuleNotFoundError"),
        (
            HEAD + MODULE.format(name="M", operator="frobnicate"),
            r"m\.py, line 9: DiagnosticError: module .*frobnicate",
        ),
    ],
)
def test_a_script_that_gives_no_module_is_told_why(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(InputError, match=part) as caught:
        load(written(tmp_path, text), trust=True)
    assert "\n" not in str(caught.value)
