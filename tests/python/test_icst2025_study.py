"""Studies of the predecessor's rows on the demo model: statuses, outcomes, an independent path."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax

from mutatenn.campaign.icst2025 import outcome as outcome_module
from mutatenn.campaign.icst2025.builder import Builder, Setup
from mutatenn.campaign.icst2025.outcome import Contest
from mutatenn.campaign.icst2025.study import Fed, RowResult, study
from mutatenn.campaign.icst2025.worker import BuildWorker
from mutatenn.demo import inputs_path, model_path
from mutatenn.device.limits import Limits
from mutatenn.errors import InputError
from mutatenn.lowering.stage import at_stage, tir_pipeline_of
from mutatenn.lowering.whole_program import WholeProgram
from mutatenn.model import load
from mutatenn.mutation.icst2025 import read_rows
from mutatenn.mutation.icst2025.planting import places_of, plant_together

IMAGES = 20
SOME = (1, 2, 3, 5, 10, 11, 13, 17, 18, 19, 20, 21)


@pytest.fixture(scope="module")
def images() -> Any:
    with np.load(inputs_path()) as stored:
        return stored["images"][:IMAGES].astype("float32")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[int, RowResult]:
    setup = Setup(model_path(), "none", None, tmp_path_factory.mktemp("rows"))
    found = study(setup, Fed(inputs_path(), limit=IMAGES), rows=SOME)
    return {result.row: result for result in found}


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return Builder(Setup(model_path(), "none", None, tmp_path_factory.mktemp("programs")))


@pytest.fixture(scope="module")
def original(builder: Builder) -> WholeProgram:
    return builder.original()


def answers(mod: Any, images: Any) -> np.ndarray:
    """What TVM's own compilation of a module, run by its own machine, gives."""
    executable = tvm.compile(mod, target="llvm", tir_pipeline=tir_pipeline_of(mod, "llvm"))
    machine = relax.VirtualMachine(executable, tvm.cpu())
    return np.stack([machine["main"](tvm.runtime.tensor(row)).numpy() for row in images])


def test_every_row_that_was_asked_for_has_a_status(results: dict[int, RowResult]) -> None:
    statuses = {number: result.status for number, result in results.items()}
    assert statuses == {
        1: "applies",
        2: "equivalent",
        3: "duplicate",
        5: "matches nothing",
        10: "applies",
        11: "applies",
        13: "applies",
        17: "equivalent",
        18: "duplicate",
        19: "applies",
        20: "applies",
        21: "duplicate",
    }
    assert (results[1].sites, results[1].reason) == (6, "6 calls")
    assert results[19].reason.endswith(" kernels") and results[19].functions > 1
    assert {n: results[n].duplicate_of for n in (3, 18, 21)} == {3: 1, 18: 19, 21: 20}


def test_what_is_no_mutant_is_not_run(results: dict[int, RowResult]) -> None:
    assert all(results[number].outcome is None for number in (2, 5, 17))
    for number in (1, 10, 11, 13, 19, 20):
        outcome = results[number].outcome
        assert outcome is not None and outcome.ending == "answered" and outcome.images == IMAGES
        assert json.loads(json.dumps(results[number].to_dict()))["outcome"]["images"] == IMAGES
        assert outcome.differing > 0 or number == 19


@pytest.mark.parametrize("number", [1, 10, 11, 13])
def test_another_compilation_of_the_mutant_gives_as_many_other_classes(
    results: dict[int, RowResult], images: Any, number: int
) -> None:
    row = read_rows().row(number)
    mod = at_stage(load(model_path()), row.stage)[0]
    mutant = plant_together(mod, places_of(mod, row).mutants)
    golden, given = answers(mod, images), answers(mutant, images)
    outcome = results[number].outcome
    assert outcome is not None and not np.isnan(given).any()
    assert outcome.differing == int((golden.argmax(-1) != given.argmax(-1)).sum())
    assert outcome.classes == len(np.unique(given.argmax(-1)))


def test_a_program_without_mutants_answers_as_tvm_does(
    builder: Builder, original: WholeProgram, images: Any
) -> None:
    contest = Contest(original, [images])
    assert np.allclose(contest.golden[0], answers(load(model_path()), images), rtol=1e-5, atol=1e-5)
    outcome, given = contest.outcome(original)
    assert (outcome.ending, outcome.differing, outcome.share) == ("answered", 0, 0.0)
    assert given is not None and np.array_equal(given[0], contest.golden[0])


