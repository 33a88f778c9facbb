"""The HTML report is one valid file that holds all it needs, and nothing that runs by itself."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from pathlib import Path
from typing import Any

import html5lib
import pytest
from typer.testing import CliRunner

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.campaign.manifest import Manifest
from mutatenn.cli.app import app
from mutatenn.report.formats import registered
from mutatenn.report.html.assets import SCRIPTS, STYLES, script, style
from mutatenn.report.html.page import embedded, page
from mutatenn.report.record import Record
from report_fixtures import all_mutants, all_rows, every_kind, mutant, record_of, tiny  # noqa: F401


@pytest.fixture(params=["tiny", "every_kind"])
def record(request: pytest.FixtureRequest) -> Record:
    found: Record = request.getfixturevalue(request.param)
    return found


def parsed(text: str) -> Any:
    """The document, by a parser that forgives nothing."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def data_of(text: str) -> dict[str, Any]:
    found = next(one for one in parsed(text).iter("script") if one.get("id") == "data")
    body: dict[str, Any] = json.loads(found.text)
    return body


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_page_is_valid_html(record: Record) -> None:
    document = parsed(page(record))
    assert document.get("lang") == "en"
    assert [one.get("id") for one in document.iter("section")][:2] == ["summary", "mutants"]


def test_a_page_of_a_campaign_without_verdicts_is_valid(tmp_path: Path) -> None:
    text = page(record_of(tmp_path, []))
    assert "No mutant counts towards a score" in text_of(parsed(text))


def test_the_page_forbids_itself_all_but_what_it_holds(every_kind: Record) -> None:  # noqa: F811
    (policy,) = [one for one in parsed(page(every_kind)).iter("meta") if one.get("http-equiv")]
    assert policy.get("http-equiv") == "Content-Security-Policy"
    assert policy.get("content").startswith("default-src 'none';")


def test_the_page_names_nothing_outside_itself(record: Record) -> None:
    document = parsed(page(record))
    for one in document.iter():
        assert one.get("src") is None
        assert (one.get("href") or "#").startswith(("#", "data:"))
    assert not re.search(r"url\(|@import|import\(|fetch\(|XMLHttpRequest", style() + script())


def test_ids_are_unique(record: Record) -> None:
    ids = [one.get("id") for one in parsed(page(record)).iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_what_is_embedded_cannot_end_its_script(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><!--"
    rows = [{**row, "reason": evil, "diff": evil} for row in all_rows()]
    text = page(record_of(tmp_path, rows))
    assert evil not in text
    assert len(list(parsed(text).iter("script"))) == 2
    assert evil in data_of(text)["mutants"]["devices"][0]["reason"]["words"]
    assert json.loads(embedded({"&": evil})) == {"&": evil}


def test_names_of_the_users_are_no_html(tmp_path: Path) -> None:
    record = record_of(tmp_path, all_rows(), model="<b>&\"' \x1b \udcff.onnx")
    title = next(parsed(page(record)).iter("title"))
    assert title.text == "Mutation report: <b>&\"' \ufffd \ufffd.onnx"


def test_every_asset_is_a_part_of_the_page_and_of_the_package(root: Path) -> None:
    folder = root / "python" / "mutatenn" / "report" / "html"
    assert {path.stem for path in (folder / "css").iterdir()} == set(STYLES)
    assert {path.stem for path in (folder / "js").iterdir()} == set(SCRIPTS)
    named = "".join(path.read_text() for path in (folder / "templates").iterdir())
    for path in (folder / "templates").iterdir():
        assert path.name == "page.html.j2" or f'"{path.name}"' in named


def test_an_unfinished_campaign_says_so(every_kind: Record) -> None:  # noqa: F811
    (warning,) = [
        text_of(one)
        for one in parsed(page(every_kind)).iter("p")
        if one.get("class") == "warning" and one.get("role") == "status" and "finished" in one.text
    ]
    assert warning.startswith("This campaign is not finished: 2 verdicts are missing.")


def test_a_suspected_defect_stands_at_the_top(every_kind: Record) -> None:  # noqa: F811
    assert "suspected defects of the compiler (swap-cmp-told-apart)" in page(every_kind)


def test_a_damaged_journal_is_told(every_kind: Record) -> None:  # noqa: F811
    damaged = dataclasses.replace(every_kind, damaged="row 3 is not whole")
    assert "The journal is damaged (row 3 is not whole)" in page(damaged)


def test_the_score_stands_with_its_definition(every_kind: Record) -> None:  # noqa: F811
    text = text_of(parsed(page(every_kind)))
    # The fixture's mutants: six kinds of kill, two that survive, one that is not reached.
    assert "killed 6 / (killed 6 + survived 2 + not reached 1) = 6 / 9" in text


def test_a_campaign_without_names_of_inputs_says_why_there_is_no_matrix(tmp_path: Path) -> None:
    record = record_of(tmp_path, all_rows())
    del record.facts["input_names"]
    text = page(record)
    assert "The journal does not name its inputs" in text_of(parsed(text))
    assert data_of(text)["kills"] is None


def test_code_is_held_once_and_changes_as_ranges(tiny: Record) -> None:  # noqa: F811
    body = data_of(page(tiny))["sources"]
    assert len({file["path"] for file in body["files"]}) == len(body["files"])
    for file in body["files"]:
        assert f"def {file['name']}(" in file["text"]
    assert all("@@" not in text for text in body["text"]["words"])


def test_the_format_is_one_of_the_command_line(tiny: Record) -> None:  # noqa: F811
    assert registered()["html"].file == "index.html"
    done = CliRunner().invoke(app, ["report", str(tiny.folder), "--format", "html"])
    assert done.exit_code == 0, done.output
    assert (tiny.folder / "report" / "index.html").read_text().startswith("<!DOCTYPE html>")


def test_the_command_that_repeats_the_campaign_is_told(tiny: Record) -> None:  # noqa: F811
    document = parsed(page(tiny))
    lines = [text_of(one) for one in document.iter("pre")]
    assert lines[0].startswith("mutatenn-ir run --manifest ")
    assert lines[1].startswith(f"mutatenn-ir run {tiny.facts['options']['model']} --inputs ")
    assert " --seed 11 " in lines[1]


def test_that_command_begins_the_same_campaign(tiny: Record, tmp_path: Path) -> None:  # noqa: F811
    line = text_of(list(parsed(page(tiny)).iter("pre"))[1])
    words = shlex.split(line)[1:-1]
    done = CliRunner().invoke(app, [*words, str(tmp_path / "again"), "--dry-run"])
    assert done.exit_code == 0, done.output
    again = Manifest.read(tmp_path / "again" / "manifest.json")
    told = {**again.facts["options"], "out": None}
    assert told == {**tiny.facts["options"], "out": None}
    # The fixture's campaign ran some of the mutants alone.
    assert {one.id for one in tiny.manifest.mutants} < {one.id for one in again.mutants}


def test_hashes_versions_and_targets_are_told(tiny: Record) -> None:  # noqa: F811
    text = text_of(parsed(page(tiny)))
    assert tiny.facts["hashes"]["model"] in text
    assert tiny.facts["versions"]["apache-tvm"] in text
    assert tiny.facts["options"]["target"] in text


def test_all_mutants_are_in_the_table(every_kind: Record) -> None:  # noqa: F811
    body = data_of(page(every_kind))["mutants"]
    assert body["count"] == len(all_mutants()) == len(body["ids"].split("\n"))
    # An id that does not begin with its operator is kept whole.
    assert "=swap-cmp-joint" in body["ids"].split("\n")
    assert mutant("label").id.removeprefix("swap-cmp-") in body["ids"].split("\n")
