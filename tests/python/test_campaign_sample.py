"""A sample is drawn from the mutants' ids and the seed, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tvm.script import tirx as T  # noqa: N812

from campaign_fixtures import demo_options, digits  # noqa: F401
from campaign_kernels import model
from mutatenn.campaign.manifest import Manifest, in_order
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.verdict import AWAY, VERDICTS
from mutatenn.campaign.walk import Walk, due
from mutatenn.errors import InputError
from mutatenn.model import save
from mutatenn.mutation.mutant import Mutant

NAMES = st.lists(st.text("abcdef0123456789", min_size=4, max_size=8), unique=True, max_size=30)


def mutants(names: list[str]) -> list[Mutant]:
    return [Mutant(name, "swap-cmp", 1, "tensor", "f", 0, 0, ".value", {}) for name in names]


VERDICTS_OF = st.lists(st.sampled_from(VERDICTS), min_size=30, max_size=30)


def walked(everything: Sequence[Mutant], size: int | None, verdicts: dict[str, str]) -> list[str]:
    """Mutants that a walk takes, in order, where ``verdicts`` are what becomes of each."""
    walk = Walk(everything, size, {})
    taken = []
    while batch := walk.batch():
        for mutant in batch:
            taken.append(mutant.id)
            walk.decided(mutant.id, verdicts[mutant.id])
    return taken


def runnable(taken: Iterable[str], verdicts: dict[str, str]) -> list[str]:
    return [name for name in taken if verdicts[name] not in AWAY]


@given(NAMES, st.integers(), VERDICTS_OF, st.integers(1, 30), st.integers(0, 30))
def test_a_larger_sample_contains_the_smaller(
    names: list[str], seed: int, said: list[str], size: int, more: int
) -> None:
    verdicts = dict(zip(names, said, strict=False))
    small = walked(in_order(mutants(names), size, seed), size, verdicts)
    large = walked(in_order(mutants(names), size + more, seed), size + more, verdicts)
    assert large[: len(small)] == small


@given(NAMES, VERDICTS_OF, st.integers(1, 30))
def test_a_sample_is_the_beginning_with_so_many_runnable_mutants_and_no_more(
    names: list[str], said: list[str], size: int
) -> None:
    verdicts = dict(zip(names, said, strict=False))
    taken = walked(mutants(names), size, verdicts)
    assert taken == names[: len(taken)]
    assert len(runnable(taken, verdicts)) == min(size, len(runnable(names, verdicts)))
    if len(taken) < len(names):
        assert verdicts[taken[-1]] not in AWAY, "it went on after it had enough"


@given(NAMES, VERDICTS_OF, st.integers(1, 30), st.data())
def test_a_walk_that_was_stopped_anywhere_takes_what_an_undisturbed_one_takes(
    names: list[str], said: list[str], size: int, data: st.DataObject
) -> None:
    verdicts = dict(zip(names, said, strict=False))
    whole = walked(mutants(names), size, verdicts)
    stopped = Walk(mutants(names), size, {})
    decided: dict[str, str] = {}
    for _ in range(data.draw(st.integers(0, 3))):
        for mutant in stopped.batch():
            # What is proved away is known as it is taken; the rest may still be in flight.
            if verdicts[mutant.id] in AWAY or data.draw(st.booleans()):
                decided[mutant.id] = verdicts[mutant.id]
                stopped.decided(mutant.id, verdicts[mutant.id])
    again = Walk(mutants(names), size, decided)
    while batch := again.batch():
        for mutant in batch:
            assert mutant.id not in decided, "it ran once more"
            decided[mutant.id] = verdicts[mutant.id]
            again.decided(mutant.id, verdicts[mutant.id])
    assert set(decided) == set(whole)


@given(NAMES, VERDICTS_OF, st.integers(1, 30), st.data())
def test_verdicts_that_were_taken_back_are_all_due_again_and_no_others(
    names: list[str], said: list[str], size: int, data: st.DataObject
) -> None:
    verdicts = dict(zip(names, said, strict=False))
    whole = walked(mutants(names), size, verdicts)
    kept = {name: verdicts[name] for name in whole if data.draw(st.booleans())}
    walk = Walk(mutants(names), size, kept)
    again = []
    while batch := walk.batch():
        for mutant in batch:
            again.append(mutant.id)
            walk.decided(mutant.id, verdicts[mutant.id])
    assert set(again) == set(whole) - kept.keys()


def test_without_a_size_everything_is_due_that_has_no_verdict() -> None:
    found = due(mutants(["b", "a", "c"]), {"a": "killed"}, None)
    assert [mutant.id for mutant in found] == ["b", "c"]


@given(NAMES, st.integers(), st.integers(1, 30), st.data())
def test_a_sample_does_not_depend_on_the_order_of_enumeration(
    names: list[str], seed: int, size: int, data: st.DataObject
) -> None:
    other = data.draw(st.permutations(names))
    assert in_order(mutants(names), size, seed) == in_order(mutants(other), size, seed)


def test_another_seed_draws_another_sample() -> None:
    names = [f"{number:04x}" for number in range(100)]
    assert in_order(mutants(names), 20, 1) != in_order(mutants(names), 20, 2)


def test_without_a_size_all_mutants_come_in_the_order_given() -> None:
    everything = mutants(["b", "a", "c"])
    assert in_order(everything, None, 5) == tuple(everything)


@pytest.mark.parametrize("size", [0, -3])
def test_an_empty_sample_is_refused(size: int) -> None:
    with pytest.raises(InputError, match=f"a sample of {size} mutants is empty"):
        in_order(mutants(["a"]), size, 0)


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
    assert only.facts["population"] == len(only.mutants) > 4


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
