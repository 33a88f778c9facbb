"""The HTML report by axe-core's rules: landmarks, names, headings, contrast, reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_fixtures import VIEWS, chromium, opened, report_of  # noqa: F401
from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.report.record import Record
from npm_fixtures import installed
from report_fixtures import every_kind, tiny  # noqa: F401

VIOLATIONS = """
async () => {
  const { violations } = await axe.run();
  return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(" ")}`);
}
"""


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, from npm."""
    folder: Path = installed(tmp_path_factory.mktemp("axe"), "axe-core@^4")
    return (folder / "axe-core" / "axe.min.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["tiny", "every_kind"])
def test_no_rule_of_axe_is_broken(
    chromium: Browser,  # noqa: F811
    axe: str,
    request: pytest.FixtureRequest,
    name: str,
    scheme: str,
) -> None:
    record: Record = request.getfixturevalue(name)
    found = opened(chromium, report_of(record), color_scheme=scheme)
    found.page.evaluate(axe)
    mutant = record.rows[0]["mutant"]
    views = [view for view in VIEWS if view != "devices" or len(record.devices) > 1]
    for view in (*views, "mutants?verdict=killed", f"code?mutant={mutant}&layout=side"):
        found.show(view)
        assert found.page.evaluate(VIOLATIONS) == [], view
    found.page.close()
