"""The Markdown report says what the journal says, in a form that Markdown can read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.analysis.score import denominator
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.verdict import how_far, verdict_text
from mutatenn.report.markdown import markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import summary


def table(text: str, heading: str) -> list[list[str]]:
    """Rows of the table under a heading, without head and rule."""
    lines = text.partition(f"## {heading}\n")[2].partition("\n##")[0].splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def without(record: Record, keep: int) -> Record:
    return dataclasses.replace(record, all_rows=record.rows[:keep])


def test_there_is_a_row_per_mutant_with_its_verdict(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    rows = table(markdown(record), "Mutants")
    assert [row[0].strip("`") for row in rows] == [row["mutant"] for row in record.rows]
    for cells, row in zip(rows, record.rows, strict=True):
        assert cells[3] == verdict_text(row["verdict"], row["kill"])
        assert cells[4] == how_far(row["verdict"], row["reach"], row["evidence"].get("reached"))
        assert cells[5].startswith(row["reason"][:20])


def test_the_counts_are_the_summarys(finished: Finished) -> None:  # noqa: F811
    rows = table(markdown(finished.record), "Verdicts")
    told = {name.replace(" ", "_"): int(count) for name, count in rows}
    assert told == finished.summary["counts"]


def test_the_funnel_is_the_summarys(finished: Finished) -> None:  # noqa: F811
    rows = table(markdown(finished.record), "How far the mutants got")
    assert {far: int(count) for far, count in rows} == finished.summary["funnel"]
    assert sum(finished.summary["funnel"].values()) == denominator(finished.summary["counts"])


def test_a_mutant_that_infected_nothing_is_not_one_that_was_not_reached(
    finished: Finished,  # noqa: F811
) -> None:
    record = finished.record
    masked, unreached, *_ = record.rows
    masked |= {"verdict": "survived", "kill": "", "reach": "masked"}
    masked["evidence"] = {"reached": True}
    unreached |= {"verdict": "not_reached", "kill": "", "reach": ""}
    unreached["evidence"] = {"reached": False}
    record = dataclasses.replace(record, all_rows=[masked, unreached])
    cells = [row[3:5] for row in table(markdown(record), "Mutants")]
    assert cells == [["survived", "reached, not infected"], ["not reached", "not reached"]]
    counted = {far: n for far, n in summary(record)["funnel"].items() if n}
    assert counted == {"not reached": 1, "reached, not infected": 1}


def test_seconds_are_told_where_they_are_known(finished: Finished) -> None:  # noqa: F811
    record = finished.record
    assert "- seconds:" not in markdown(record)
    record.facts["seconds_by_phase"] = {"lowering": 1.25, "golden": 0.5, "mutants": 7}
    phases = "lowering 1.2, originals 0.0, golden 0.5, proofs 0.0, probes 0.0, mutants 7.0"
    assert f"- seconds: 8.8 ({phases})" in markdown(record)


def test_score_interval_and_accuracy_are_told(finished: Finished) -> None:  # noqa: F811
    text = markdown(finished.record)
    body = finished.summary
    low, high = body["score_interval"]
    interval = f"95 % Wilson interval {low:.3f} to {high:.3f} for all runnable mutants"
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
    with pytest.raises(Exception, match=r"ha(s|ve) an id that begins"):
        finished.record.find(prefix)


def test_a_record_needs_a_campaign(tmp_path: Any) -> None:
    with pytest.raises(Exception, match="give the folder of a campaign"):
        Record.read(tmp_path)
    Manifest({}, ()).write(tmp_path / "manifest.json")
    with pytest.raises(Exception, match="has no journal yet"):
        Record.read(tmp_path)
