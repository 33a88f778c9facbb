"""Runs written down and read back, and the command that builds bundles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bundle_fixtures import rows_file
from campaign_fixtures import Cli, cli  # noqa: F401
from mutatenn.demo import model_path
from mutatenn.device.bundle.contents import Contents
from mutatenn.device.bundle.run_file import answers_of, run_from_json, run_to_json
from mutatenn.device.evidence import MutantRun, OutOfBoundsWrite, RowEvidence
from mutatenn.exit_codes import ExitCode

WRITE = OutOfBoundsWrite(3, "after", 4, 8, 2, "B")


def a_run(golden: np.ndarray, outputs: np.ndarray, again: np.ndarray | None) -> MutantRun:
    rows = [
        RowEvidence("masked", -1, False, ()),
        RowEvidence("propagated", 1, True, (WRITE,)),
        RowEvidence("not run", -1, False, ()),
    ]
    assert len(golden) == len(rows)
    seconds = None if again is None else [again]
    return MutantRun("crash", "It ended.", rows, [outputs], seconds, 1.5, 7)


@pytest.mark.parametrize("second", [False, True])
def test_a_run_is_read_back_as_it_was_written(second: bool) -> None:
    golden = np.zeros((3, 2), np.float32)
    outputs = golden.copy()
    outputs[1] = np.nan, -0.0
    again = np.ones_like(golden) if second else None
    run = a_run(golden, outputs, again)
    answers = answers_of(run, [golden], "x-")
    assert answers["x-a-rows"].tolist() == [1]
    back = run_from_json(run_to_json(run), [golden], answers, "x-")
    assert (back.fate, back.detail, back.rows) == (run.fate, run.detail, run.rows)
    assert (back.seconds, back.launches) == (1.5, 7)
    assert back.outputs[0].tobytes() == outputs.tobytes()
    if again is None:
        assert back.outputs_b is None
    else:
        assert back.outputs_b is not None and back.outputs_b[0].tobytes() == again.tobytes()


def test_build_writes_a_bundle_for_gpus_without_one(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    target = '{"kind": "cuda", "arch": "sm_90", "max_num_threads": 1024, "host": "llvm"}'
    path = tmp_path / "m.pyz"
    arguments = ("--device", "cuda", "--target", target, "--mutants", 1, "--operators", "swap-cmp")
    answer = cli("build", model_path(), "--bundle", path, *arguments)
    assert answer.code == ExitCode.OK, answer.err
    assert answer.out.startswith(f"wrote {path}: mutants: ")
    assert answer.out.endswith("1 to run; no inputs\n")
    contents = Contents(path)
    assert contents.family == "cuda" and "sm_90" in contents.head["target"]
    assert contents.inputs() is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--device", "llvm"), "a bundle is made for opencl or cuda, not for 'llvm'"),
        (("--pass", "swap-cmp"), "leave out --pass, --at, --set, -o"),
        (("--schedule", "default"), "leave --schedule out"),
        (("--seed", 3), "give --mutants N"),
        (("--preprocess", "raw"), "give that too"),
        (("--mutants", 2, "--stage", "graph"), "are whole programs"),
        (("--mutants", "no.json", "--seed", 1), "the manifest decides what --seed says"),
        (("--mutants", "no.json"), "no.json is not there"),
        (("--mutants", 0), "--mutants 0 asks for none"),
    ],
)
def test_bundles_that_cannot_be_made_are_refused(
    cli: Cli,  # noqa: F811
    tmp_path: Path,
    arguments: tuple[object, ...],
    said: str,
) -> None:
    answer = cli("build", model_path(), "--bundle", tmp_path / "m.pyz", *arguments)
    assert answer.code == ExitCode.USAGE
    assert said in answer.err
    assert not (tmp_path / "m.pyz").exists()


def test_options_of_bundles_need_a_bundle(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    answer = cli("build", model_path(), "-o", tmp_path / "m.so", "--mutants", 3)
    assert answer.code == ExitCode.USAGE and "give --bundle too" in answer.err
    answer = cli("build", model_path(), "--with-inputs", rows_file(tmp_path))
    assert answer.code == ExitCode.USAGE and "give --bundle too" in answer.err
    answer = cli("build", model_path())
    assert answer.code == ExitCode.USAGE and "--bundle FILE" in answer.err
