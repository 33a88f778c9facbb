"""Mutants and the original take turns on one device, and each sees its own answers every time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tvm
from tvm import relax

from campaign_fixtures import demo_options, digits  # noqa: F401
from mutatenn.campaign.subject import Subject
from mutatenn.device import LlvmDevice
from mutatenn.lowering.kernel import compile_kernel, link, parse_target
from mutatenn.mutation.mutant import Mutant, plant

ROUNDS = 100


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Subject:  # noqa: F811
    return Subject.prepare(demo_options(digits, tmp_path_factory.mktemp("turns") / "out"))


def machine_outputs(module: Any, rows: np.ndarray) -> np.ndarray:
    """What TVM's own virtual machine answers, row by row."""
    machine = relax.VirtualMachine(tvm.compile(module.clone(), target="llvm"), tvm.cpu())
    return np.stack([machine["main"](tvm.runtime.tensor(row)).numpy() for row in rows])


def library(kernel: Any, folder: Path, name: str) -> Path:
    return link(compile_kernel(kernel, parse_target("llvm"), folder), folder / f"{name}.so")


def device(subject: Subject, folder: Path, **options: Any) -> LlvmDevice:
    lowered = subject.lowered
    kernels = {name: library(lowered.kernel(name), folder, name) for name in lowered.plan.kernels}
    return LlvmDevice(lowered.plan, lowered.weights, kernels, subject.inputs.rows, **options)


def mutant(subject: Subject, to: str) -> Mutant:
    """A mutant of the sum in the last kernel: it reads and writes nothing but what it should."""
    return next(
        found
        for found in subject.manifest().mutants
        if found.function == "fused_matmul_add3" and found.settings.get("to") == to
    )


@pytest.mark.parametrize("cache_mb", [1024, 0], ids=["activations kept", "computed anew"])
def test_the_golden_run_of_the_plan_is_tvms_own_bit_for_bit(
    subject: Subject, tmp_path: Path, cache_mb: int
) -> None:
    expected = machine_outputs(subject.lowered.module, subject.inputs.rows[0])
    with device(subject, tmp_path, cache_mb=cache_mb) as llvm:
        (output,) = llvm.golden().outputs
    assert output.tobytes() == expected.tobytes()


def test_two_mutants_and_the_original_take_turns_a_hundred_times(
    subject: Subject, tmp_path: Path
) -> None:
    rows, module = subject.inputs.rows[0], subject.lowered.module
    turns = []
    for planted in (mutant(subject, "sub"), mutant(subject, "min")):
        changed = plant(module, planted)
        made = library(changed[planted.function], tmp_path, planted.id)
        turns.append((made, machine_outputs(changed, rows)))
    golden = machine_outputs(module, rows)
    turns.append((library(module["fused_matmul_add3"], tmp_path, "same"), golden))
    assert len({expected.tobytes() for _, expected in turns}) == 3
    with device(subject, tmp_path) as llvm:
        assert llvm.golden().outputs[0].tobytes() == golden.tobytes()
        for turn in range(ROUNDS):
            for made, expected in turns:
                run = llvm.run("fused_matmul_add3", made)
                assert run.fate == "completed"
                assert run.outputs[0].tobytes() == expected.tobytes(), (turn, made.name)
