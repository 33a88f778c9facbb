"""Shards of a campaign are one again: the same as if it had never been split."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from campaign_fixtures import Cli, cli, listing  # noqa: F401
from mutatenn.api import merge, resume_folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.errors import MismatchError
from mutatenn.exit_codes import ExitCode
from mutatenn.report.record import Record
from shard_fixtures import COUNT, answers, shards, told, whole  # noqa: F401


@pytest.fixture(scope="module")
def merged(shards: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    out = tmp_path_factory.mktemp("merge") / "merged"
    merge([shards[2], shards[0], shards[3], shards[1]], out=out)
    return out


def test_merged_shards_equal_the_undivided_campaign_row_for_row(
    whole: Path,  # noqa: F811
    merged: Path,
) -> None:
    assert told(merged) == told(whole)


def test_the_answers_of_merged_shards_are_those_of_the_undivided_campaign(
    whole: Path,  # noqa: F811
    merged: Path,
) -> None:
    found = answers(merged)
    assert found
    assert found == answers(whole)


def test_a_duplicate_of_a_mutant_in_another_shard_becomes_one_by_merging(
    shards: list[Path],  # noqa: F811
    merged: Path,
) -> None:
    apart = {key: row for folder in shards for key, row in told(folder).items()}
    changed = {key for key, row in told(merged).items() if row != apart[key]}
    assert changed
    for key in changed:
        row = told(merged)[key]
        assert row["verdict"] == "duplicate"
        assert row["reason"].rsplit(" ", 1)[-1] in Record.read(merged).mutants()


def test_every_mutant_runs_in_one_shard(shards: list[Path], whole: Path) -> None:  # noqa: F811
    keys = [key for folder in shards for key in told(folder)]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(told(whole))


def test_all_shards_have_the_manifest_of_the_whole(
    shards: list[Path],  # noqa: F811
    whole: Path,  # noqa: F811
) -> None:
    manifests = [Manifest.read(folder / "manifest.json") for folder in shards]
    expected = Manifest.read(whole / "manifest.json").mutants
    assert all(one.mutants == expected for one in manifests)
    assert [str(one.shard) for one in manifests] == [f"{i}/{COUNT}" for i in range(COUNT)]


def test_a_merged_folder_is_a_campaign_like_any_other(
    cli: Cli,  # noqa: F811
    whole: Path,  # noqa: F811
    shards: list[Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    before = [listing(folder) for folder in shards]
    answer = cli("merge", *shards, "-o", tmp_path / "m", "--json")
    assert answer.code == ExitCode.OK, answer.err
    summary = json.loads(answer.out)
    assert summary["pending"] == 0
    assert summary["shards"] == COUNT
    assert f"merged of {COUNT} shards" in summary["notes"]
    assert [listing(folder) for folder in shards] == before
    first = next(iter(Record.read(tmp_path / "m").mutants()))
    for words in (
        ("report", tmp_path / "m"),
        ("show", first, "--out", tmp_path / "m"),
        ("inputs", tmp_path / "m"),
        ("diff", whole, tmp_path / "m"),
    ):
        answer = cli(*words)
        assert answer.code == ExitCode.OK, (words, answer.err)
    assert resume_folder(tmp_path / "m")["counts"] == summary["counts"]


def test_a_shard_says_that_it_is_one(shards: list[Path]) -> None:  # noqa: F811
    summary = json.loads((shards[1] / "report" / "summary.json").read_text())
    assert summary["shard"] == f"1/{COUNT}"
    assert summary["score_interval"] is None
    assert any(note.startswith(f"this is shard 1/{COUNT}, ") for note in summary["notes"])


def test_missing_shards_are_named(cli: Cli, shards: list[Path], tmp_path: Path) -> None:  # noqa: F811
    answer = cli("merge", shards[0], shards[2], "-o", tmp_path / "m")
    assert answer.code == ExitCode.MISMATCH
    assert "2 of 4 shards are missing: 1/4, 3/4" in answer.err
    assert not (tmp_path / "m").exists()


def test_a_shard_given_twice_is_named(cli: Cli, shards: list[Path], tmp_path: Path) -> None:  # noqa: F811
    shutil.copytree(shards[1], tmp_path / "again")
    answer = cli("merge", *shards, tmp_path / "again", "-o", tmp_path / "m")
    assert answer.code == ExitCode.MISMATCH
    assert f"{tmp_path / 'again'} and {shards[1]} are both shard 1/4" in answer.err


def test_a_shard_of_another_campaign_is_named(shards: list[Path], tmp_path: Path) -> None:  # noqa: F811
    foreign = shutil.copytree(shards[1], tmp_path / "foreign")
    path = foreign / "manifest.json"
    body = json.loads(path.read_text())
    body["options"]["seed"] += 1
    path.write_text(json.dumps(body))
    with pytest.raises(MismatchError, match=r"foreign \(shard 1/4\) is of another campaign than "):
        merge([shards[0], foreign, *shards[2:]], out=tmp_path / "m")


def test_a_whole_campaign_among_shards_is_named(
    shards: list[Path],  # noqa: F811
    whole: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    with pytest.raises(MismatchError, match=f"{whole} holds a whole campaign, no shard"):
        merge([*shards, whole], out=tmp_path / "m")


def test_an_incomplete_shard_is_named(shards: list[Path], tmp_path: Path) -> None:  # noqa: F811
    part = shutil.copytree(shards[3], tmp_path / "part")
    with Journal(part / "journal.sqlite") as journal:
        row = list(journal.rows())[-1]
        journal.take_back([row["mutant"]], row["device"])
    wanted = r"part \(shard 3/4\) is incomplete: 1 mutants have no verdict; go on with it by "
    with pytest.raises(MismatchError, match=wanted):
        merge([*shards[:3], part], out=tmp_path / "m")


def test_a_shard_that_has_not_begun_is_named(shards: list[Path], tmp_path: Path) -> None:  # noqa: F811
    part = shutil.copytree(shards[3], tmp_path / "part")
    (part / "journal.sqlite").unlink()
    with pytest.raises(MismatchError, match=r"part \(shard 3/4\) has not begun"):
        merge([*shards[:3], part], out=tmp_path / "m")


def test_shards_whose_originals_answer_otherwise_are_not_merged(
    shards: list[Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    other = shutil.copytree(shards[3], tmp_path / "other")
    with Journal(other / "journal.sqlite") as journal:
        golden = journal.facts()["golden"]
        golden["c"]["outputs"] = "0" * 64
        journal.write_facts({"golden": golden})
    with pytest.raises(MismatchError, match=r"the original answers otherwise on c in .*other"):
        merge([*shards[:3], other], out=tmp_path / "m")


def test_a_shard_goes_on_as_no_other(cli: Cli, shards: list[Path]) -> None:  # noqa: F811
    answer = cli("run", "--resume", shards[1], "--shard", "2/4")
    assert answer.code == ExitCode.MISMATCH
    assert f"{shards[1]} is of shard 1/4, not of shard 2/4" in answer.err


def test_a_shard_that_was_stopped_ends_as_if_it_had_not_been(
    cli: Cli,  # noqa: F811
    shards: list[Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    part = shutil.copytree(shards[2], tmp_path / "part")
    with Journal(part / "journal.sqlite") as journal:
        rows = [row for row in journal.rows() if row["device"] == "c"]
        journal.take_back([row["mutant"] for row in rows[2:]], "c")
    answer = cli("run", "--resume", part, "--shard", "2/4")
    assert answer.code == ExitCode.OK, answer.err
    assert told(part) == told(shards[2])
