"""CSV and Parquet have a row for each mutant, device and input, in documented columns."""

from __future__ import annotations

import builtins
import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from campaign_fixtures import ROWS, Cli, cli, digits, finished  # noqa: F401
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.folder import Folder
from mutatenn.device import MutantRun
from mutatenn.device.evidence import RowEvidence, RowState
from mutatenn.errors import InputError, MissingToolError
from mutatenn.exit_codes import ExitCode
from mutatenn.oracle import Evidence
from mutatenn.report.columns import columns
from mutatenn.report.formats import csv_rows, parquet
from mutatenn.report.record import Record
from mutatenn.report.rows import blocks
from report_fixtures import (  # noqa: F401
    DEVICES,
    GOLDEN,
    LABELS,
    NAMES,
    all_rows,
    answers,
    every_kind,
    record_of,
    tiny,
)


@pytest.fixture(params=["tiny", "every_kind"])
def record(request: pytest.FixtureRequest) -> Record:
    found: Record = request.getfixturevalue(request.param)
    return found


def table(record: Record) -> Any:
    parquet.write(record)
    return pandas.read_parquet(record.folder / "report" / "report.parquet")


def of(rows: Any, name: str, device: str = "llvm") -> Any:
    return rows[(rows["mutant"] == f"swap-cmp-{name}") & (rows["device"] == device)]


def test_parquet_reads_back_in_pandas_with_the_columns_that_are_told(record: Record) -> None:
    rows = table(record)
    assert list(rows.columns) == [one.name for one in columns(["top1"])]
    ran = [row for row in record.all_rows if row["reach"]]
    inputs = len(record.facts["input_names"])
    assert rows["input"].notna().sum() >= inputs * len(ran)
    told = set(zip(rows["mutant"], rows["device"], strict=True))
    assert told == {(row["mutant"], row["device"]) for row in record.all_rows}


def test_csv_and_parquet_hold_the_same(record: Record) -> None:
    csv_rows.write(record)
    with (record.folder / "report" / "report.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    rows = table(record)
    assert len(told) == len(rows)
    assert [row["input"] for row in told] == [
        "" if pandas.isna(n) else str(int(n)) for n in rows["input"]
    ]
    for name in ("verdict", "mutant", "input_name"):
        assert [row[name] for row in told] == list(rows[name].fillna(""))
    assert [row["failed"] for row in told] == [
        "" if one is None else str(one).lower() for one in rows["failed"]
    ]
    l2 = [float(row["relative_l2"] or "nan") for row in told]
    np.testing.assert_array_equal(l2, rows["relative_l2"])


def test_the_measures_are_those_of_the_journal(tiny: Record) -> None:  # noqa: F811
    rows = table(tiny)
    seen = 0
    for row in tiny.rows:
        own = rows[rows["mutant"] == row["mutant"]]
        if not row["measures"]:
            assert own["relative_l2"].isna().all()
            continue
        measures = Evidence.from_bytes(row["measures"])
        assert len(own) == measures.rows == ROWS
        np.testing.assert_array_equal(own["relative_l2"], measures.column("relative_l2")[:, 0])
        np.testing.assert_array_equal(own["top1"].astype(bool), measures.column("top1"))
        seen += 1
    assert seen > 5


def test_inputs_have_their_names_and_labels(tiny: Record, digits: Path) -> None:  # noqa: F811
    rows = table(tiny)
    own = rows[rows["mutant"] == tiny.rows[-1]["mutant"]]
    assert tiny.facts["input_names"] == list(own["input_name"])
    with np.load(digits) as shipped:
        assert list(own["label"]) == list(shipped["labels"]) or own["label"].isna().all()


def test_which_inputs_failed_is_told_as_far_as_it_is_known(every_kind: Record) -> None:  # noqa: F811
    rows = table(every_kind)
    assert list(of(rows, "label")["failed"]) == [False, True, False, False]
    assert list(of(rows, "label")["failed:top1"]) == [False, True, False, False]
    assert list(of(rows, "several")["failed"]) == [False, True, None, None]
    assert list(of(rows, "everywhere")["failed"]) == [True] * 4
    assert list(of(rows, "label", "c")["failed"]) == [False] * 4
    assert list(of(rows, "crash")["failed"]) == [None] * 4
    assert list(of(rows, "label")["label"]) == list(LABELS)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ({"kills": "50"}, [False, True, False, True]),
        ({"kills": "50", "known": "70"}, [None, True, False, True]),
        ({"kills": "every"}, [True] * 4),
    ],
)
def test_inputs_that_the_journal_marks_are_the_ones_told(
    tmp_path: Path, stored: dict[str, str], told: list[bool | None]
) -> None:
    rows = all_rows()
    for row in rows:
        row["evidence"] = {**row["evidence"], "inputs": stored}
    assert list(of(table(record_of(tmp_path, rows)), "several")["failed"]) == told


