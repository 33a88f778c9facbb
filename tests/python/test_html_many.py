"""The HTML report of 100,000 mutants is whole; how fast it answers, a benchmark tells."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.many_mutants import many_mutants
from browser_fixtures import Opened, chromium, opened, report_of  # noqa: F401
from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.report.record import Record

COUNT = 100_000


@pytest.fixture(scope="module")
def many(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Record:  # noqa: F811
    found = many_mutants(finished.record, COUNT)
    return dataclasses.replace(found, folder=_copied(finished, tmp_path_factory.mktemp("many")))


def _copied(campaign: Finished, folder: Path) -> Path:
    (folder / "code.json").write_bytes((campaign.folder / "code.json").read_bytes())
    return folder


@pytest.fixture(scope="module")
def page(chromium: Browser, many: Record) -> Opened:  # noqa: F811
    return opened(chromium, report_of(many), "mutants")


def test_all_rows_are_there(page: Opened) -> None:
    assert page.count() == COUNT
    assert page.page.locator("#pages [data-of]").inner_text() == "of 2,000"
    assert page.errors == []


def test_a_verdict_finds_those_that_have_it(page: Opened, many: Record) -> None:
    counted = Counter(row["verdict"] for row in many.rows)
    for verdict, number in counted.items():
        page.choose(verdict=verdict)
        assert page.count() == number
    page.choose(verdict="")


def test_several_filters_find_what_passes_them_all(page: Opened, many: Record) -> None:
    known = many.mutants()
    row = next(row for row in many.rows if row["verdict"] == "killed")
    function, operator = known[row["mutant"]].function, known[row["mutant"]].operator
    wanted = [
        row["mutant"]
        for row in many.rows
        if row["verdict"] == "killed"
        and known[row["mutant"]].function == function
        and known[row["mutant"]].operator == operator
    ]
    page.choose(verdict="killed", function=function, operator=operator)
    assert page.count() == len(wanted)
    assert page.rows() == wanted[:50]
    page.page.locator("#filters [type=reset]").click()


def test_an_id_finds_its_mutant_and_its_code(page: Opened, many: Record) -> None:
    wanted = many.rows[70_000]["mutant"]
    page.choose(q=wanted)
    assert page.rows() == [wanted]
    page.page.locator("#mutant-table tbody a").click()
    page.page.locator(f".note.chosen[aria-label='Mutant {wanted}']").wait_for()
    page.show("mutants")


def test_the_last_page_of_an_ordered_table_holds_its_end(page: Opened, many: Record) -> None:
    page.page.locator("#filters [type=reset]").click()
    page.page.locator("th[data-key=id] button").click()
    page.page.locator("#pages [data-go=last]").click()
    assert page.rows() == sorted(row["mutant"] for row in many.rows)[-50:]
