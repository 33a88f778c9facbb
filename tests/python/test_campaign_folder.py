"""A campaign's folder is made whole or not at all, and nobody else's files are touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tvm.script import tirx as T  # noqa: N812

import campaign_kernels
from campaign_fixtures import (  # noqa: F401
    Finished,
    demo_options,
    digits,
    finished,
    listing,
)
from device_fixtures import children
from mutatenn.api import run_options, write_reports
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.options import Options
from mutatenn.campaign.verdict import Verdict
from mutatenn.device import Limits
from mutatenn.errors import BaselineError, InputError
from mutatenn.model import save


def options_for(folder: Path, kernel: Any, values: np.ndarray, **changes: Any) -> Options:
    """A campaign on ``kernel(x) - 3``, whose inputs are ``values``."""
    save(campaign_kernels.model(8, T.serial, kernel), folder / "model.json")
    np.save(folder / "x.npy", values.astype(np.float32))
    limits = Limits(floor_ms=300, memory_mb=256, golden_ms=2000)
    return Options(
        model=folder / "model.json",
        inputs=folder / "x.npy",
        out=folder / "a" / "b",
        limits=limits,
        stage="tensor",
        schedule="none",
        **changes,
    )


def values(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=shape)


def test_an_existing_campaign_is_refused_and_left_as_it_was(
    finished: Finished,  # noqa: F811
    digits: Path,  # noqa: F811
) -> None:
    before = listing(finished.folder)
    with pytest.raises(InputError, match="holds a campaign already"):
        run_options(demo_options(digits, finished.folder, sample=1))
    assert listing(finished.folder) == before


def test_a_journal_without_a_manifest_is_nobodys_to_overwrite(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"mine")
    with pytest.raises(InputError, match="holds a campaign already"):
        run_options(demo_options(digits, tmp_path, sample=1))
    assert listing(tmp_path).keys() == {"journal.sqlite"}


@pytest.mark.parametrize(
    ("kernel", "what"),
    [
        (campaign_kernels.unwritten, "different answers when unwritten memory holds other values"),
        (campaign_kernels.after, "writes out of bounds: 4 bytes after"),
        (campaign_kernels.far, "do not run: SIGSEGV"),
        (campaign_kernels.endless, "do not run: Time limit passed"),
    ],
)
def test_a_failed_baseline_is_told_and_leaves_nothing_behind(
    tmp_path: Path, kernel: Any, what: str
) -> None:
    options = options_for(tmp_path, kernel, values(2, 8))
    before = listing(tmp_path)
    with pytest.raises(BaselineError, match=what):
        run_options(options)
    assert listing(tmp_path) == before
    assert children(os.getpid()) == []


def test_a_golden_answer_with_nan_is_no_baseline_for_top1(tmp_path: Path) -> None:
    rows = values(3, 8)
    rows[1, 4] = np.nan
    options = options_for(tmp_path, campaign_kernels.original, rows)
    with pytest.raises(BaselineError, match=r"top1 refuses the original's own answer on 1, "):
        run_options(options)
    assert not (tmp_path / "a").exists()


def test_a_failed_baseline_spares_what_was_in_the_folder(tmp_path: Path) -> None:
    options = options_for(tmp_path, campaign_kernels.unwritten, values(2, 8))
    (options.out / "logs").mkdir(parents=True)
    (options.out / "logs" / "mine.txt").write_text("mine")
    before = listing(tmp_path)
    with pytest.raises(BaselineError):
        run_options(options)
    assert listing(tmp_path) == before


def test_a_campaign_writes_into_a_folder_that_is_there(tmp_path: Path) -> None:
    options = options_for(tmp_path, campaign_kernels.original, values(2, 8), sample=1)
    options.out.mkdir(parents=True)
    (options.out / "notes.txt").write_text("mine")
    assert run_options(options)["mutants"] == 1
    assert (options.out / "notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        run_options(demo_options(digits, tmp_path / "file" / "out", sample=1))
    assert listing(tmp_path).keys() == {"file"}


def test_a_campaign_that_ended_before_its_first_verdict_can_be_reported(
    tmp_path: Path,
    finished: Finished,  # noqa: F811
) -> None:
    finished.record.manifest.write(tmp_path / "manifest.json")
    Journal(tmp_path / "journal.sqlite").close()
    summary = write_reports(tmp_path)
    assert summary["pending"] == summary["mutants"] == len(finished.record.rows)
    assert summary["score"] is None and summary["golden"] == {}


def test_a_verdict_is_in_the_journal_before_record_returns(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        journal.record("m", "llvm", Verdict("survived", marks=("x",)), artifact="ab")
        with Journal(path, read_only=True) as reader:
            (row,) = reader.rows()
    assert (row["mutant"], row["verdict"], row["marks"]) == ("m", "survived", ["x"])


def test_a_second_verdict_on_a_mutant_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.record("m", "llvm", Verdict("survived"))
        with pytest.raises(Exception, match="UNIQUE constraint"):
            journal.record("m", "llvm", Verdict("killed", "label"))
        journal.record("m", "c", Verdict("killed", "label"))
        assert [row["verdict"] for row in journal.rows()] == ["survived", "killed"]


def test_what_is_no_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"no database at all, " * 50)
    with pytest.raises(InputError, match="cannot be opened as a journal"):
        Journal(tmp_path / "journal.sqlite", read_only=True)
    with pytest.raises(InputError, match="give the folder of a campaign"):
        Journal(tmp_path / "nothing", read_only=True)
    assert not (tmp_path / "nothing").exists()
