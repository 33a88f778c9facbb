"""Debian's Chromium, driven by Playwright, and pages of reports opened in it from disk."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mutatenn.report.format import FOLDER
from mutatenn.report.formats.html import FILE, write
from mutatenn.report.record import Record

VIEWS = ("summary", "mutants", "code", "heat", "devices", "inputs", "model", "environment")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a window; of a session there would be one for each module that imports it.

    Playwright has one at a time.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not here (Debian: chromium): pages are opened in it")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, which containers are.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclasses.dataclass(frozen=True)
class Opened:
    """A page, with what went wrong in it and what it asked for since it was opened."""

    page: Page
    errors: list[str]
    requests: list[str]

    def show(self, part: str) -> None:
        """Go to a part of the report, and have it drawn."""
        self.page.evaluate("hash => { location.hash = hash; }", part)
        self.page.wait_for_function(
            "id => !document.getElementById(id).hidden", arg=part.partition("?")[0]
        )

    def choose(self, **filters: str) -> None:
        """Set filters of the table."""
        for name, value in filters.items():
            field = self.page.locator(f"#filters [name={name}]")
            if name == "q":
                field.fill(value)
            else:
                field.select_option(value)

    def count(self) -> int:
        """How many mutants the page says pass the filters."""
        text = self.page.locator("#count").inner_text()
        return int(text.split(" of ")[0].replace(",", ""))

    def rows(self) -> list[str]:
        """Ids of the mutants on the page of the table."""
        found: list[str] = self.page.locator("#mutant-table tbody a").evaluate_all(
            "links => links.map(link => link.title)"
        )
        return found


def opened(browser: Browser, file: Path, part: str = "summary", **options: Any) -> Opened:
    """Open a file from disk."""
    page = browser.new_page(**options)
    errors: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{file.as_uri()}#{part}")
    return Opened(page, errors, requests)


def report_of(record: Record) -> Path:
    """Write the page of a record."""
    assert write(record) == ()
    return record.folder / FOLDER / FILE
