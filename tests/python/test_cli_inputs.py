"""``mutatenn-ir inputs``, and runs on some inputs alone."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from campaign_fixtures import (
    ROWS,
    Cli,
    Finished,
    all_kinds,
    cli,  # noqa: F401
    demo_options,
    digits,  # noqa: F401
    finished,  # noqa: F401
    run_chosen,
)
from mutatenn.analysis.kill_matrix import KillMatrix
from mutatenn.analysis.killing_set import killing_set
from mutatenn.errors import InputError
from mutatenn.exit_codes import ExitCode
from mutatenn.model.input_list import read_names
from mutatenn.model.inputs import InputSpec, load_inputs
from mutatenn.model.pictures import list_pictures
from mutatenn.model.preprocess import load_preprocess
from mutatenn.report.inputs import matrix_of, write_names


def killed(campaign: Finished) -> set[str]:
    return {row["mutant"] for row in campaign.record.rows if row["verdict"] == "killed"}


def test_a_run_on_the_smallest_set_alone_kills_the_same_mutants(
    cli: Cli,  # noqa: F811
    finished: Finished,  # noqa: F811
    digits: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    names = tmp_path / "smallest.txt"
    answer = cli("inputs", finished.folder, "--write", names, "--json")
    assert answer.code == ExitCode.OK, answer.err
    body = json.loads(answer.out)
    assert body["schema"] == "mutatenn.inputs/1"
    assert names.read_text().splitlines() == body["smallest_set"]["inputs"]
    assert 1 <= len(body["smallest_set"]["inputs"]) < ROWS
    assert body["smallest_set"]["method"] == "exact"
    assert body["smallest_set"]["kills"] == body["killed"] == len(killed(finished)) > 0

    again = run_chosen(demo_options(digits, tmp_path / "out", input_list=names), all_kinds)
    assert again.summary["golden"]["llvm"]["inputs"] == len(body["smallest_set"]["inputs"])
    assert killed(again) == killed(finished)


def test_what_the_journal_counts_the_matrix_holds(finished: Finished) -> None:  # noqa: F811
    matrix = matrix_of(finished.record)
    failing = {row["mutant"]: row["failing"] for row in finished.record.rows if row["reach"]}
    for column, mutant in enumerate(matrix.mutants):
        if mutant in failing:
            assert matrix.kills[:, column].sum() == failing[mutant]


def test_the_table_names_every_input_and_the_set(cli: Cli, finished: Finished) -> None:  # noqa: F811
    answer = cli("inputs", finished.folder)
    assert answer.code == ExitCode.OK
    lines = answer.out.splitlines()
    assert lines[0].split() == [
        *["rank", "input", "kills", "unique", "redundancy", "unknown"],
        *["in", "the", "set"],
    ]
    assert {line.split()[1] for line in lines[1 : ROWS + 1]} == {str(row) for row in range(ROWS)}
    assert "no smaller set kills as many" in answer.out


def test_a_device_that_did_not_run_is_refused(cli: Cli, finished: Finished) -> None:  # noqa: F811
    answer = cli("inputs", finished.folder, "--device", "c")
    assert answer.code == ExitCode.USAGE
    assert "did not run on c; choose from: llvm" in answer.err


def test_a_journal_that_names_no_inputs_is_told_how_to_get_them(
    finished: Finished,  # noqa: F811
) -> None:
    record = finished.record
    facts = {key: value for key, value in record.facts.items() if key != "input_names"}
    with pytest.raises(InputError, match=r"run --resume .* adds them"):
        matrix_of(dataclasses.replace(record, facts=facts))


@pytest.mark.parametrize("name", ["two\nlines", "no text \udcff"])
def test_a_name_that_no_line_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    kills = np.array([[True]])
    matrix = KillMatrix((name,), ("m",), kills[0], kills, kills)
    with pytest.raises(InputError, match="does not fit on a line of text"):
        write_names(killing_set(matrix), tmp_path / "list.txt")
    assert not (tmp_path / "list.txt").exists()


SPEC = InputSpec("x", (1, 2), "float32")


@pytest.fixture
def named(tmp_path: Path) -> Path:
    path = tmp_path / "named.npz"
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    np.savez(path, x=rows, names=np.array(["u", "v", "w"]), labels=np.array([5, 6, 7]))
    return path


def test_named_rows_are_taken_in_the_order_of_the_inputs(named: Path) -> None:
    found = load_inputs(named, [SPEC], None, only=["w", "u"])
    assert found.names == ("u", "w")
    assert found.rows[0].reshape(-1).tolist() == [0, 1, 4, 5]
    assert found.labels is not None and found.labels.tolist() == [5, 7]
    assert found.sha256 != load_inputs(named, [SPEC], None).sha256


def test_a_name_that_is_no_input_is_refused(named: Path) -> None:
    with pytest.raises(InputError, match=r"has no input 'x'; give names that are there, such as"):
        load_inputs(named, [SPEC], None, only=["u", "x"])


def test_pictures_that_are_not_named_are_not_decoded(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    for index, name in enumerate(("a.png", "b.png")):
        Image.new("RGB", (4, 4), (index, 0, 0)).save(tmp_path / name)
    (tmp_path / "c.png").write_bytes(b"no picture")
    (tmp_path / "labels.csv").write_text("file,class_index\na.png,1\nb.png,2\nc.png,3\n")
    assert len(list_pictures(tmp_path)) == 3
    spec = InputSpec("x", (1, 3, 4, 4), "float32")
    found = load_inputs(tmp_path, [spec], load_preprocess("raw"), only=["b.png"])
    assert found.names == ("b.png",)
    assert found.labels is not None and found.labels.tolist() == [2]
    assert found.rows[0].max() > 0


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "names none"), ("\n\n", "names none"), ("a\nb\na\n", "names 'a' twice")],
)
def test_a_list_without_names_or_with_one_twice_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=told):
        read_names(path)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_names(tmp_path / "none.txt")
