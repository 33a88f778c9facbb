"""A sample is drawn from the mutants' ids and the seed, and from nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tvm.script import tirx as T  # noqa: N812

from campaign_fixtures import demo_options, digits  # noqa: F401
from campaign_kernels import model
from mutatenn.campaign.manifest import Manifest, sample
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.errors import InputError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant

NAMES = st.lists(st.text("abcdef0123456789", min_size=4, max_size=8), unique=True, max_size=30)


def mutants(names: list[str]) -> list[Mutant]:
    return [Mutant(name, "swap-cmp", 1, "tensor", "f", 0, 0, ".value", {}) for name in names]


@given(NAMES, st.integers(), st.integers(1, 30), st.integers(0, 30))
def test_a_larger_sample_contains_the_smaller(
    names: list[str], seed: int, size: int, more: int
) -> None:
    small = sample(mutants(names), size, seed)
    assert sample(mutants(names), size + more, seed)[: len(small)] == small
    assert len(small) == min(size, len(names))


@given(NAMES, st.integers(), st.integers(1, 30), st.data())
def test_a_sample_does_not_depend_on_the_order_of_enumeration(
    names: list[str], seed: int, size: int, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(names))
    assert sample(mutants(names), size, seed) == sample(mutants(other), size, seed)


def test_another_seed_draws_another_sample() -> None:
    names = [f"{number:04x}" for number in range(100)]
    assert sample(mutants(names), 20, 1) != sample(mutants(names), 20, 2)


def test_without_a_size_all_mutants_come_in_the_order_given() -> None:
    everything = mutants(["b", "a", "c"])
    assert sample(everything, None, 5) == tuple(everything)


@pytest.mark.parametrize("size", [0, -3])
def test_an_empty_sample_is_refused(size: int) -> None:
    with pytest.raises(InputError, match=f"a sample of {size} mutants is empty"):
        sample(mutants(["a"]), size, 0)


def manifest(tmp_path: Path, digits: Path, **changes: Any) -> Manifest:  # noqa: F811
    return Subject.prepare(demo_options(digits, tmp_path / "out", **changes)).manifest()


def test_all_mutants_run_by_first_launch_of_their_kernel(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    options = demo_options(digits, tmp_path / "out")
    subject = Subject.prepare(options)
    everything = subject.manifest()
    functions = list(dict.fromkeys(mutant.function for mutant in everything.mutants))
    assert functions == [name for name in subject.lowered.plan.kernels if name in functions]
    assert everything.facts["population"] == len(everything.mutants)


def test_the_operators_asked_for_are_the_population(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    only = manifest(tmp_path, digits, operators=("swap-cmp",), sample=4)
    assert {mutant.operator for mutant in only.mutants} == {"swap-cmp"}
    assert len(only.mutants) == 4
    assert only.facts["population"] > 4


def test_redundant_mutants_are_in_a_campaign_on_request(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    few = manifest(tmp_path, digits, operators=("swap-cmp",))
    everything = manifest(tmp_path, digits, operators=("swap-cmp",), all=True)
    assert set(few.facts["operators"]) == set(everything.facts["operators"])
    assert {m.id for m in few.mutants} < {m.id for m in everything.mutants}
    left_out = next(m for m in everything.mutants if m not in few.mutants)
    named = manifest(tmp_path, digits, operators=("swap-cmp",), only=(left_out.id,))
    assert named.mutants == (left_out,)


def test_an_operator_named_twice_is_applied_once(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    twice = manifest(tmp_path, digits, operators=("swap-cmp", "swap-cmp"))
    assert twice.mutants == manifest(tmp_path, digits, operators=("swap-cmp",)).mutants


def test_operators_without_a_place_are_told(tmp_path: Path) -> None:
    save(model(8, T.serial), tmp_path / "plain.json")
    np.save(tmp_path / "x.npy", np.ones((2, 8), np.float32))
    options = Options(
        model=tmp_path / "plain.json",
        inputs=tmp_path / "x.npy",
        out=tmp_path / "out",
        operators=("negate-cond",),
        stage="tensor",
        schedule="none",
    )
    with pytest.raises(InputError, match="has no place for negate-cond"):
        Subject.prepare(options).manifest()


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    written = manifest(tmp_path, digits, sample=5)
    written.write(tmp_path / "manifest.json")
    read = Manifest.read(tmp_path / "manifest.json")
    assert read.mutants == written.mutants
    assert read.facts["hashes"] == written.facts["hashes"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "mutatenn.manifest/1"}'])
def test_what_is_no_manifest_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json is not a manifest"):
        Manifest.read(path)
