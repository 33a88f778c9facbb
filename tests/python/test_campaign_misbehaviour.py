"""Mutants that write anywhere, never end or eat memory get their verdicts among ordinary ones."""

from __future__ import annotations

import dataclasses
import os
from functools import partial
from typing import Any

import numpy as np
import pytest
from tvm.script import tirx as T  # noqa: N812

from campaign_fixtures import OPERATORS, SubstitutingCompiler, descendants
from campaign_kernels import MISBEHAVIOUR, model
from device_fixtures import children, compile_to, wait_until
from mutatenn.api import write_reports
from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Silent
from mutatenn.device import Limits
from mutatenn.model import save
from mutatenn.report.record import Record

MARKS = {"exceeds the memory limit", "reads uninitialised memory", "writes out of bounds"}


@dataclasses.dataclass(frozen=True)
class Ended:
    """A campaign that has ended: rows by what was planted, and the rows of ordinary mutants."""

    planted: dict[str, dict[str, Any]]
    ordinary: list[dict[str, Any]]
    summary: dict[str, Any]
    left_behind: list[int]


@pytest.fixture(
    scope="module",
    params=[(8, 1, T.serial), (4096, 2, T.parallel)],
    ids=["one thread", "two threads, parallel kernels"],
)
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A campaign in which six mutants of the first kernel misbehave, each in its own way."""
    length, threads, loop = request.param
    folder = tmp_path_factory.mktemp("misbehaviour")
    save(model(length, loop), folder / "model.json")
    rows = np.random.default_rng(5).uniform(1, 9, (3, length)).astype(np.float32)
    np.save(folder / "x.npy", rows)
    options = Options(
        model=folder / "model.json",
        operators=OPERATORS,
        inputs=folder / "x.npy",
        out=folder / "out",
        stage="tensor",
        schedule="none",
        threads=threads,
        limits=Limits(floor_ms=1000, memory_mb=256),
    )
    subject = Subject.prepare(options)
    manifest = subject.manifest()
    # Every second one, so that an ordinary mutant follows each that misbehaves.
    victims = [m.id for m in manifest.mutants if m.function == "scale"]
    victims = victims[1::2] + victims[0::2]
    (folder / "libraries").mkdir()
    prepared = {
        victim: compile_to(folder / "libraries", kernel(length, loop))
        for victim, kernel in zip(victims, MISBEHAVIOUR, strict=False)
    }
    assert len(prepared) == len(MISBEHAVIOUR)
    before = descendants(os.getpid(), children)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TVM_NUM_THREADS", str(threads))
        Campaign(subject, manifest, partial(SubstitutingCompiler, prepared)).run(Silent())
    wait_until(lambda: descendants(os.getpid(), children) == before, 5)
    left = [pid for pid in descendants(os.getpid(), children) if pid not in before]
    summary = write_reports(options.out)
    rows_by_id = {row["mutant"]: row for row in Record.read(options.out).rows}
    names = [kernel.__name__ for kernel in MISBEHAVIOUR]
    planted = dict(zip(names, (rows_by_id[victim] for victim in prepared), strict=True))
    ordinary = [row for row in rows_by_id.values() if row["mutant"] not in prepared]
    return Ended(planted, ordinary, summary, left)


@pytest.mark.parametrize(("how", "side"), [("after", "after"), ("before", "before")])
def test_one_element_out_of_bounds_survives_with_a_mark(ended: Ended, how: str, side: str) -> None:
    row = ended.planted[how]
    assert (row["verdict"], row["kill"], row["reach"]) == ("survived", "", "masked")
    assert row["marks"] == ["writes out of bounds"]
    (sentence,) = row["evidence"]["out_of_bounds"]
    assert sentence.startswith(f"wrote 4 bytes {side} ")


def test_a_far_write_is_killed_by_its_crash(ended: Ended) -> None:
    row = ended.planted["far"]
    assert (row["verdict"], row["kill"], row["reach"]) == ("killed", "crash", "")
    assert row["reason"].startswith("SIGSEGV ")


def test_a_loop_without_end_is_killed_as_a_hang(ended: Ended) -> None:
    row = ended.planted["endless"]
    assert (row["verdict"], row["kill"], row["reach"]) == ("killed", "hang", "")
    assert row["reason"].startswith("Time limit passed")


def test_eaten_memory_is_a_crash_with_a_mark(ended: Ended) -> None:
    row = ended.planted["greedy"]
    assert (row["verdict"], row["kill"]) == ("killed", "crash")
    assert row["marks"] == ["exceeds the memory limit"]


def test_an_unwritten_output_is_judged_by_the_worse_of_two_patterns(ended: Ended) -> None:
    row = ended.planted["unwritten"]
    # The first pattern is a NaN, the second a finite number so large that it is the class.
    assert (row["verdict"], row["kill"], row["reach"]) == ("killed", "label", "revealed")
    assert "reads uninitialised memory" in row["marks"]


def test_the_campaign_goes_on_to_its_last_mutant(ended: Ended) -> None:
    assert ended.summary["pending"] == 0
    assert len(ended.ordinary) >= len(MISBEHAVIOUR)
    for row in ended.ordinary:
        assert row["verdict"] in ("killed", "survived", "equivalent", "duplicate"), row["reason"]
        assert row["kill"] in ("", "label", "nan")
        assert not MARKS & set(row["marks"])
    assert {row["verdict"] for row in ended.ordinary} >= {"killed", "survived"}


def test_the_summary_counts_them_by_kind_and_mark(ended: Ended) -> None:
    kills, marks = ended.summary["kills"], ended.summary["marks"]
    assert (kills["crash"], kills["hang"]) == (2, 1)
    assert {mark: marks.get(mark, 0) for mark in MARKS} == {
        "exceeds the memory limit": 1,
        "reads uninitialised memory": 1,
        "writes out of bounds": 2,
    }


def test_no_process_is_left(ended: Ended) -> None:
    assert ended.left_behind == []
