"""``--schedule`` of the commands that show, plant and build."""

# mypy: disable-error-code="untyped-decorator, valid-type, no-untyped-def"

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax
from tvm.script import tirx as T  # noqa: N812

from campaign_fixtures import Cli, cli, demo_options, digits  # noqa: F401
from campaign_kernels import model
from mutatenn.campaign.subject import Subject
from mutatenn.demo import model_path
from mutatenn.exit_codes import ExitCode
from mutatenn.lowering.host import host_target
from mutatenn.lowering.stage import SECOND_HALF
from mutatenn.model import load, save


def answer_of(library: Path, digits: Path) -> np.ndarray:  # noqa: F811
    return answer(tvm.runtime.load_module(str(library)), digits)


def answer(executable: object, digits: Path) -> np.ndarray:  # noqa: F811
    machine = relax.VirtualMachine(executable, tvm.cpu())
    with np.load(digits) as stored:
        found: np.ndarray = machine["main"](tvm.runtime.tensor(stored["images"][0])).numpy()
    return found


def close(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.abs(one - other).max() <= 1e-5 * np.abs(other).max())


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_a_scheduled_library_answers_as_a_plain_one_and_its_mutant_does_not(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
    stage: str,
) -> None:
    cli("build", model_path(), "-o", tmp_path / "plain.so")
    plain = answer_of(tmp_path / "plain.so", digits)
    arguments = [model_path(), "--schedule", "default", "--stage", stage]
    built = cli("build", *arguments, "-o", tmp_path / "fast.so")
    assert built.code == ExitCode.OK
    assert built.out == f"wrote {tmp_path / 'fast.so'} for {host_target()}\n"
    assert close(answer_of(tmp_path / "fast.so", digits), plain)
    mutant = ["--pass", "swap-arith", "--set", "to=sub"]
    assert cli("build", *arguments, *mutant, "-o", tmp_path / "mutant.so").code == ExitCode.OK
    assert not close(answer_of(tmp_path / "mutant.so", digits), plain)


@pytest.mark.parametrize("stage", ["tensor", "kernel"])
def test_sites_under_schedules_are_those_of_a_campaign(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
    stage: str,
) -> None:
    arguments = ["--pass", "swap-cmp", "--stage", stage, "--schedule", "default", "--json"]
    shown = {row["id"] for row in json.loads(cli("sites", model_path(), *arguments).out)}
    options = demo_options(
        digits, tmp_path, stage=stage, schedule="default", operators=("swap-cmp",)
    )
    assert shown == {mutant.id for mutant in Subject.prepare(options).manifest().mutants}


def test_flat_scheduled_code_compiles_as_the_note_says(
    cli: Cli,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    arguments = ["--pass", "swap-cmp", "--stage", "kernel", "--schedule", "default"]
    told = cli("apply", model_path(), *arguments, "-o", tmp_path / "m.json")
    assert told.code == ExitCode.OK
    assert f"tvm.compile(mod, '{host_target()}', tir_pipeline=\"{SECOND_HALF}\")" in told.err
    mod = load(tmp_path / "m.json")
    target = tvm.target.Target(host_target())
    executable = tvm.compile(mod, target, tir_pipeline=SECOND_HALF)
    assert answer(executable, digits).shape == (1, 10)


def in_two_steps(length: int, loop: Callable[[Any], Any]) -> Any:
    """Twice the input and one, stored before it is whole: no rule's block."""

    @T.prim_func(private=True, s_tir=True)
    def kernel(x: T.Buffer((length,), "float32"), y: T.Buffer((length,), "float32")) -> None:
        for i in loop(length):
            with T.sblock("steps"):
                v = T.axis.spatial(length, i)
                y[v] = x[v] * T.float32(2.0)
                y[v] = y[v] + T.float32(1.0)

    return kernel


def test_what_no_rule_could_do_is_told_when_asked(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    save(model(8, T.serial, in_two_steps), tmp_path / "steps.json")
    np.save(tmp_path / "x.npy", np.ones((2, 8), np.float32))
    arguments = ["run", tmp_path / "steps.json", "--inputs", tmp_path / "x.npy", "--sample", "1"]
    silent = cli(*arguments, "--out", tmp_path / "silent")
    assert silent.code == ExitCode.OK
    assert "scale: steps: " not in silent.err
    told = cli(*arguments, "--out", tmp_path / "told", "--verbose").err.splitlines()
    assert any(line.startswith("scale: steps: it is ") for line in told)
