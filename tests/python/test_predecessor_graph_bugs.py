"""One test or more for each defect of the predecessor's operators on graphs, by its number."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
import tvm_ffi

from graph_models import answer, graph, mutants, offered, plant
from graph_properties import planted
from graph_strategies import graphs
from mutatenn import _core
from mutatenn.mutation.mutant import GRAPH_STAGES
from property_examples import drawn

OPERATORS = [op.id for op in _core.catalogue() if set(op.stages) & set(GRAPH_STAGES)]
FEW = 20
"""Graphs drawn for a property."""
KERNEL = np.random.default_rng(0).normal(size=(3, 2, 3, 3))


@pytest.mark.parametrize(
    ("body", "settings", "expected"),
    [
        ("out = R.add(x, x)", {"from_": "add", "to": "subtract"}, "out = R.subtract(x, x)"),
        ("out = R.nn.relu(x)", {"from_": "nn.relu", "to": "sigmoid"}, "out = R.sigmoid(x)"),
    ],
)
def test_b3_a_replaced_function_gives_a_mutant(
    body: str, settings: dict[str, str], expected: str
) -> None:
    """Replaced functions were not counted, and what counts none was never exported."""
    mod = graph(body)
    mutant = plant(mod, "replace-op", "all", **settings)
    assert tvm_ffi.structural_equal(mutant["main"], graph(expected)["main"])
    assert not np.array_equal(answer(mutant), answer(mod))


def test_b3_a_changed_layout_gives_a_mutant() -> None:
    """Nor was a changed layout ever exported."""
    mod = graph("out = R.nn.conv2d(x, w)", w=KERNEL)
    mutant = plant(mod, "change-layout")
    assert not tvm_ffi.structural_equal(mutant["main"], mod["main"])
    assert "NHWC" in str(mutant["main"])
    assert np.allclose(answer(mutant), answer(mod), rtol=1e-4, atol=1e-5)


def test_b3_a_replaced_function_keeps_what_the_other_one_takes() -> None:
    """Attributes were dropped: the new function was called with its own defaults."""
    mod = graph("out = R.nn.max_pool2d(x, pool_size=[2, 2], strides=[2, 2], padding=[1, 1])")
    mutant = plant(mod, "replace-op", to="nn.avg_pool2d")
    assert answer(mutant).shape == answer(mod).shape == (1, 2, 3, 3)


def test_b17_a_transpose_that_moves_nothing_is_no_mutant() -> None:
    """What could not be transposed was counted as mutated, and exported."""
    dense = graph("out = R.matmul(x, w)", (1, 5), w=np.ones((5, 3)))
    assert offered(dense, "insert-op", op="transpose", order="before", argument="0") == []
    with pytest.raises(ValueError, match=r"insert-op \[.*\] does not fit site 0"):
        plant(dense, "insert-op", op="transpose", order="before", argument=0)


def test_b17_a_constant_is_transposed() -> None:
    """Of a frozen weight the shape could not be determined, and the original was exported."""
    kernel = np.random.default_rng(1).normal(size=(3, 3))
    mod = graph("out = R.matmul(x, w)", (1, 3), w=kernel)
    mutant = plant(mod, "insert-op", op="transpose", order="before", argument=1)
    row = np.array([[1.0, 2.0, 3.0]], "float32")
    assert np.allclose(answer(mutant, row), row @ kernel.T, rtol=1e-4)


def test_b17_no_mutant_is_the_original() -> None:
    """The same, of every operator on graphs and weights."""
    seen = Counter[str]()

    def check(mod: Any) -> None:
        for mutant in mutants(mod, *OPERATORS):
            changed = planted(mod, mutant)
            assert changed is None or not tvm_ffi.structural_equal(changed, mod), mutant
            seen[mutant.operator] += changed is not None

    drawn(check, FEW, graphs())
    assert len(seen) >= 10


def test_b10_a_place_that_is_not_there_gives_no_module() -> None:
    """Something matched but lay outside start and end: the original was exported as a mutant."""
    mod = graph("a = R.nn.conv2d(x, w)\nout = R.nn.relu(a)", w=KERNEL)
    for operator in OPERATORS:
        beyond = 1 + max((mutant.site for mutant in mutants(mod, operator)), default=-1)
        with pytest.raises(ValueError, match=rf"has no site {beyond} in the module: there"):
            plant(mod, operator, beyond)
