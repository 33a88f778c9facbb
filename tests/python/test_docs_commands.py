"""Every command of README.md and of docs/ is run, page by page, as it stands there."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from doc_blocks import LANGUAGES, MARKS, REASONS, RUN, Block, blocks
from doc_options import command_lines, commands, options_named, options_there_are, problem
from doc_runner import Runner, matches, started
from mutatenn.demo import inputs_path, model_path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
FIRST = ROOT / "docs" / "first-campaign.md"
GENERATED = ("operators.md", "report-columns.md")
"""Pages whose examples are made by the script that writes them."""
WRITTEN = [page for page in PAGES if page.name not in GENERATED]


@functools.cache
def read(page: Path) -> tuple[Block, ...]:
    return tuple(blocks(page))


EVERY = [block for page in WRITTEN for block in read(page)]
ELSEWHERE = [page for page in WRITTEN if page != FIRST and any(b.is_run for b in read(page))]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def after_first_campaign(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder ``here`` that a reader has after the first page."""
    folder = tmp_path_factory.mktemp("docs") / "here"
    folder.mkdir()
    for block in read(FIRST):
        assert not runner.run(block, folder)
    return Path(shutil.copytree(folder, folder.with_name("first")))


def test_the_first_page_leaves_a_campaign(after_first_campaign: Path) -> None:
    assert (after_first_campaign / "out" / "journal.sqlite").is_file()


@pytest.mark.parametrize("page", ELSEWHERE, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_in_their_order(
    page: Path, runner: Runner, after_first_campaign: Path
) -> None:
    folder = after_first_campaign.with_name("here")
    shutil.rmtree(folder)
    if page == README:
        folder.mkdir()
        for path in (model_path(), inputs_path()):
            shutil.copy(path, folder)
    else:
        shutil.copytree(after_first_campaign, folder)
    (folder / "checkout").symlink_to(ROOT)
    for block in read(page):
        if missing := runner.run(block, folder):
            pytest.skip(f"{block.place} and what follows: {missing}")


def test_the_workflow_runs_to_the_reports(
    runner: Runner, after_first_campaign: Path, tmp_path: Path
) -> None:
    (workflow,) = [block for block in read(ROOT / "docs" / "ci.md") if block.language == "yaml"]
    body = yaml.safe_load(workflow.text)
    assert body[True] == ["push", "pull_request"]  # YAML 1.1 reads the key `on` so
    steps = body["jobs"]["campaign"]["steps"]
    own = [step for step in steps if "run" in step and step["name"] != "install"]
    shutil.copytree(after_first_campaign, tmp_path / "here")
    for step in own:
        runner.shell(f"{workflow.place} {step['name']}", tmp_path / "here", step["run"])
    named = [step["with"] for step in steps if "with" in step]
    for path in (each[key] for each in named for key in ("path", "sarif_file") if key in each):
        assert (tmp_path / "here" / path).exists(), path
    assert "Mutation score" in (tmp_path / "here" / "step-summary.md").read_text()
    (again,) = [step["run"] for step in own if "gates" in step["name"]]
    runner.shell(f"{workflow.place} with a baseline", tmp_path / "here", again)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as CI does; every warning is an error."""
    pytest.importorskip("material", reason="mkdocs-material is not installed: the extra docs")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    pages = {page.stem for page in PAGES if page != README}
    assert pages <= {file.stem for file in site.glob("*.html")}


def test_no_page_of_the_site_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = r'<(?:script|img)[^>]*?src="?https?:|<link[^>]*stylesheet[^>]*href="?https?:'
    assert not {file.name for file in site.glob("*.html") if re.search(loaded, file.read_text())}


@pytest.mark.parametrize("block", EVERY, ids=lambda block: block.place)
def test_a_block_has_a_language_and_marks_that_are_known(block: Block) -> None:
    assert block.language in LANGUAGES, "give the block a language"
    assert set(block.marks) <= set(MARKS)
    if "not run" in block.marks:
        assert block.marks["not run"] in REASONS and block.language in RUN
    if "example output" in block.marks:
        assert block.language == "console" and block.marks["example output"]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_commands_stand_in_fenced_blocks(page: Path) -> None:
    fenced = {line for block in read(page) for line in block.text.splitlines()}
    indented = [line for line in page.read_text().splitlines() if line.startswith("    ")]
    for line in set(indented) - fenced:
        assert not line.strip().startswith(("mutatenn-ir ", "python ", "pip ")), line


def test_every_command_line_is_one_that_the_command_takes() -> None:
    lines = [
        (block.place, arguments)
        for block in EVERY
        if block.language in ("sh", "console")
        for line in block.commands()
        for arguments in command_lines(line)
    ]
    assert len(lines) > 50
    assert not {f"{place}: {told}" for place, given in lines if (told := problem(given))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_option_that_a_page_names_exists(page: Path) -> None:
    assert options_named(page.read_text()) <= options_there_are(ROOT)


def test_every_command_has_a_place_in_the_documentation() -> None:
    told = "\n".join(page.read_text() for page in WRITTEN)
    assert not {name for name in commands() if f"mutatenn-ir {name}" not in told}


def test_every_option_of_every_command_is_named_somewhere() -> None:
    told = options_named("\n".join(page.read_text() for page in PAGES))
    there_are = {
        (name, option)
        for name, command in commands().items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert not {pair for pair in there_are if pair[1] not in told}


def test_a_wrong_option_in_a_page_would_be_told() -> None:
    (given,) = command_lines("cat x | mutatenn-ir run m.onnx --inputz a > out && echo --done")
    assert given == ["run", "m.onnx", "--inputz", "a"]
    assert "inputz" in problem(given)
    assert problem(["rum"]) == "there is no command rum"
    assert options_named("`--inputz` <!-- not run: --x -->") == {"--inputz"}
    assert "--inputz" not in options_there_are(ROOT)


def test_output_is_compared_line_by_line() -> None:
    assert matches("a ... c\n...\nlast\n", "a b c\nmore\nlines\nlast  \n")
    assert matches("a\n...\n", "a\n")
    assert not matches("a\nb\n", "a\nc\n")
    assert not matches("a\n", "a\nb\n")
    assert matches("seconds: 1.5 (2 runs)\n", "seconds: 12.25 (2 runs)\n")
    assert not matches("score: 1.5\n", "score: 12.25\n")
