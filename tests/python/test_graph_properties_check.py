"""What the properties of graph mutants are checked by sees the faults that it is there for."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from graph_models import graph, mutants, plant
from graph_properties import check_mutant, check_place, check_weights

KERNEL = np.random.default_rng(0).normal(size=(3, 2, 3, 3))
BODY = "a = R.nn.conv2d(x, w)\nb = R.nn.relu(a)\nc = R.exp(b)\nout = R.add(c, b)"


def test_a_change_of_nothing_is_seen() -> None:
    mod = graph(BODY, w=KERNEL)
    (mutant,) = [m for m in mutants(mod, "replace-op", to="sigmoid") if m.site == 1]
    with pytest.raises(AssertionError, match="nothing differs"):
        check_place(mod["main"], mod["main"], mutant)


@pytest.mark.parametrize("site", [2, 3])
def test_a_change_of_another_place_is_seen(site: int) -> None:
    mod = graph(BODY, w=KERNEL)
    first = next(m for m in mutants(mod, "drop-op") if m.path.endswith("[1].value"))
    assert check_mutant(mod, first)
    other = plant(mod, "insert-op", site, op="negative", order="after")
    with pytest.raises(AssertionError):
        check_place(mod["main"], other["main"], first)


def test_a_change_of_two_places_is_seen() -> None:
    mod = graph(BODY, w=KERNEL)
    first = mutants(mod, "replace-op", to="sigmoid")[0]
    assert check_mutant(mod, first)
    both = plant(plant(mod, "replace-op", first.site, to="sigmoid"), "insert-op", 2, op="negative")
    with pytest.raises(AssertionError, match="has become"):
        check_place(mod["main"], both["main"], first)


def test_a_call_that_is_lost_beside_the_place_is_seen() -> None:
    mod = graph("a = R.exp(x)\nb = R.nn.relu(a)\nc = R.sin(b)\nout = R.add(c, a)")
    mutant = next(m for m in mutants(mod, "replace-op") if m.site == 2)
    assert check_mutant(mod, mutant)
    lost = plant(plant(mod, "replace-op", 2, **mutant.settings), "drop-op", 0)
    with pytest.raises(AssertionError, match="has become"):
        check_place(mod["main"], lost["main"], mutant)


def test_weights_that_did_not_change_or_changed_elsewhere_are_seen() -> None:
    mod = graph("a = R.nn.conv2d(x, w)\nout = R.add(a, b)", w=KERNEL, b=np.ones((1, 3, 1, 1)))
    with pytest.raises(AssertionError):
        check_weights(mod["main"], mod["main"], 0, 1)
    bias = next(m for m in mutants(mod, "invert-channel") if m.site == 1)
    assert check_mutant(mod, bias)
    kernel = plant(mod, "invert-channel", 0, channel=0)
    with pytest.raises(AssertionError, match="differs"):
        check_place(mod["main"], kernel["main"], bias)


def test_a_mutant_that_json_does_not_keep_is_seen() -> None:
    mod = graph(BODY, w=KERNEL)
    first = mutants(mod, "drop-op")[1]
    with pytest.raises(AssertionError):
        check_mutant(mod, dataclasses.replace(first, layers=["a"]))  # type: ignore[arg-type]
