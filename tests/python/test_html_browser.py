"""The HTML report in a real browser: filters, code, addresses, themes and the keyboard."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_fixtures import VIEWS, Opened, chromium, opened, report_of  # noqa: F401
from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from report_fixtures import NAMES, all_mutants, every_kind, tiny  # noqa: F401


@pytest.fixture
def real(chromium: Browser, tiny: Record) -> Iterator[Opened]:  # noqa: F811
    """The page of a real campaign, with code, on one device."""
    found = opened(chromium, report_of(tiny))
    yield found
    assert found.errors == []
    found.page.close()


@pytest.fixture
def every(chromium: Browser, every_kind: Record) -> Iterator[Opened]:  # noqa: F811
    """The page of a record with a verdict of every kind on two devices, without code."""
    found = opened(chromium, report_of(every_kind))
    yield found
    assert found.errors == []
    found.page.close()


def test_every_part_opens_and_only_the_file_is_asked_for(every: Opened) -> None:
    for view in VIEWS:
        every.show(view)
        assert every.page.locator("section:visible").count() == 1
        assert every.page.locator(".top [aria-current=page]").get_attribute("href") == f"#{view}"
    assert every.errors == []
    assert [url.partition("#")[0] for url in every.requests] == [every.page.url.partition("#")[0]]


def test_a_verdict_filters_the_table(every: Opened) -> None:
    every.show("mutants")
    assert every.count() == len(all_mutants())
    every.choose(verdict="survived")
    # Of second order, and a semantics-preserving one too.
    found = {"swap-cmp-survived", "swap-cmp-joint", "swap-cmp-preserved"}
    assert set(every.rows()) == found
    assert every.count() == len(found)


def test_a_kind_of_kill_filters_the_table(every: Opened) -> None:
    every.show("mutants")
    every.choose(verdict="killed (crash)")
    assert every.rows() == ["swap-cmp-crash"]


def test_a_filter_looks_at_the_chosen_device(every: Opened) -> None:
    every.show("mutants")
    every.choose(verdict="survived", device="c")
    assert "swap-cmp-label" in every.rows()
    every.choose(device="any")
    assert len(every.rows()) == 4
    every.choose(verdict="", device="llvm", agreement="device-dependent")
    assert every.rows() == ["swap-cmp-label"]


def test_every_word_of_the_text_must_be_found(every: Opened) -> None:
    every.show("mutants")
    every.choose(q="CONV1 hang")
    assert every.rows() == ["swap-cmp-hang"]
    every.choose(q="conv1 nowhere")
    assert every.rows() == []
    assert every.page.locator("#count").inner_text().startswith("0 of 16 mutants")


def test_the_count_is_told_to_screen_readers(every: Opened) -> None:
    assert every.page.locator("#count").get_attribute("aria-live") == "polite"


def test_the_address_keeps_filters_and_order(every: Opened) -> None:
    every.show("mutants")
    every.choose(verdict="killed", q="swap")
    every.page.locator("th[data-key=id] button").click()
    every.page.wait_for_url(re.compile("sort=id"))
    before = every.rows()
    every.page.reload()
    assert every.rows() == before == sorted(before)
    assert every.page.locator("#filters [name=verdict]").input_value() == "killed"
    assert every.page.locator("#filters [name=q]").input_value() == "swap"


def test_a_second_press_turns_the_order_round(every: Opened) -> None:
    every.show("mutants")
    head = every.page.locator("th[data-key=id]")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    ascending = every.rows()
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert every.rows() == ascending[::-1]


def test_clearing_the_filters_brings_all_back(every: Opened) -> None:
    every.show("mutants")
    every.choose(verdict="killed", q="label")
    every.page.locator("#filters [type=reset]").click()
    assert every.count() == len(all_mutants())


def test_a_mutants_source_opens_from_the_table(real: Opened, tiny: Record) -> None:  # noqa: F811
    real.show("mutants")
    real.choose(verdict="killed")
    wanted = real.rows()[0]
    real.page.locator("#mutant-table tbody a").first.click()
    note = real.page.locator(".note.chosen")
    note.wait_for()
    assert note.get_attribute("aria-label") == f"Mutant {wanted}"
    row = next(row for row in tiny.rows if row["mutant"] == wanted)
    assert row["reason"] in note.inner_text()
    # The journal's difference and the note's say the same of the lines.
    plain = [line[1:].strip() for line in row["diff"].splitlines() if re.match(r"\+[^+]", line)]
    mutated = [text.strip() for text in note.locator("ins").all_inner_texts()]
    assert mutated
    assert set(mutated) <= set(plain)


def test_original_and_mutated_stand_side_by_side(real: Opened) -> None:
    real.show("mutants")
    real.choose(verdict="killed")
    real.page.locator("#mutant-table tbody a").first.click()
    real.page.locator("#code-options [name=layout]").select_option("side")
    change = real.page.locator(".note.chosen .change.side")
    assert change.inner_text().startswith("original\nmutated")


def test_the_reader_walks_through_the_mutants_that_pass_the_filters(real: Opened) -> None:
    real.show("mutants")
    real.choose(verdict="killed")
    rows = real.rows()
    real.page.locator("#mutant-table tbody a").first.click()
    for wanted in rows[1:3]:
        real.page.locator("#walk [data-go=next]").click()
        real.page.locator(f".note.chosen[aria-label='Mutant {wanted}']").wait_for()
    real.page.go_back()
    real.page.locator(f".note.chosen[aria-label='Mutant {rows[1]}']").wait_for()


def test_every_mutant_stands_in_its_kernel(real: Opened, tiny: Record) -> None:  # noqa: F811
    real.show("code")
    files = real.page.locator("#code-options [name=file]")
    found: set[str] = set()
    for at in range(files.locator("option").count()):
        files.select_option(index=at)
        real.page.locator("[data-open=all]").click()
        labels = real.page.locator(".note").evaluate_all(
            "notes => notes.map(note => note.getAttribute('aria-label').slice(7))"
        )
        found |= set(labels)
    assert found == {row["mutant"] for row in tiny.rows}


def test_an_address_of_no_mutant_says_so(real: Opened) -> None:
    real.show("code?mutant=swap-cmp-nowhere")
    told = real.page.locator("#code-count")
    assert told.inner_text().startswith("There is no mutant swap-cmp-nowhere.")


def test_a_cell_of_a_heat_map_opens_its_mutants(real: Opened, tiny: Record) -> None:  # noqa: F811
    real.show("heat")
    real.page.locator("#heat-options [name=figure]").select_option("counted")
    cell = real.page.locator("#heat-devices td a").first
    number, operator = int(cell.inner_text()), cell.get_attribute("title") or ""
    cell.click()
    assert real.count() == number
    assert real.page.locator("#filters [name=operator]").input_value() == operator.split(",")[0]


def test_heat_maps_hold_what_the_summary_says(real: Opened, tiny: Record) -> None:  # noqa: F811
    real.show("heat")
    table = real.page.locator("#heat-devices tbody tr")
    told = {}
    for row in table.all():
        score = row.locator("a").first.inner_text().split()[0]
        told[row.locator("th").inner_text()] = score
    operators = summary(tiny)["by_operator"]
    scores = {name: one["score"] for name, one in operators.items() if one["score"] is not None}
    assert told == {name: f"{score:.2f}" for name, score in scores.items()}


def test_the_kill_matrix_is_read_by_arrow_keys(every: Opened) -> None:
    every.show("inputs")
    canvas = every.page.locator("#kill-matrix")
    canvas.focus()
    canvas.press("ArrowRight")
    told = every.page.locator("#kill-cell")
    # The input with most kills, and the first of the mutants that it kills.
    assert told.inner_text().startswith(f"{NAMES[1]} kills swap-cmp-label")
    canvas.press("ArrowDown")
    assert told.inner_text().startswith(f"{NAMES[0]} does not kill swap-cmp-label (input 2 of 4")
    canvas.press("Enter")
    every.page.locator(".note.chosen[aria-label='Mutant swap-cmp-label']").wait_for()


def ground(page: Opened) -> str:
    found: str = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_the_systems_theme_and_a_button_for_others(
    chromium: Browser,  # noqa: F811
    every_kind: Record,  # noqa: F811
    scheme: str,
) -> None:
    found = opened(chromium, report_of(every_kind), color_scheme=scheme)
    own = ground(found)
    button = found.page.locator("#theme")
    grounds = {}
    for name in ("light", "dark", "system"):
        button.click()
        assert button.inner_text() == f"Theme: {name}"
        grounds[name] = ground(found)
    assert grounds["light"] != grounds["dark"]
    assert grounds["system"] == own == grounds[scheme]
    assert found.errors == []
    found.page.close()


def focused(page: Opened) -> str:
    found: str = page.page.evaluate("document.activeElement.outerHTML.split('>')[0]")
    return found


def test_the_keyboard_alone_leads_to_a_mutants_code(real: Opened) -> None:
    real.page.goto(real.requests[0])
    press = real.page.keyboard.press
    press("Tab")
    assert "skip" in focused(real)
    press("Tab")
    press("Tab")
    assert "#mutants" in focused(real)
    press("Enter")
    real.page.locator("#mutants-title:focus").wait_for()
    press("Tab")
    assert 'name="q"' in focused(real)
    real.page.keyboard.type("killed")
    for _ in range(60):
        press("Tab")
        if "#code?mutant" in focused(real):
            break
    press("Enter")
    real.page.locator(".note.chosen:focus").wait_for()


def test_the_focus_is_seen(real: Opened) -> None:
    real.page.goto(real.requests[0])
    real.page.keyboard.press("Tab")
    real.page.keyboard.press("Tab")
    outline = real.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_the_page_fits_a_narrow_screen(chromium: Browser, tiny: Record) -> None:  # noqa: F811
    found = opened(chromium, report_of(tiny), viewport={"width": 400, "height": 800})
    for view in VIEWS:
        if view != "devices":
            found.show(view)
            assert found.page.evaluate("document.documentElement.scrollWidth") <= 400, view
    found.page.close()


def test_the_page_says_what_needs_scripts(chromium: Browser, every_kind: Record) -> None:  # noqa: F811
    found = opened(chromium, Path(report_of(every_kind)), java_script_enabled=False)
    assert found.page.locator("noscript").inner_text().startswith("Without scripts")
    assert found.page.locator("#devices").is_visible()
    found.page.close()


def test_a_mutant_of_another_lowering_is_told_by_its_own_device(
    chromium: Browser,  # noqa: F811
    every_kind: Record,  # noqa: F811
) -> None:
    mutants = every_kind.manifest.mutants
    lowerings = {
        "one": {"devices": ["llvm"], "mutants": [[0, 1]], "target": "llvm", "schedule": "none"},
        "two": {"devices": ["c"], "mutants": [[1, 4]], "target": "c", "schedule": "none"},
    }
    facts = {**every_kind.facts, "lowerings": lowerings}
    manifest = dataclasses.replace(every_kind.manifest, facts=facts)
    own = {"llvm": mutants[:1], "c": mutants[1:4]}
    rows = [
        row
        for row in every_kind.all_rows
        if row["mutant"] in {one.id for one in own[row["device"]]}
    ]
    record = dataclasses.replace(every_kind, manifest=manifest, facts=facts, all_rows=rows)
    found = opened(chromium, report_of(record), "mutants?q=crash")
    cells = found.page.locator("#mutant-table tbody tr").first.inner_text()
    assert "not applicable" in cells
    assert "killed (crash)" in cells
    assert "killed before an answer" in cells
    assert found.errors == []
    found.page.close()
