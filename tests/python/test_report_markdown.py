"""The Markdown report says what the journal says, in a form that Markdown can read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.campaign.manifest import Manifest
from mutatenn.report.markdown import markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import summary


def table(text: str, heading: str) -> list[list[str]]:
    """Rows of the table under a heading, without head and rule."""
    lines = text.partition(f"## {heading}\n")[2].partition("\n##")[0].splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def without(record: Record, keep: int) -> Record:
    return dataclasses.replace(record, rows=record.rows[:keep])


def test_there_is_a_row_per_mutant_with_its_verdict(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    rows = table(markdown(record), "Mutants")
    assert [row[0].strip("`") for row in rows] == [row["mutant"] for row in record.rows]
    for cells, row in zip(rows, record.rows, strict=True):
        kill = f" ({row['kill']})" if row["kill"] else ""
        assert cells[3] == row["verdict"] + kill
        assert cells[4].startswith(row["reason"][:20])


def test_the_counts_are_the_summarys(finished: Finished) -> None:  # noqa: F811
    rows = table(markdown(finished.record), "Verdicts")
    told = {name.replace(" ", "_"): int(count) for name, count in rows}
    assert told == finished.summary["counts"]


def test_score_interval_and_accuracy_are_told(finished: Finished) -> None:  # noqa: F811
    text = markdown(finished.record)
    body = finished.summary
    low, high = body["score_interval"]
    interval = f"95 % Wilson interval {low:.3f} to {high:.3f}"
    assert f"**Mutation score {body['score']:.3f}** ({interval})" in text
    golden = body["golden"]["llvm"]
    assert f"{golden['right']} of {golden['inputs']} classified as labelled" in text


def test_a_whole_population_has_no_interval(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    record.facts["population"] = len(record.manifest.mutants)
    assert summary(record)["score_interval"] is None
    assert "interval" not in markdown(record)


@pytest.mark.parametrize("keep", [0, 3])
def test_an_incomplete_campaign_says_so(finished: Finished, keep: int) -> None:  # noqa: F811
    record = without(finished.record, keep)
    pending = len(record.manifest.mutants) - keep
    assert f"- incomplete: {pending} mutants have no verdict" in markdown(record)
    assert summary(record)["pending"] == pending


def test_nothing_that_counts_gives_no_score(finished: Finished) -> None:  # noqa: F811
    record = without(finished.record, 0)
    assert summary(record)["score"] is None
    assert "No mutant counts towards a score." in markdown(record)


def test_cells_cannot_break_the_table(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    record.rows[0]["reason"] = "a | b\nc"
    assert "| a \\| b c" in markdown(record)


def test_a_mutant_is_found_by_the_beginning_of_its_id(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    mutant = record.manifest.mutants[0]
    for prefix in (mutant.id, mutant.id[:-2], mutant.id.rpartition("-")[2][:12]):
        assert record.find(prefix) == mutant


@pytest.mark.parametrize("prefix", ["", "swap-arith", "zz"])
def test_an_ambiguous_or_unknown_id_is_refused(finished: Finished, prefix: str) -> None:  # noqa: F811
    with pytest.raises(Exception, match="give the whole id"):
        finished.record.find(prefix)


def test_a_record_needs_a_campaign(tmp_path: Any) -> None:
    with pytest.raises(Exception, match="give the folder of a campaign"):
        Record.read(tmp_path)
    Manifest({}, ()).write(tmp_path / "manifest.json")
    with pytest.raises(Exception, match="give the folder of a campaign"):
        Record.read(tmp_path)
