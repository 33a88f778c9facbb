"""Every report can be made of any campaign: one that has just begun, an old one, a damaged one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.errors import InputError
from mutatenn.report.cases import cases_on
from mutatenn.report.formats import chosen, registered
from mutatenn.report.formats.github import VARIABLE
from mutatenn.report.record import Record
from report_fixtures import all_mutants, all_rows, every_kind, record_of, tiny  # noqa: F401

NAMES = sorted(registered())


@pytest.fixture(autouse=True)
def no_step_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that run in GitHub Actions leave the summary of their own step alone."""
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_campaign_that_has_just_begun_has_a_report(tmp_path: Path, name: str) -> None:
    record = record_of(tmp_path, [])
    facts = {**record.facts, "golden": {}}
    del facts["input_names"], facts["labels"]
    begun = dataclasses.replace(record, facts=facts)
    (form,) = chosen(name)
    assert list(form.write(begun)) == []
    if form.file:
        assert (tmp_path / "report" / form.file).stat().st_size > 0


@pytest.mark.parametrize("name", NAMES)
def test_the_same_campaign_has_the_same_report(tiny: Record, name: str) -> None:  # noqa: F811
    (form,) = chosen(name)
    told = []
    for _ in range(2):
        lines = form.write(tiny)
        told.append(
            (lines, (tiny.folder / "report" / form.file).read_bytes() if form.file else b"")
        )
    assert told[0] == told[1]


def test_mutants_without_a_verdict_are_cases_too(every_kind: Record) -> None:  # noqa: F811
    for device in every_kind.devices:
        cases = list(cases_on(every_kind, device))
        assert {case.mutant.id for case in cases} == {one.id for one in all_mutants()}
        assert [case.mutant.id for case in cases if case.row is None] == ["swap-cmp-to-come"]


def test_what_the_first_device_has_decided_is_still_to_come_on_the_others(tmp_path: Path) -> None:
    rows = [row for row in all_rows() if row["device"] == "llvm"]
    record = record_of(tmp_path, rows)
    assert len(list(cases_on(record, "c"))) == len(all_mutants())
    assert all(case.row is None for case in cases_on(record, "c"))


def test_mutants_beyond_the_sample_are_no_cases(tmp_path: Path) -> None:
    record = record_of(tmp_path, all_rows()[:3], sample=3)
    assert [case.verdict for case in cases_on(record, "llvm")] == ["killed"] * 3


def test_a_campaign_of_a_version_with_one_device_has_its_cases_once(tmp_path: Path) -> None:
    rows = [row for row in all_rows() if row["device"] == "llvm"]
    cases = list(cases_on(record_of(tmp_path, rows, device="llvm"), "llvm"))
    assert len(cases) == len(all_mutants())


def test_formats_are_chosen_once_each_in_the_order_given() -> None:
    assert [form.name for form in chosen("sarif, json,sarif")] == ["sarif", "json"]
    with pytest.raises(InputError, match="no report format ''"):
        chosen("json,")


def test_every_format_says_what_it_is_for() -> None:
    files = [form.file for form in registered().values() if form.file]
    assert len(set(files)) == len(files)
    assert all(form.meaning for form in registered().values())
