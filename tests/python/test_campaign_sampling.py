"""Campaigns that sample in shards, in strata, or until the score is known well enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, digits  # noqa: F401
from mutatenn.api import merge, run_options
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.until import Until
from mutatenn.exit_codes import ExitCode
from mutatenn.report.gates import Gates
from mutatenn.report.record import Record
from mutatenn.report.result import Result
from shard_fixtures import small, told

CHANGES = {"device": ("llvm",)}


def test_a_sample_in_shards_is_the_sample_of_the_undivided_campaign(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    base = tmp_path_factory.getbasetemp()
    folders = [tmp_path / "whole", tmp_path / "a", tmp_path / "b"]
    for folder, shard in zip(folders, (None, "0/2", "1/2"), strict=True):
        changes = {**CHANGES, "sample": 7, "stratify": "operator", "shard": shard}
        run_options(small(base, folder, **changes))
    whole, *parts = folders
    assert [Record.read(part).pending for part in parts] == [0, 0]
    assert sum(len(told(part)) for part in parts) == len(told(whole))
    assert merge(parts, out=tmp_path / "merged").summary["runnable"] == 7
    assert told(tmp_path / "merged") == told(whole)


@pytest.fixture(scope="module")
def until(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("until") / "out"
    base = tmp_path_factory.getbasetemp()
    run_options(small(base, out, **CHANGES, until="±30%", jobs=2))
    return out


def test_a_campaign_ends_when_its_interval_is_narrow_enough(until: Path) -> None:
    record, goal = Record.read(until), Until(0.3)
    counts = [row["verdict"] for row in record.rows]
    killed, survived = counts.count("killed"), counts.count("survived")
    assert goal.reached(killed, killed + survived + counts.count("not_reached"))
    assert record.pending == 0
    assert len(record.rows) < len(record.manifest.mutants)
    ids = [mutant.id for mutant in record.manifest.mutants]
    assert {row["mutant"] for row in record.rows} == set(ids[: len(record.rows)])


def test_the_summary_says_how_many_ran_and_why_sampling_ended(until: Path) -> None:
    text = (until / "report" / "report.md").read_text()
    assert "sampled until the score is known to ±30 %: " in text
    assert "the interval is narrow enough" in text


def test_sampling_that_was_stopped_ends_where_it_would_have_ended(
    cli: Cli,  # noqa: F811
    until: Path,
) -> None:
    before = told(until)
    with Journal(until / "journal.sqlite") as journal:
        journal.take_back([row["mutant"] for row in list(journal.rows())[2:]], "llvm")
    assert Record.read(until).pending > 0
    assert cli("run", "--resume", until).code == ExitCode.OK
    assert told(until) == before


def test_the_help_says_that_shards_are_counted_from_zero(cli: Cli) -> None:  # noqa: F811
    text = " ".join(cli("run", "--help").out.replace("│", " ").split())
    assert "k/n with k counted from 0" in text


def test_a_shard_without_mutants_is_one_all_the_same(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    base = tmp_path_factory.getbasetemp()
    options = small(base, tmp_path / "none", **CHANGES)
    first = Subject.prepare(options).manifest().mutants[0].id
    for index in range(2):
        options = small(base, tmp_path / f"{index}", **CHANGES, only=(first,), shard=f"{index}/2")
        run_options(options, gates=Gates(min_score=1.0, max_survivors=0))
    folders = [tmp_path / "1", tmp_path / "0"]
    assert [len(told(folder)) for folder in folders] == [0, 1]
    assert Result.read(folders[0]).summary["gates"] == []
    merged = merge(folders, out=tmp_path / "merged")
    assert merged.summary["mutants"] == 1
    assert [gate["gate"] for gate in merged.summary["gates"]] == ["min-score", "max-survivors"]
