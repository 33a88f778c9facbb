"""The report for mutation-testing-elements opens in its own element, in a real browser."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_fixtures import chromium, opened  # noqa: F401
from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.report.formats.mutation_testing_elements import OWN, mutation_testing_elements
from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from npm_fixtures import installed
from report_fixtures import every_kind, tiny  # noqa: F401

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>elements</title><link rel="icon" href="data:,">
<script src="mutation-test-elements.js"></script></head>
<body><mutation-test-report-app title-postfix="mutatenn"></mutation-test-report-app>
<script>document.querySelector("mutation-test-report-app").report = {report};</script>
</body></html>
"""


@pytest.fixture(scope="module")
def elements(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of the elements, from npm."""
    folder = installed(tmp_path_factory.mktemp("elements"), "mutation-testing-elements@^3")
    return folder / "mutation-testing-elements" / "dist" / "mutation-test-elements.js"


@pytest.fixture(params=["tiny", "every_kind"])
def record(request: pytest.FixtureRequest) -> Record:
    found: Record = request.getfixturevalue(request.param)
    return found


def viewer(elements: Path, record: Record) -> Path:
    """A page with the element, and our report in it."""
    (record.folder / elements.name).write_bytes(elements.read_bytes())
    text = json.dumps(mutation_testing_elements(record)).replace("<", "\\u003c")
    file = record.folder / "elements.html"
    file.write_text(PAGE.replace("{report}", text))
    return file


def test_the_element_shows_our_score(chromium: Browser, elements: Path, record: Record) -> None:  # noqa: F811
    found = opened(chromium, viewer(elements, record), "mutant")
    body = summary(record)
    score = f"{100 * body['score']:.2f}"
    found.page.get_by_text(score, exact=True).first.wait_for()
    assert found.errors == []
    found.page.close()


def test_the_element_shows_the_mutants_of_a_kernel(
    chromium: Browser,  # noqa: F811
    elements: Path,
    tiny: Record,  # noqa: F811
) -> None:
    body = mutation_testing_elements(tiny)
    file, source = max(body["files"].items(), key=lambda one: len(one[1]["mutants"]))
    found = opened(chromium, viewer(elements, tiny), f"mutant/{file.removeprefix('kernels/')}")
    found.page.locator("mte-file").wait_for()
    counted = Counter(one["status"] for one in source["mutants"])
    assert counted["Killed"]
    for status in ("Killed", "Survived"):
        if counted[status]:
            found.page.get_by_text(f"{status} ({counted[status]})").wait_for()
    code = found.page.locator("mte-file code").inner_text()
    assert f"def {source['mutants'][0][OWN]['function']}(" in code
    assert found.errors == []
    found.page.close()
