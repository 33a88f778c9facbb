"""Whatever is wrong with what the user gave: one sentence, the documented code, nothing written."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tvm.script import tirx as T  # noqa: N812

from campaign_fixtures import Cli, Finished, cli, digits, finished, listing  # noqa: F401
from campaign_kernels import far, model
from mutatenn.demo import inputs_path, model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import host_target
from mutatenn.model import save

NOTES = (
    "reading and lowering the model ...",
    "the model was legalised and fused first",
    f"target {host_target()}",
)


@dataclasses.dataclass(frozen=True)
class Case:
    """A wrong command line; ``given`` puts files into the current folder first."""

    arguments: str
    says: str
    code: ExitCode = ExitCode.USAGE
    given: Callable[[], Any] = lambda: None


def run(more: str, inputs: str = "INPUTS", model: str = "MODEL") -> str:
    return f"run {model} --inputs {inputs} --out out --sample 1 {more}"


def truncated() -> None:
    data = model_path().read_bytes()
    Path("cut.onnx").write_bytes(data[: len(data) // 2])


def pictures() -> None:
    Path("pictures").mkdir()
    Image.new("L", (8, 8)).save("pictures/one.png")


def labelled() -> None:
    pictures()
    Path("labels.csv").write_text("file,class_index\none.png,1\ntwo.png,2\n")


def plain_json() -> None:
    Path("data.json").write_text('{"a": 1}')


def no_json() -> None:
    Path("text.json").write_text("hello")


def wrong_shape() -> None:
    np.save("wrong.npy", np.zeros((3, 1, 1, 9, 9), np.float32))


def a_file() -> None:
    Path("out").write_text("mine")


def script() -> None:
    Path("m.py").write_text("raise SystemExit('this must not run')")


def crashing() -> None:
    save(model(8, T.serial, far), "crashing.json")
    np.save("x.npy", np.ones((2, 8), np.float32))


CASES = {
    "a missing model": Case("import nowhere.onnx -o m.json", "nowhere.onnx: no such file"),
    "a folder for a model": Case("import . -o m.json", "a folder, not a model file"),
    "a model of another kind": Case("import INPUTS -o m.json", "not a model file by its name"),
    "a truncated ONNX file": Case("import cut.onnx -o m.json", "cut.onnx: ", given=truncated),
    "a truncated ONNX file in a run": Case(run("", model="cut.onnx"), "cut.onnx", given=truncated),
    "JSON that is no module": Case(
        "sites data.json --pass swap-cmp", "no root_index", given=plain_json
    ),
    "a .json that is no JSON": Case("apply text.json --pass swap-cmp", "not JSON", given=no_json),
    "an untrusted script": Case("sites m.py --pass swap-cmp", "--trust", given=script),
    "a batch for a script": Case(
        "sites m.py --pass swap-cmp --batch 2", "--batch is for .onnx", given=script
    ),
    "missing inputs": Case(run("", inputs="nowhere"), "the inputs nowhere do not exist"),
    "an empty folder of inputs": Case(
        run("--preprocess mnist", inputs="empty"), "empty", given=lambda: Path("empty").mkdir()
    ),
    "pictures without preprocessing": Case(
        run("", inputs="pictures"), "--preprocess", given=pictures
    ),
    "labels of absent pictures": Case(
        run("--preprocess mnist --labels labels.csv", inputs="pictures"), "two.png", given=labelled
    ),
    "missing labels": Case(run("--labels nowhere.csv"), "nowhere.csv"),
    "inputs of another shape": Case(
        run("", inputs="wrong.npy"), "has shape [3, 1, 1, 9, 9]", given=wrong_shape
    ),
    "an unknown preprocessing": Case(run("--preprocess nothing"), "nothing"),
    "an unknown operator": Case("sites MODEL --pass swap-nothing", "swap-nothing"),
    "an unknown operator in a run": Case(run("--operators swap-cmp,swap-nothing"), "swap-nothing"),
    "an unknown parameter": Case(
        "apply MODEL --pass swap-cmp --set nothing=le -o m.json", "nothing"
    ),
    "an unknown choice": Case("apply MODEL --pass swap-cmp --set to=nothing -o m.json", "nothing"),
    "a setting without a value": Case(
        "apply MODEL --pass swap-cmp --set to -o m.json", "'to' is not NAME=VALUE"
    ),
    "a setting given twice": Case(
        "apply MODEL --pass swap-cmp --set to=le --set to=lt -o m.json", "to is given twice"
    ),
    "an unknown oracle": Case(run("--oracle nothing"), "nothing"),
    "an unknown device": Case(run("--device nothing"), "there is no device 'nothing'"),
    "an unknown target": Case(run("--target nothing"), "'nothing' is not a target"),
    "a target that is not the device's": Case(run("--target opencl"), "--target is of kind opencl"),
    "an unknown target of a library": Case(
        "build MODEL --target nothing -o m.so", "'nothing' is not a target"
    ),
    "a place past the last": Case(
        "apply MODEL --pass swap-cmp --at 9999 -o m.json",
        "has no site 9999 in the module: there are ",
    ),
    "a range past the last": Case(
        "apply MODEL --pass swap-cmp --at 1:9999 -o m.json", "has no site "
    ),
    "a place before the first": Case(
        "apply MODEL --pass swap-cmp --at -1 -o m.json", "has no site -1 in the module: there are "
    ),
    "a number of too many digits": Case(
        "apply MODEL --pass swap-cmp --at 0:99999999 -o m.json", "is no site number"
    ),
    "settings that fit nowhere": Case(
        "apply MODEL --pass swap-cmp --set from=eq -o m.json", "swap-cmp [from=eq] fits none of"
    ),
    "an empty range": Case(
        "apply MODEL --pass swap-cmp --at 5:2 -o m.json", "--at '5:2' is no site number"
    ),
    "a place that is none": Case(
        "apply MODEL --pass swap-cmp --at first -o m.json", "--at 'first' is no site number"
    ),
    "an unknown mutant": Case(
        "apply MODEL --pass swap-cmp --at swap-cmp-00 -o m.json", "has no mutant swap-cmp-00"
    ),
    "a setting that does not fit a place": Case(
        "apply MODEL --pass swap-cmp --at 0 --set from=lt -o m.json",
        "swap-cmp [from=lt] does not fit site 0 in the module, which takes: ",
    ),
    "a place without an operator": Case("build MODEL --at 3 -o m.so", "give --pass too"),
    "an output that cannot be read back": Case(
        "import MODEL -o m.txt", "ends neither in .json nor"
    ),
    "an output in no folder": Case(
        "apply MODEL --pass swap-cmp -o nowhere/m.json", "cannot be written"
    ),
    "a file where the campaign should go": Case(
        run(""), "out is a file; give --out a folder", given=a_file
    ),
    "a folder below a file": Case(
        run("").replace("--out out", "--out out/here"), "out/here cannot be written", given=a_file
    ),
    "an empty sample": Case("demo --sample 0", "--sample"),
    "no such folder to report": Case("report nowhere", "give the folder of a campaign"),
    "an unknown report format": Case("report nowhere --format pdf", "'pdf'"),
    "no such folder to show": Case("show abc --out nowhere", "give the folder of a campaign"),
    "a missing option": Case("sites MODEL", "--pass"),
    "an unknown option": Case("sites MODEL --nothing", "--nothing"),
    "an unknown command": Case("nothing", "'nothing'"),
    "an original that crashes": Case(
        run("", model="crashing.json", inputs="x.npy"),
        "do not run: SIGSEGV",
        ExitCode.BASELINE,
        crashing,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_told_in_one_sentence_and_nothing_is_written(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: Case,
) -> None:
    monkeypatch.chdir(tmp_path)
    case.given()
    before = listing(tmp_path)
    names = {"MODEL": str(model_path()), "INPUTS": str(inputs_path())}
    answer = cli(*(names.get(word, word) for word in case.arguments.split()))
    assert answer.code == case.code, answer.err
    *notes, sentence = answer.err.splitlines()
    assert sentence.startswith("mutatenn-ir: ")
    assert case.says in sentence
    allowed = (*NOTES, "compiling the original kernels ...", "golden runs ...")
    assert set(notes) <= {*(allowed if case.code == ExitCode.BASELINE else NOTES)}
    assert answer.out == ""
    assert listing(tmp_path) == before


def test_the_process_ends_with_the_same_code_and_sentence() -> None:
    command = [sys.executable, "-m", "mutatenn.cli.app", "import", "nowhere.onnx", "-o", "m.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "mutatenn-ir: nowhere.onnx: no such file; check the path.\n"
    assert done.stdout == ""


def test_a_folder_with_a_campaign_is_left_as_it_was(cli: Cli, finished: Finished) -> None:  # noqa: F811
    before = listing(finished.folder)
    answer = cli("run", model_path(), "--inputs", inputs_path(), "--out", finished.folder)
    assert answer.code == ExitCode.USAGE
    assert "holds a campaign already" in answer.err
    assert listing(finished.folder) == before


def test_a_mutant_that_is_not_in_the_campaign_is_told(cli: Cli, finished: Finished) -> None:  # noqa: F811
    answer = cli("show", "swap-cmp-zz", "--out", finished.folder)
    assert answer.code == ExitCode.USAGE
    assert "no mutant in " in answer.err


def test_a_report_that_cannot_be_written_is_told(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    finished: Finished,  # noqa: F811
) -> None:
    for name in ("manifest.json", "journal.sqlite"):
        (tmp_path / name).write_bytes((finished.folder / name).read_bytes())
    (tmp_path / "report").write_text("mine")
    answer = cli("report", tmp_path)
    assert answer.code == ExitCode.USAGE
    assert "summary.json cannot be written" in answer.err
    assert (tmp_path / "report").read_text() == "mine"


def test_a_defect_is_told_as_one_with_its_code(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("mutatenn.cli.sites.load", broken)
    answer = cli("sites", model_path(), "--pass", "swap-cmp")
    assert answer.code == ExitCode.INTERNAL
    assert "ZeroDivisionError: a defect" in answer.err
    assert answer.err.splitlines()[-1].startswith("mutatenn-ir: this is a defect of mutatenn")


def test_a_reader_that_leaves_early_is_no_failure() -> None:
    command = f"{sys.executable} -m mutatenn.cli.app sites {model_path()} --pass swap-arith --json"
    script = f"{command} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.OK
    assert done.stderr == "the model was legalised and fused first\n"
