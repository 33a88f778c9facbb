"""Models lowered with schedules, and what they answer."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np

from campaign_fixtures import OPERATORS
from mutatenn.demo import model_path
from mutatenn.device import LlvmDevice
from mutatenn.lowering.backends.llvm import LlvmBackend
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.host import host_target
from mutatenn.lowering.kernel import link, parse_target
from mutatenn.lowering.mutant_kernel import KernelCompiler
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant, plant


@functools.cache
def scheduled_digits() -> Lowered:
    """The demo's model under the default schedules."""
    return lower(load(model_path()), host_target(), "default")


@functools.cache
def scheduled_resnet8(data: Path) -> Lowered:
    return lower(load(resnet8(data)), host_target(), "default")


def resnet8(data: Path) -> Path:
    return data / "models" / "resnet8_cifar10_mlperftiny.onnx"


def compiler_of(lowered: Lowered, folder: Path) -> KernelCompiler:
    target = parse_target(lowered.plan.target)
    return KernelCompiler(lowered.module, LlvmBackend(target), lowered.scheduler, folder)


def answers(lowered: Lowered, folder: Path, rows: np.ndarray) -> list[np.ndarray]:
    """What the kernels that run answer on a device."""
    kernels = compiler_of(lowered, folder)
    libraries = {
        name: link(kernels.original(name), folder / f"{name}.so") for name in lowered.plan.kernels
    }
    with LlvmDevice(lowered.plan, lowered.weights, libraries, [rows]) as device:
        return device.golden().outputs


def mutants_of(lowered: Lowered, **settings: str) -> list[Mutant]:
    """All first-order mutants that TVM's verifier accepts are among these."""
    operators = OPERATORS if not settings else ("swap-arith", "swap-cmp")
    return [
        mutant
        for mutant in enumerate_mutants(lowered.module, operators)
        if all(mutant.settings.get(name) == value for name, value in settings.items())
    ]


def planted(lowered: Lowered, mutant: Mutant) -> Any:
    """The mutated kernel, or ``None`` where TVM's verifier refuses it."""
    try:
        return plant(lowered.module, mutant)[mutant.function]
    except ValueError:
        return None
