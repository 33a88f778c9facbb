"""``mutatenn-ir diff``: two campaigns that differ in a known way, and what is said of them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign_fixtures import (
    OPERATORS,
    ROWS,
    Cli,
    Finished,
    cli,  # noqa: F401
    demo_options,
    digits,  # noqa: F401
    run_chosen,
)
from mutatenn.analysis.changes import ground_changes, key_changes, verdict_changes
from mutatenn.campaign.manifest import Manifest
from mutatenn.exit_codes import ExitCode


def row(mutant: str, verdict: str, kill: str = "") -> dict[str, Any]:
    return {"mutant": mutant, "verdict": verdict, "kill": kill}


def test_verdicts_that_changed_are_told_apart_from_those_that_are_there_once() -> None:
    before = [row("a", "killed", "label"), row("b", "survived"), row("c", "survived")]
    after = [row("d", "survived"), row("b", "killed", "nan"), row("a", "killed", "numeric")]
    found = verdict_changes(before, [*after, row("e", "invalid")])
    assert found.same == 0
    assert [(one.mutant, one.before, one.after) for one in found.changed] == [
        ("a", "killed (label)", "killed (numeric)"),
        ("b", "survived", "killed (nan)"),
    ]
    assert (found.only_before, found.only_after) == (("c",), ("d", "e"))


def test_transitions_are_counted() -> None:
    before = [row(name, "survived") for name in "abc"]
    after = [row("a", "killed", "label"), row("b", "killed", "label"), row("c", "not_reached")]
    assert verdict_changes(before, after).transitions == {
        ("survived", "killed (label)"): 2,
        ("survived", "not reached"): 1,
    }


def test_a_table_says_what_is_new_gone_and_another() -> None:
    found = key_changes({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5})
    assert (found.new, found.gone, found.changed) == ({"d": 5}, {"a": 1}, {"c": (3, 4)})
    assert found and not key_changes({"a": 1}, {"a": 1})


def test_what_decides_no_verdict_is_no_difference() -> None:
    def facts(out: str, jobs: int) -> dict[str, Any]:
        tables: dict[str, Any] = {"operators": {}, "versions": {}, "hashes": {"kernels": {}}}
        return {"options": {"out": out, "jobs": jobs, "seed": 1}, **tables}

    assert not any(ground_changes(facts("a", 1), facts("b", 2)).values())


GONE = "shift-threshold"


def few(manifest: Manifest) -> Manifest:
    """Three mutants of each of two operators."""
    of = {name: [m for m in manifest.mutants if m.operator == name] for name in ("swap-cmp", GONE)}
    return dataclasses.replace(
        manifest, mutants=tuple(m for found in of.values() for m in found[:3])
    )


@pytest.fixture(scope="module")
def one(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:  # noqa: F811
    return run_chosen(demo_options(digits, tmp_path_factory.mktemp("one") / "out"), few)


@pytest.fixture(scope="module")
def other(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:  # noqa: F811
    """The campaign without one operator and one input."""
    folder = tmp_path_factory.mktemp("other")
    inputs = folder / "digits.npz"
    with np.load(digits) as stored:
        kept = {key: stored[key][: ROWS - 1] for key in stored.files}
    np.savez(inputs, **kept)
    operators = tuple(name for name in OPERATORS if name != GONE)
    return run_chosen(demo_options(inputs, folder / "out", operators=operators), few)


def test_two_campaigns_that_differ_by_an_operator_and_an_input_are_told_so(
    cli: Cli,  # noqa: F811
    one: Finished,
    other: Finished,
) -> None:
    answer = cli("diff", one.folder, other.folder, "--json")
    assert answer.code == ExitCode.OK, answer.err
    body = json.loads(answer.out)
    assert body["schema"] == "mutatenn.diff/1"
    assert body["score"] == {"before": one.summary["score"], "after": other.summary["score"]}
    assert [*body["ground"]["operators"]["gone"]] == [GONE]
    assert [*body["ground"]["inputs"]["gone"]] == [str(ROWS - 1)]
    assert {*body["ground"]["options"]["changed"]} == {"inputs", "operators"}
    assert {*body["ground"]["hashes"]["changed"]} == {"inputs"}
    assert "versions" not in body["ground"] and "kernels" not in body["ground"]
    known = {mutant.id for mutant in other.record.manifest.mutants}
    gone = [m.id for m in one.record.manifest.mutants if m.id not in known]
    assert gone and body["mutants"] == {"new": [], "gone": gone}
    assert all(mutant.startswith(f"{GONE}-") for mutant in gone)
    device = body["devices"]["llvm"]
    assert device["same"] + len(device["changed"]) == len(other.record.rows)
    assert set(device["only_before"]) == set(gone) and device["only_after"] == []


def test_a_campaign_compared_with_itself_has_not_changed(
    cli: Cli,  # noqa: F811
    one: Finished,
) -> None:
    body = json.loads(cli("diff", one.folder, one.folder, "--json").out)
    assert body["ground"] == {} and body["mutants"] == {"new": [], "gone": []}
    assert body["devices"]["llvm"]["changed"] == [] and body["new_survivors"] == []


def test_people_are_told_the_same(cli: Cli, one: Finished, other: Finished) -> None:  # noqa: F811
    lines = cli("diff", one.folder, other.folder).out.splitlines()
    assert lines[0].startswith("score: ")
    assert f"operators gone (1): {GONE}" in lines
    assert f"inputs gone (1): {ROWS - 1}" in lines
    assert any(line.startswith("gone mutants (") for line in lines)


def test_what_is_no_campaign_is_refused(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    answer = cli("diff", tmp_path, tmp_path)
    assert answer.code == ExitCode.USAGE and "give the folder of a campaign" in answer.err