def test_one_place_alone_is_another_program(builder: Builder, original: WholeProgram) -> None:
    row = read_rows().row(11)
    one, every = builder.row(row, range(2, 3)), builder.row(row)
    assert (one.sites, every.sites) == (1, 6)
    assert one.program is not None and every.program is not None
    prints = {original.fingerprint, one.program.fingerprint, every.program.fingerprint}
    assert len(prints) == 3
    with pytest.raises(InputError, match="positions 6:7 hold none of the 6 places"):
        builder.row(row, range(6, 7))


def test_equal_kernels_are_compiled_once(builder: Builder) -> None:
    first, again = builder.row(read_rows().row(11)), builder.row(read_rows().row(11))
    assert first.program is not None and again.program is not None
    assert first.program.fingerprint == again.program.fingerprint
    assert first.program.libraries == again.program.libraries


def test_an_output_of_another_shape_is_told_and_not_run(
    original: WholeProgram, images: Any
) -> None:
    contest = Contest(original, [images])
    (index,) = original.plan.outputs
    buffers = list(original.plan.buffers)
    buffers[index] = dataclasses.replace(buffers[index], shape=(1, 7))
    plan = dataclasses.replace(original.plan, buffers=tuple(buffers))
    outcome, given = contest.outcome(dataclasses.replace(original, plan=plan, libraries={}))
    assert (outcome.ending, outcome.share, given) == ("shape", None, None)
    assert outcome.detail == "output 0 is float32[1, 7], but was float32[1, 10]"


@pytest.mark.parametrize(("longer", "ending"), [(1, "hang"), (60_000, "answered")])
def test_a_clock_alone_proves_no_hang(
    original: WholeProgram,
    images: Any,
    monkeypatch: pytest.MonkeyPatch,
    longer: int,
    ending: str,
) -> None:
    contest = Contest(original, [images])
    contest._limits = Limits(golden_ms=1)
    monkeypatch.setattr(outcome_module, "_LONGER", longer)
    assert contest.outcome(original)[0].ending == ending


def test_a_worker_that_dies_refuses_the_row_and_is_replaced(tmp_path: Path) -> None:
    with BuildWorker(Setup(model_path(), "none", None, tmp_path), 300) as worker:
        pid = worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert worker.row(2).refusal == "worker: the process that built the mutant died"
        assert worker.pid != pid
        assert worker.row(2).named == 1


def test_a_row_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    with BuildWorker(Setup(model_path(), "none", None, tmp_path), 0.01) as worker:
        assert worker.row(11).refusal == "clock: building took longer than 0.01 s"


def test_a_model_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.onnx"):
        BuildWorker(Setup(tmp_path / "nothing.onnx", "none", None, tmp_path), 60)


def test_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row 23; they are numbered 1 to 22"):
        study(Setup(model_path(), "none", None, tmp_path), Fed(inputs_path()), rows=[2, 23])


def test_the_script_prints_rows_by_model(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "icst2025.py"), str(model_path())]
    command += ["--inputs", str(inputs_path()), "--limit", "4", "--rows", "2", "11"]
    command += ["--schedule", "none", "--positions", "0:1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert (told["mode"], told["preset"]["name"]) == ("positions", "icst2025")
    rows = told["models"]["digits"]
    assert [(row["row"], row["status"], row["sites"]) for row in rows] == [
        (2, "equivalent", 0),
        (11, "applies", 1),
    ]
    assert told["without_sites"] == [2]


def test_the_table_has_a_line_a_row(root: Path, results: dict[int, RowResult]) -> None:
    script = _script(root)
    lines = list(script._table({"digits": list(results.values())}))
    assert lines[0] == "| row | title | category | digits |"
    assert len(lines) == 3 + 2 * len(SOME)
    assert lines[2 + SOME.index(18)].endswith("| duplicate of 19 |")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--inputs", "x", "--positions", "3"], "is no range such as 0:1"),
        (["--inputs", "x", "y", "z"], "give one --inputs for each of the 2 models"),
    ],
)
def test_the_script_refuses_what_it_cannot_use(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert _script(root).main(["a.onnx", "b.onnx", *arguments]) == 2
    assert words in capsys.readouterr().err


def _script(root: Path) -> Any:
    spec = importlib.util.spec_from_file_location("icst2025", root / "scripts" / "icst2025.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
