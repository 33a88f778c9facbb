"""The mutants of whole models: their ids, their places and the order of their kernels."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mutatenn import _core
from mutatenn.lowering.fuse import launches
from mutatenn.lowering.tensor_stage import with_kernels
from mutatenn.model import load
from mutatenn.mutation.enumeration import enumerate_mutants
from mutatenn.mutation.location import node_at

MODELS = ["resnet20_cifar10", "mobilenetv2", "shufflenetv2_0.5_cifar10", "squeezenet1.1"]


@pytest.fixture(scope="module", params=MODELS)
def lowered(request: pytest.FixtureRequest, data: Path) -> Any:
    return with_kernels(load(data / "models" / f"{request.param}.onnx"))[0]


def all_mutants(mod: Any) -> list[Any]:
    return enumerate_mutants(mod, [op.id for op in _core.catalogue()])


def test_every_id_is_unique(lowered: Any) -> None:
    counts = Counter(mutant.id for mutant in all_mutants(lowered))
    assert counts.total() > 0
    assert counts.most_common(1)[0][1] == 1


def test_every_operator_that_needs_no_rare_statement_finds_places(lowered: Any) -> None:
    found = {mutant.operator for mutant in all_mutants(lowered)}
    assert found >= {"swap-cmp", "swap-arith", "drop-guard", "drop-clause", "shift-threshold"}


def test_the_node_at_a_path_is_one_that_its_operator_takes(lowered: Any) -> None:
    comparisons = {"LT", "LE", "GT", "GE", "EQ", "NE"}
    for mutant in all_mutants(lowered):
        kind = type(node_at(lowered[mutant.function], mutant.path)).__name__
        assert (kind in comparisons) or mutant.operator != "swap-cmp"


def test_kernels_are_ordered_by_their_first_launch(lowered: Any) -> None:
    order = dict.fromkeys(str(launch.value.args[0].name_hint) for launch in launches(lowered))
    assert _core.launch_order(lowered) == list(order)
