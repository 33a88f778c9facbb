"""Stratified samples, sampling until the score is known, and what is said of both."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_fixtures import demo_options, digits  # noqa: F401
from mutatenn.analysis.score import wilson_interval
from mutatenn.analysis.stratified import estimated
from mutatenn.campaign.strata import allocated, stratified, stratum_of
from mutatenn.campaign.until import Until, half_width
from mutatenn.campaign.verdict import AWAY, VERDICTS
from mutatenn.campaign.walk import Walk
from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

SIZES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 400), min_size=1)


def mutants(strata: dict[str, int]) -> list[Mutant]:
    return [
        Mutant(f"{name}-{i}", name, 1, "tensor", "f", 0, 0, ".value", {}, layers=("one", name))
        for name, size in strata.items()
        for i in range(size)
    ]


@given(SIZES, st.integers(1, 500))
def test_an_allocation_is_proportional_and_takes_no_more_than_there_is(
    sizes: dict[str, int], sample: int
) -> None:
    given_ = allocated(sizes, sample)
    total = sum(sizes.values())
    assert sum(given_.values()) == min(sample, total)
    least = 1 if min(sample, total) >= len(sizes) else 0
    for name, count in given_.items():
        assert least <= count <= sizes[name]
    raised = any(count == 1 and sample * sizes[name] < total for name, count in given_.items())
    if least == 0 or not raised:
        for name, count in given_.items():
            assert abs(count - min(sample, total) * sizes[name] / total) < 1


def test_the_largest_remainders_get_what_is_left() -> None:
    assert allocated({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert allocated({"a": 47, "b": 16, "c": 37}, 10) == {"a": 5, "b": 1, "c": 4}


def test_each_stratum_has_one_where_the_sample_is_large_enough() -> None:
    assert allocated({"a": 1000, "b": 3, "c": 10}, 20) == {"a": 18, "b": 1, "c": 1}
    assert allocated({"a": 1000, "b": 3, "c": 10}, 2) == {"a": 2, "b": 0, "c": 0}


@given(SIZES, st.integers(1, 100), st.integers())
def test_a_stratified_sample_begins_with_what_is_allocated(
    sizes: dict[str, int], sample: int, seed: int
) -> None:
    order = stratified(mutants(sizes), sample, seed, "operator")
    assert {one.id for one in order} == {one.id for one in mutants(sizes)}
    assert len(order) == sum(sizes.values())
    begun = Counter(mutant.operator for mutant in order[: min(sample, len(order))])
    assert begun == {name: n for name, n in allocated(sizes, sample).items() if n}
    assert order == stratified(mutants(sizes)[::-1], sample, seed, "operator")


def test_another_seed_draws_others_from_each_stratum() -> None:
    some = mutants({"a": 50, "b": 50})
    assert stratified(some, 10, 1, "operator") != stratified(some, 10, 2, "operator")


def test_strata_are_operators_layers_or_functions() -> None:
    (mutant,) = mutants({"swap-cmp": 1})
    found = [stratum_of(mutant, by) for by in ("operator", "layer", "function")]
    assert found == ["swap-cmp", "one, swap-cmp", "f"]


def test_a_stratum_that_gave_too_many_counts_for_less() -> None:
    taken = [("large", "killed")] * 90 + [("small", "survived")] * 10
    found = estimated(taken, {"large": 900, "small": 20})
    assert found is not None
    assert found.score == pytest.approx(900 / 920)
    assert found.interval[0] < found.score < found.interval[1]
    assert found.effective < 100


@given(st.lists(st.sampled_from(VERDICTS), min_size=1, max_size=50))
def test_with_equal_weights_the_estimate_is_the_score_and_wilsons_interval(
    said: list[str],
) -> None:
    found = estimated([("all", verdict) for verdict in said], {"all": 1000})
    killed, counted = said.count("killed"), sum(said.count(v) for v in VERDICTS[:3])
    if not counted:
        assert found is None
        return
    assert found is not None
    assert found.score == pytest.approx(killed / counted)
    assert found.interval == pytest.approx(wilson_interval(killed, counted), abs=1e-9)


@pytest.mark.parametrize("text", ["±2%", "2%", "0.02", "2 %", "+-2%", ".02"])
def test_a_half_width_may_be_written_in_several_ways(text: str) -> None:
    assert half_width(text) == pytest.approx(0.02)


@pytest.mark.parametrize("text", ["", "2", "0", "0%", "50%", "-2%", "two", "nan"])
def test_what_is_no_half_width_is_told(text: str) -> None:
    with pytest.raises(InputError, match="is no half-width of an interval"):
        half_width(text)


@given(st.integers(0, 300), st.integers(1, 300), st.floats(0.01, 0.2))
def test_so_many_mutants_are_needed_and_not_one_less(killed: int, more: int, width: float) -> None:
    share = killed / (killed + more)
    needed = Until(width).needed(killed, killed + more)

    def wide(count: int) -> float:
        low, high = wilson_interval(share * count, count)
        return (high - low) / 2

    assert wide(needed) <= width + 1e-9
    assert needed == 1 or wide(needed - 1) > width - 1e-9


def walked(said: list[str], goal: Until, at_once: int) -> list[str]:
    """The mutants that a campaign takes whose verdicts fall so many at a time."""
    some = mutants({"m": len(said)})
    verdicts = dict(zip((one.id for one in some), said, strict=True))
    taken: list[str] = []
    decided: dict[str, str] = {}
    while batch := Walk(some, goal, decided).batch():
        for mutant in batch[:at_once]:
            taken.append(mutant.id)
            decided[mutant.id] = verdicts[mutant.id]
    return taken


SAID = st.lists(st.sampled_from([*VERDICTS, "killed", "killed"]), min_size=1, max_size=250)


@given(SAID, st.integers(1, 40), st.sampled_from([0.05, 0.1, 0.2]))
def test_how_many_run_follows_from_the_verdicts_and_not_from_how_many_fall_at_once(
    said: list[str], at_once: int, width: float
) -> None:
    taken = walked(said, Until(width), at_once)
    assert taken == walked(said, Until(width), 10_000)
    assert taken == [f"m-{i}" for i in range(len(taken))]


@given(SAID, st.sampled_from([0.05, 0.1, 0.2]))
def test_sampling_ends_when_the_interval_is_narrow_enough_or_nothing_is_left(
    said: list[str], width: float
) -> None:
    taken = walked(said, Until(width), 1)
    seen = Counter(said[: len(taken)])
    counted = sum(seen[name] for name in VERDICTS[:3])
    if len(taken) < len(said):
        assert Until(width).reached(seen["killed"], counted)
        assert said[len(taken) - 1] not in AWAY


@given(SAID, st.integers(1, 30))
def test_no_more_run_than_the_sample_allows(said: list[str], most: int) -> None:
    taken = walked(said, Until(0.05, most), 1)
    runnable = [name for name in said[: len(taken)] if name not in AWAY]
    assert len(runnable) <= most


def test_a_score_of_one_needs_as_many_as_wilsons_interval_says() -> None:
    taken = walked(["killed"] * 500, Until(0.02), 7)
    assert len(taken) == math.ceil(1.959963984540054**2 * (1 / 0.04 - 1)) == 93


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stratify": "operator"}, "--stratify shares a sample out: give --sample too"),
        ({"until": "5%", "stratify": "layer", "sample": 9}, "--until stops by the interval of a"),
        ({"until": "5%", "shard": "0/2"}, "--until needs the verdicts of all shards"),
        ({"stratify": "layer", "sample": 9, "order": 2}, "--stratify needs mutants that are in"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    changes: dict[str, object],
    message: str,
) -> None:
    with pytest.raises(InputError, match=message):
        demo_options(digits, tmp_path / "out", **changes).check()
