"""The mutation score and its interval, against definitions written out otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from mutatenn.analysis.score import denominator, score, wilson_interval
from mutatenn.analysis.tally import counts, funnel, kills, ripr
from mutatenn.campaign.verdict import FUNNEL, KILLS, STAGES, VERDICTS

COUNTED = ("killed", "survived", "not_reached")
ROWS: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.sampled_from(
        [("killed", kill, "revealed") for kill in ("label", "numeric", "nan")]
        + [("killed", kill, "") for kill in ("crash", "hang", "shape")]
        + [("survived", "", reach) for reach in STAGES[:3]]
        + [(verdict, "", "") for verdict in VERDICTS[2:]]
    ).map(lambda row: dict(zip(("verdict", "kill", "reach"), row, strict=True), evidence={}))
)


@given(ROWS)
def test_the_score_is_the_share_of_killed_among_those_that_count(
    rows: list[dict[str, Any]],
) -> None:
    counted = [row for row in rows if row["verdict"] in COUNTED]
    found = counts(rows)
    assert denominator(found) == len(counted)
    if counted:
        assert score(found) == sum(row["verdict"] == "killed" for row in counted) / len(counted)
    else:
        assert score(found) is None


@given(ROWS, st.sampled_from(["invalid", "equivalent", "duplicate", "inconclusive"]))
def test_what_does_not_count_never_moves_the_score(
    rows: list[dict[str, Any]], verdict: str
) -> None:
    more = [*rows, *[{"verdict": verdict, "kill": "", "reach": "", "evidence": {}}] * 5]
    assert score(counts(more)) == score(counts(rows))
    assert counts(more)[verdict] == counts(rows)[verdict] + 5


def test_a_mutant_that_nothing_reached_lowers_the_score() -> None:
    assert score({"killed": 1}) == 1.0
    assert score({"killed": 1, "not_reached": 1}) == 0.5


@given(ROWS)
def test_verdicts_and_kills_are_counted_with_zeros(rows: list[dict[str, Any]]) -> None:
    assert tuple(counts(rows)) == VERDICTS and tuple(kills(rows)) == KILLS
    assert sum(counts(rows).values()) == len(rows)
    assert sum(kills(rows).values()) == counts(rows)["killed"]


@given(ROWS)
def test_whoever_got_far_got_less_far_too(rows: list[dict[str, Any]]) -> None:
    reach = ripr(rows)
    reaches = [row["reach"] for row in rows]
    assert reach["revealed"] == reaches.count("revealed")
    assert reach["propagated"] == reaches.count("revealed") + reaches.count("propagated")
    assert reach["infected"] == reach["propagated"] + reaches.count("infected")


@given(ROWS)
def test_every_mutant_that_counts_is_in_the_funnel_once(rows: list[dict[str, Any]]) -> None:
    assert tuple(funnel(rows)) == FUNNEL
    assert sum(funnel(rows).values()) == denominator(counts(rows))


@given(st.lists(st.sampled_from([True, False, None])))
def test_a_place_counts_as_reached_where_an_input_was_seen_there(
    reached: list[bool | None],
) -> None:
    row = {"verdict": "killed", "kill": "crash", "reach": ""}
    rows = [{**row, "evidence": {"reached": seen}} for seen in reached]
    assert ripr([*rows, {**row, "evidence": {}}])["reached"] == reached.count(True)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_wilsons(case: tuple[int, int]) -> None:
    successes, trials = case
    expected = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    low, high = wilson_interval(successes, trials)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= low <= successes / trials <= high <= 1


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (1, 0), (-1, 3), (4, 3)])
def test_no_interval_is_made_of_impossible_counts(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match=f"{successes} successes in {trials} trials"):
        wilson_interval(successes, trials)
