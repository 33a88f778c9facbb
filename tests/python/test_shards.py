"""Which shard a mutant belongs to, and which mutants of different shards are the same code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_fixtures import demo_options, digits  # noqa: F401
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.shards.duplicates import artifact_reason, twin_reason
from mutatenn.campaign.shards.replay import replayed
from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.shards.split import split
from mutatenn.campaign.subject import Subject
from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

COSTS = st.lists(st.floats(0.01, 10), min_size=1, max_size=60)


def mutants(count: int, function: str = "f", places: int | None = None) -> list[Mutant]:
    """Mutants ``m0``, ``m1`` and so on; each at a place of its own, or at one of so many."""
    return [
        Mutant(f"m{i}", "swap-cmp", 1, "tensor", function, 0, 0, f".{i % (places or count)}", {})
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("4/4", "there is no shard 4/4: shards are counted from 0, the last is 3/4"),
        ("1", "'1' is no shard; give k/n, such as 0/4 for the first of four"),
        ("-1/4", "'-1/4' is no shard"),
        ("0/0", "a campaign has 1 to 10000 shards, not 0"),
    ],
)
def test_what_is_no_shard_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Shard.parse(text)


def test_a_shard_is_read_as_it_is_written() -> None:
    assert Shard.parse(" 3/12 ") == Shard(3, 12)
    assert str(Shard(3, 12)) == "3/12"


@given(COSTS, st.integers(1, 9))
def test_no_two_shards_differ_by_more_than_the_costliest_mutant_wherever_a_sample_ends(
    costs: list[float], of: int
) -> None:
    owners = split(mutants(len(costs)), costs, of)
    for end in range(1, len(costs) + 1):
        loads = [0.0] * of
        for owner, cost in zip(owners[:end], costs[:end], strict=True):
            loads[owner] += cost
        assert max(loads) - min(loads) <= max(costs[:end]) + 1e-9


def test_neighbours_at_one_place_are_in_one_shard() -> None:
    some = sorted(mutants(30, places=10), key=lambda one: one.path)
    owners = split(some, [1.0] * 30, 4)
    by_place = {one.path: owner for one, owner in zip(some, owners, strict=True)}
    assert owners == [by_place[one.path] for one in some]
    assert set(owners) == {0, 1, 2, 3}


def manifest(tmp_path: Path, digits: Path, **changes: Any) -> Manifest:  # noqa: F811
    options = demo_options(digits, tmp_path / "out", **changes)
    return Subject.prepare(options).manifest()


def test_every_process_splits_a_campaign_alike_whatever_its_sample_is(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    made = [
        manifest(tmp_path, digits, shard=f"{index}/3", sample=size)
        for index, size in ((0, 50), (1, 50), (2, 20))
    ]
    assert len({one.facts["shard"]["owners"] for one in made}) == 1
    assert made[0].mutants == made[1].mutants == made[2].mutants
    own = [mutant for one in made for mutant in one.own]
    assert len(own) == len(set(own)) == len(made[0].mutants)


def test_a_campaign_that_is_not_split_has_no_shard(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    found = manifest(tmp_path, digits)
    assert found.shard is None
    assert found.own == {mutant.id for mutant in found.mutants}


def row(name: str, verdict: str = "killed", **told: Any) -> dict[str, Any]:
    blank = {"kill": "", "reach": "", "failing": 0, "first_failing": "", "measures": b"x"}
    texts = {"reason": "", "marks": "[]", "evidence": '{"reached": true}'}
    codes = {"artifact": f"a-{name}", "lowered": f"l-{name}", "seconds_run": 1.0}
    return {"mutant": name, "verdict": verdict, **blank, **texts, **codes, **told}


def test_of_equal_lowered_code_in_different_shards_the_first_mutant_keeps_its_verdict() -> None:
    found = replayed(mutants(3), {f"m{i}": row(f"m{i}", lowered="same") for i in (0, 1, 2)})
    assert found["m0"]["verdict"] == "killed"
    for name in ("m1", "m2"):
        assert found[name]["verdict"] == "duplicate"
        assert found[name]["reason"] == twin_reason("m0")
        assert found[name]["lowered"] == found[name]["artifact"] == ""
        assert found[name]["evidence"] == "{}"


def test_a_duplicate_within_its_shard_names_the_first_of_all() -> None:
    twin = row("m2", "duplicate", artifact="", lowered="", reason=twin_reason("m1"))
    rows = {"m0": row("m0", lowered="x"), "m1": row("m1", lowered="x"), "m2": twin}
    assert replayed(mutants(3), rows)["m2"]["reason"] == twin_reason("m0")


def test_equal_object_code_of_other_lowered_code_is_a_duplicate_that_keeps_both() -> None:
    rows = {name: row(name, artifact="same") for name in ("m0", "m1")}
    found = replayed(mutants(2), rows)["m1"]
    assert found["verdict"] == "duplicate"
    assert found["reason"] == artifact_reason("m0", program=False)
    assert (found["artifact"], found["lowered"]) == ("same", "l-m1")


def test_equal_code_in_another_kernels_place_is_another_program() -> None:
    first, second = mutants(1, "f")[0], mutants(2, "g")[1]
    rows = {name: row(name, artifact="same", lowered="same") for name in ("m0", "m1")}
    assert replayed([first, second], rows) == rows


def test_code_that_is_the_originals_makes_no_other_mutant_a_duplicate_by_its_artefact() -> None:
    rows = {name: row(name, "equivalent", artifact="same") for name in ("m0", "m1")}
    assert replayed(mutants(2), rows) == rows
