"""The predecessor's rows on several devices."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from campaign_fixtures import digits  # noqa: F401
from mutatenn.campaign.icst2025.across import across
from mutatenn.campaign.icst2025.outcome import Outcome
from mutatenn.campaign.icst2025.study import RowResult
from mutatenn.demo import model_path


def result(outcome: Outcome | None, status: str = "applies") -> RowResult:
    return RowResult(19, "title", "category", status, "", 1, 1, outcome=outcome)


def answered(*classes: int, reads: bool = False) -> RowResult:
    return result(Outcome("answered", images=len(classes), top1=classes, reads_uninitialised=reads))


def test_images_count_once_whose_class_differs_on_any_device() -> None:
    rows = {"a": [answered(1, 2, 3, 4)], "b": [answered(1, 9, 3, 4)], "c": [answered(1, 9, 3, -1)]}
    (row,) = across(rows)
    assert (row.differing, row.images, row.share) == (2, 4, 0.5)
    assert row.endings == dict.fromkeys("abc", "answered")
    assert not row.uninitialised


def test_devices_without_answers_are_told_and_not_compared() -> None:
    rows = {
        "a": [answered(1, 2, reads=True)],
        "b": [result(Outcome("crash", "SIGSEGV"))],
        "c": [result(None, "invalid")],
    }
    (row,) = across(rows)
    assert row.endings == {"a": "answered", "b": "crash", "c": "invalid"}
    assert (row.differing, row.share) == (None, None)
    assert row.uninitialised


@pytest.mark.parametrize("options", [(), ("--align", "--no-poison")])
def test_rows_run_on_every_device(
    options: tuple[str, ...],
    digits: Path,  # noqa: F811
) -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "icst2025_devices.py"
    command = [sys.executable, str(script), str(model_path()), "--inputs", str(digits)]
    command += ["--device", "llvm", "--device", "opencl:0", "--category", "conditional", "--json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["align"] == ("--align" in options)
    assert told["poison"] != ("--no-poison" in options)
    assert [row["row"] for row in told["rows"]] == [18, 19, 20, 21, 22]
    compared = [row for row in told["rows"] if row["differing"] is not None]
    assert compared
    assert all(0 <= row["share"] <= 1 for row in compared)
    if "--no-poison" in options:
        assert not any(row["uninitialised"] for row in told["rows"])
