"""Kernels of whole models, and mutants of them, compile for two generations of GPUs without one."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mutatenn import _core
from mutatenn.campaign.manifest import in_order
from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.device_kernel import DeviceKernel
from mutatenn.lowering.extract import lower
from mutatenn.lowering.kernel import CompileError, parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.mutant_kernel import KernelCompiler
from mutatenn.lowering.nvrtc import compile_cuda
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import Mutant, plant
from mutatenn.mutation.presets import preset

ARCHS = ("sm_75", "sm_90")
MODELS = ("resnet20_cifar10", "squeezenet1.1", "mobilenetv2")
PRESETS = ("all", "gpu")
MUTANTS = 200
"""Over all models and presets; those that TVM refuses are not among them."""
SEED = 7


class Cuda:
    """A model's kernels at stage kernel, and CUDA for them."""

    def __init__(self, path: Path, scratch: Path) -> None:
        text = accelerator_target("cuda")
        lowered = lower(load(path), text, "default")
        self.names = lowered.plan.kernels
        self.module = lower_kernels(lowered.scheduled, parse_target(text))
        backend = backend_of("cuda:0", parse_target(text))
        self._backend, self._scratch = backend, scratch
        self._compiler = KernelCompiler(self.module, backend, None, scratch)

    def original(self, name: str) -> DeviceKernel:
        return DeviceKernel.from_json(self._compiler.original(name).code.decode())

    def mutant(self, mutant: Mutant) -> DeviceKernel:
        func = plant(self.module, mutant)[mutant.function]
        made = self._backend.generate(self._backend.lower(func), self._scratch)
        return DeviceKernel.from_json(made.code.decode())


@functools.cache
def models_folder() -> Path:
    """The read-only data folder; the test is skipped where there is none."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MUTATENN_TEST_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set MUTATENN_TEST_DATA")
    return folder / "models"


@pytest.fixture(scope="module", params=MODELS)
def cuda(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Cuda:
    path = models_folder() / f"{request.param}.onnx"
    return Cuda(path, tmp_path_factory.mktemp("cuda"))


def rejected(sources: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What NVRTC says against sources, by what they are sources of and the architecture.

    Equal sources are compiled once, several at a time: NVRTC works outside of Python's lock.
    """
    named = {source: name for name, source in sources}

    def refusal(job: tuple[str, str]) -> tuple[str, str | None]:
        source, arch = job
        try:
            assert compile_cuda(source, arch)
        except CompileError as error:
            return f"{named[source]} for {arch}", str(error)
        return "", None

    jobs = [(source, arch) for source in named for arch in ARCHS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(refusal, jobs))
    return {name: said for name, said in answers if said is not None}


def test_every_kernel_of_a_model_compiles(cuda: Cuda) -> None:
    assert rejected((name, cuda.original(name).source) for name in cuda.names) == {}
    print(f"{len(cuda.names)} kernels compile for {' and '.join(ARCHS)}")


def sampled(cuda: Cuda, name: str) -> Iterator[tuple[Mutant, DeviceKernel]]:
    """Mutants of a preset in a seeded order, those that TVM writes CUDA for."""
    chosen = preset(name)
    kernel_stage = [each.id for each in _core.catalogue() if each.id in chosen.operators]
    mutants = chosen.chosen(enumerate_mutants(cuda.module, kernel_stage))
    for mutant in in_order(mutants, len(mutants), SEED):
        try:
            yield mutant, cuda.mutant(mutant)
        except (ValueError, CompileError):
            continue  # invalid: an operator's verifier or TVM refuses it


@pytest.mark.parametrize("name", PRESETS)
def test_mutants_that_tvm_accepts_compile(cuda: Cuda, name: str) -> None:
    share = -(-MUTANTS // (len(MODELS) * len(PRESETS)))
    chosen = [each for each, _ in zip(sampled(cuda, name), range(share), strict=False)]
    assert len(chosen) == share
    assert rejected((mutant.id, kernel.source) for mutant, kernel in chosen) == {}
    different = len({kernel.sha256 for _, kernel in chosen})
    print(f"{share} mutants of preset {name}, {different} different, compile")