def test_marks_for_another_number_of_inputs_are_refused(tmp_path: Path) -> None:
    rows = all_rows()[:1]
    rows[0]["evidence"] = {**rows[0]["evidence"], "inputs": {"kills": "5000"}}
    with pytest.raises(InputError, match="2 bytes for 4 inputs of swap-cmp-label"):
        list(blocks(record_of(tmp_path, rows)))


def test_of_several_oracles_the_one_that_killed_is_told(tmp_path: Path) -> None:
    oracles = ["top1", "exact", "accuracy:drop=0.5"]
    rows = table(record_of(tmp_path, all_rows(), oracles=oracles))
    own = of(rows, "label")
    assert list(own["failed:top1"]) == [False, True, False, False]
    assert list(own["failed:exact"]) == [False] * 4
    assert list(own["failed:accuracy:drop=0.5"]) == [None] * 4


def test_a_mutant_that_did_not_run_has_one_row(every_kind: Record) -> None:  # noqa: F811
    rows = table(every_kind)
    for name in ("invalid", "equivalent", "duplicate", "unreached", "inconclusive"):
        own = of(rows, name)
        assert len(own) == 1
        assert own["input"].isna().all()


def test_classes_are_told_where_answers_are_kept(every_kind: Record) -> None:  # noqa: F811
    states: tuple[RowState, ...] = ("masked", "propagated", "masked", "masked")
    run = MutantRun(
        fate="completed",
        detail="",
        outputs=answers(1),
        outputs_b=None,
        rows=[RowEvidence(state, -1, False, ()) for state in states],
        seconds=0.0,
        launches=1,
    )
    with Answers(Folder(every_kind.folder).answers) as kept:
        for device in DEVICES:
            kept.record_golden(device, GOLDEN)
        kept.record("swap-cmp-label", "llvm", run)
    rows = table(every_kind)
    assert list(of(rows, "label")["golden_top1"]) == [0, 1, 2, 3]
    changed = int(np.argmax(answers(1)[0][1]))
    assert list(of(rows, "label")["mutant_top1"]) == [0, changed, 2, 3]
    assert of(rows, "survived")["mutant_top1"].isna().all()


def test_without_pyarrow_nothing_is_written_and_it_is_said_what_to_install(
    every_kind: Record,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported = builtins.__import__

    def refuse(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return imported(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingToolError, match=r"pip install 'mutatenn\[parquet\]'"):
        parquet.write(every_kind)
    assert not (every_kind.folder / "report").exists()


@pytest.mark.parametrize("write", [csv_rows.write, parquet.write])
def test_a_table_that_cannot_be_finished_leaves_no_file(tmp_path: Path, write: Any) -> None:
    rows = all_rows()
    rows[-1]["measures"] = b"damaged"
    with pytest.raises(InputError, match="evidence of a mutant is damaged"):
        write(record_of(tmp_path, rows))
    assert list((tmp_path / "report").iterdir()) == []


def test_each_field_of_parquet_says_what_it_means(every_kind: Record) -> None:  # noqa: F811
    import pyarrow.parquet  # noqa: PLC0415

    parquet.write(every_kind)
    schema = pyarrow.parquet.read_schema(every_kind.folder / "report" / "report.parquet")
    for one in columns(["top1"]):
        assert schema.field(one.name).metadata[b"meaning"].decode() == one.meaning


def test_the_page_of_columns_is_the_one_that_the_code_gives(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "generate_column_docs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_all_formats_are_written_by_one_command(cli: Cli, tiny: Record) -> None:  # noqa: F811
    wanted = "mte,sarif,junit,csv,parquet,md,json"
    answer = cli("report", tiny.folder, "--format", wanted)
    assert answer.code == ExitCode.OK
    assert answer.out.splitlines()[-1].startswith(f"wrote {', '.join(wanted.split(','))} to ")
    files = {path.name for path in (tiny.folder / "report").iterdir() if path.is_file()}
    assert files == {
        *(f"report.{end}" for end in ("mte.json", "sarif", "junit.xml", "csv", "parquet", "md")),
        "summary.json",
    }


def test_a_format_that_there_is_not_is_refused_in_one_sentence(
    cli: Cli,  # noqa: F811
    tiny: Record,  # noqa: F811
) -> None:
    answer = cli("report", tiny.folder, "--format", "json,pdf")
    assert answer.code == ExitCode.USAGE
    assert answer.err.startswith("mutatenn-ir: there is no report format 'pdf'; choose from: csv, ")
    assert len(answer.err.splitlines()) == 1
    assert not (tiny.folder / "report").exists()


def test_names_are_those_of_the_fixture(every_kind: Record) -> None:  # noqa: F811
    assert list(of(table(every_kind), "label")["input_name"]) == list(NAMES)
