"""Mutants are found in the printed code of the original, and their changes are told exactly."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from campaign_fixtures import digits, finished  # noqa: F401
from mutatenn.campaign.code import read_code
from mutatenn.campaign.folder import Folder
from mutatenn.campaign.manifest import Manifest
from mutatenn.errors import InputError
from mutatenn.mutation.location import text_at
from mutatenn.mutation.mutant import plant
from mutatenn.mutation.printed import Printed, Span
from mutatenn.report.change import change
from mutatenn.report.patched import patched
from mutatenn.report.places import Places
from mutatenn.report.record import Record
from report_fixtures import mutant, tiny  # noqa: F401

Lines = st.lists(st.sampled_from(["a", "b", "  c", "", "@@ -1 +1 @@"]), max_size=12)


def cut(text: str, span: Span) -> str:
    lines = text.splitlines()[span.start_line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.start_column - 1 :]
    return "\n".join(lines)


def test_the_place_of_an_expression_is_its_text(tiny: Record) -> None:  # noqa: F811
    places = Places.read(tiny)
    module = read_code(Folder(tiny.folder).code)["cpu"]
    seen = 0
    for one in tiny.mutants().values():
        place, expression = places.of(one), text_at(module[one.function], one.path)
        assert place.known
        if len(expression.splitlines()) == 1 and not expression.startswith("for "):
            # Where a node has no text of its own, such as an index, what holds it is told.
            assert expression in cut(places.text(one), place.span)
            seen += 1
    assert seen > 5


def test_a_change_gives_what_planting_the_mutant_gives(tiny: Record) -> None:  # noqa: F811
    places, known = Places.read(tiny), tiny.mutants()
    module = read_code(Folder(tiny.folder).code)["cpu"]
    seen = 0
    for row in tiny.rows:
        one = known[row["mutant"]]
        found = places.change(one, row["diff"])
        if found is None:
            assert "TVMScript cannot print it" in row["diff"]
            continue
        mutated = Printed(one.function, plant(module, one)[one.function]).text
        lines = mutated.splitlines()
        assert found.text.splitlines()[0] in lines[found.span.start_line - 1]
        original = places.text(one).splitlines()
        before = original[found.span.start_line - 1][: found.span.start_column - 1]
        after = original[found.span.end_line - 1][found.span.end_column - 1 :]
        assert f"{before}{found.text}{after}" in mutated
        seen += 1
    assert seen > 5


def test_the_code_that_is_kept_prints_as_the_diffs_have_it(tiny: Record) -> None:  # noqa: F811
    places, known = Places.read(tiny), tiny.mutants()
    for row in tiny.rows:
        if row["diff"] and "cannot print" not in row["diff"]:
            assert patched(places.text(known[row["mutant"]]), row["diff"]) is not None


def test_a_path_that_leads_nowhere_has_the_line_of_its_function(tiny: Record) -> None:  # noqa: F811
    one = next(iter(tiny.mutants().values()))
    lost = mutant("lost", function=one.function, path=".block.nowhere")
    place = Places.read(tiny).of(lost)
    assert not place.known
    assert f"def {one.function}(" in cut(Places.read(tiny).text(lost), place.span)


def test_a_folder_without_code_says_so_in_its_files(tiny: Record) -> None:  # noqa: F811
    Folder(tiny.folder).code.unlink()
    places, one = Places.read(tiny), next(iter(tiny.mutants().values()))
    assert "does not hold its code" in places.text(one)
    assert places.of(one).span == Span(1, 1, 1, 2)
    assert not places.of(one).known
    assert places.change(one, tiny.rows[0]["diff"]) is None


def test_no_name_of_a_function_leads_out_of_the_folder() -> None:
    places = Places(Manifest({}, ()), {})
    names = ["../../etc", ".._.._etc", "a/b", "a|b", "plain_0"]
    files = [places.file(mutant("x", function=name)) for name in names]
    assert len(set(files)) == len(names)
    assert all(file.count("/") == 1 and ".." not in file for file in files)
    assert files[-1] == "kernels/plain_0.py"


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "mutatenn.code/9"}', "[]"])
def test_a_file_that_is_no_code_is_refused(tiny: Record, text: str) -> None:  # noqa: F811
    Folder(tiny.folder).code.write_text(text)
    with pytest.raises(InputError, match=r"code\.json"):
        Places.read(tiny)


@given(old=Lines, new=Lines, context=st.integers(0, 3))
def test_a_diff_is_applied(old: list[str], new: list[str], context: int) -> None:
    lines = list(difflib.unified_diff(old, new, "a", "b", n=context, lineterm=""))
    text = "".join(f"{line}\n" for line in old)
    told = patched(text, "\n".join([*lines, "! weights differ"]))
    assert told == ("".join(f"{line}\n" for line in new) if lines else None)


def test_a_diff_of_another_text_is_not_applied() -> None:
    assert patched("a\nb\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-c\n+d") is None
    assert patched("a\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-c\n+d") is None
    assert patched("a\nb\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a") is None


@given(old=Lines.filter(bool), new=Lines)
def test_the_lines_of_a_change_make_the_mutant(old: list[str], new: list[str]) -> None:
    assume(len(old) != len(new))
    original, mutated = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    found = change(original, mutated, Span(1, 1, 1, 2))
    span = found.span
    assert (span.start_column, span.end_column) == (1, len(old[span.end_line - 1]) + 1)
    text = found.text.split("\n") if found.text else []
    made = [*old[: span.start_line - 1], *text, *old[span.end_line :]]
    assert [line for line in made if line] == [line for line in new if line]


def test_a_change_within_a_line_leaves_what_follows_from_it() -> None:
    found = change("reads(a)\nx = a + b\n", "reads(b)\nx = b + b\n", Span(2, 5, 2, 6))
    assert (found.span, found.text) == (Span(2, 5, 2, 6), "b")
