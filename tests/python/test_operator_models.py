"""What must hold of every operator in the catalogue, on every kernel of whole models.

One mutant of each operator is made of each kernel of three models; of each kernel of all models,
among them the large ones of the onnx package, where ``MUTATENN_PROPERTY_EXAMPLES`` is set.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import onnx
import pytest
from tvm.s_tir import dlight

from mutant_properties import check_mutant, spread
from mutatenn import _core
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.program import program_of
from mutatenn.lowering.stage import at_stage
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.mutant import GRAPH_STAGES
from property_examples import ASKED_FOR

CATALOGUE = [op.id for op in _core.catalogue() if not set(op.stages) & set(GRAPH_STAGES)]
"""Operators on kernels; those on graphs are in test_graph_properties.py."""
PER_KERNEL = 4 if ASKED_FOR else 1
"""Mutants of one operator that are made of one kernel."""
SOME = ("resnet8_cifar10_mlperftiny", "squeezenet1.1", "shufflenetv2_0.5_cifar10")
LOWERINGS = (("tensor", "none"), ("kernel", "default"), ("kernel", "gpu"))
ALL_LOWERINGS = (*LOWERINGS, ("tensor", "default"), ("tensor", "gpu"), ("kernel", "none"))
GPU_RULES = (
    *(dlight.gpu.Matmul(), dlight.gpu.GEMV(), dlight.gpu.Reduction()),
    *(dlight.gpu.GeneralReduction(), dlight.gpu.Fallback()),
)
LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def models(data: Path) -> dict[str, Path]:
    """Files of the models by name; the light ones come with weights of one value."""
    files = {path.stem: path for path in (*(data / "models").glob("*.onnx"), *LIGHT.glob("*.onnx"))}
    return {name: path for name, path in sorted(files.items()) if ASKED_FOR or name in SOME}


def lowered(path: Path, stage: str, schedule: str) -> Any:
    """A model's kernels; under schedule ``gpu`` with TVM's own schedules for CUDA."""
    mod = load(path)
    if schedule != "gpu":
        return program_of(mod, stage, resolve_target(None, schedule), schedule).module
    with parse_target("cuda"):
        bound = dlight.ApplyDefaultSchedule(*GPU_RULES)(with_kernels(mod)[0])
    return at_stage(bound, stage, "cuda")[0]


@pytest.mark.parametrize(("stage", "schedule"), ALL_LOWERINGS if ASKED_FOR else LOWERINGS)
def test_every_mutant_of_a_model_is_refused_in_words_or_differs_at_its_place_alone(
    stage: str, schedule: str, data: Path
) -> None:
    total = Counter[str]()
    for name, path in models(data).items():
        began = time.perf_counter()
        mod = lowered(path, stage, schedule)
        found = enumerate_mutants(mod, CATALOGUE, redundant=True)
        ids = Counter(mutant.id for mutant in found)
        assert ids.most_common(1)[0][1] == 1, name
        groups: dict[tuple[str, str], list[Any]] = {}
        for mutant in found:
            groups.setdefault((mutant.operator, mutant.function), []).append(mutant)
        for (operator, _), group in groups.items():
            for mutant in spread(group, PER_KERNEL):
                total[operator] += check_mutant(mod, mutant)
        seconds = time.perf_counter() - began
        print(
            f"{name} at stage {stage}, schedules {schedule}: {len(found)} mutants, {seconds:.1f} s"
        )
    print(dict(total))
    assert len(total) >= 5
