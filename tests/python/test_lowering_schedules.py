"""Lowering with schedules: the same answers, layers and code every time; without, what it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mutatenn import _core
from mutatenn.demo import inputs_path, model_path
from mutatenn.errors import InputError
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.fuse import fuse
from mutatenn.lowering.host import host_target
from mutatenn.lowering.prepare import prepare
from mutatenn.model import load
from schedule_fixtures import answers, resnet8, scheduled_digits, scheduled_resnet8

HASHES = """
from mutatenn import _core
from schedule_fixtures import scheduled_digits
lowered = scheduled_digits()
print(*(_core.kernel_hash(lowered.scheduled[name]) for name in lowered.plan.kernels))
"""


def layers(lowered: Lowered) -> list[str]:
    return [layer for launch in lowered.plan.launches for layer in launch.layers]


def hashes(lowered: Lowered) -> list[int]:
    return [_core.kernel_hash(lowered.scheduled[name]) for name in lowered.plan.kernels]


def require_close(plain: list[np.ndarray], scheduled: list[np.ndarray]) -> None:
    for expected, answer in zip(plain, scheduled, strict=True):
        assert np.abs(answer - expected).max() <= 1e-5 * np.abs(expected).max()


def test_scheduled_kernels_answer_as_plain_ones(tmp_path: Path) -> None:
    with np.load(inputs_path()) as stored:
        rows = stored["images"][:4]
    (tmp_path / "plain").mkdir()
    plain = answers(lower(load(model_path()), "llvm"), tmp_path / "plain", rows)
    require_close(plain, answers(scheduled_digits(), tmp_path, rows))


@pytest.mark.parametrize(
    "name", ["resnet8_cifar10_mlperftiny", "vnncomp_cifar10_small", "resnet20_cifar10"]
)
def test_scheduled_models_answer_as_plain_ones(data: Path, tmp_path: Path, name: str) -> None:
    model = load(data / "models" / f"{name}.onnx")
    plain, scheduled = lower(model, "llvm"), lower(model, host_target(), "default")
    shape = plain.plan.buffers[plain.plan.inputs[0]].shape
    rows = np.random.default_rng(3).normal(size=(2, *shape)).astype(np.float32)
    (tmp_path / "plain").mkdir()
    require_close(answers(plain, tmp_path / "plain", rows), answers(scheduled, tmp_path, rows))


def test_every_layer_keeps_its_name(data: Path) -> None:
    plain = lower(load(resnet8(data)), "llvm")
    scheduled = scheduled_resnet8(data)
    assert set(layers(scheduled)) == set(layers(plain))
    assert all(launch.layers for launch in scheduled.plan.launches)


def test_the_same_kernel_gets_the_same_steps_every_time() -> None:
    lowered = scheduled_digits()
    assert lowered.scheduler is not None
    for name in lowered.plan.kernels:
        first, second = (lowered.scheduler.schedule(lowered.kernel(name)) for _ in range(2))
        assert str(first.trace.as_json()) == str(second.trace.as_json())
        assert _core.kernel_hash(first.func) == _core.kernel_hash(second.func)


def test_another_process_makes_the_same_kernels() -> None:
    command = [sys.executable, "-c", HASHES]
    done = subprocess.run(
        command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    assert list(map(int, done.stdout.split())) == hashes(scheduled_digits())


def test_scheduling_leaves_the_kernels_that_mutants_are_planted_in() -> None:
    lowered = lower(load(model_path()), host_target(), "default")
    before = lowered.module.script()
    scheduled = [_core.kernel_hash(lowered.scheduled[name]) for name in lowered.plan.kernels]
    assert lowered.module.script() == before
    assert scheduled != [_core.kernel_hash(lowered.kernel(name)) for name in lowered.plan.kernels]


def test_without_schedules_kernels_are_those_of_fusion_alone() -> None:
    model = load(model_path())
    lowered, fused = lower(model, "llvm", "none"), fuse(model)
    assert lowered.scheduled is lowered.module
    assert lowered.notes == {}
    for name in lowered.plan.kernels:
        assert _core.kernel_hash(lowered.kernel(name)) == _core.kernel_hash(fused[name])


def test_a_graph_that_is_fused_already_is_not_prepared() -> None:
    fused = fuse(load(model_path()))
    assert prepare(fused, 8) is fused
    lowered = lower(fused, host_target(), "default")
    assert set(lowered.plan.kernels) == set(lower(fused, "llvm").plan.kernels)


def test_a_schedule_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="no schedule 'fast'; choose one of: none, default"):
        lower(load(model_path()), "llvm", "fast")


def test_a_target_without_schedules_is_refused() -> None:
    with pytest.raises(InputError, match=r"no schedules for targets of kind c .*--schedule none"):
        lower(load(model_path()), "c", "default")
