"""What proofs do in a campaign: verdicts without a run, and marks before one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign_fixtures import OPERATORS, run_chosen
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.options import Options
from mutatenn.campaign.verdict import OUT_OF_BOUNDS, PROVED_OUT_OF_BOUNDS
from mutatenn.model import save
from proof_models import small_model

Rows = dict[str, dict[str, Any]]


def chosen(manifest: Manifest) -> Manifest:
    """Mutants of the guards of one kernel, and of the indices of the other."""
    mutants = [
        mutant
        for mutant in manifest.mutants
        if (mutant.function, mutant.operator)
        in {("tailed", "swap-cmp"), ("backwards", "swap-arith")}
    ]
    return dataclasses.replace(manifest, mutants=tuple(mutants))


def run(folder: Path, oob: str) -> Rows:
    """The journal's rows of a campaign at stage kernel, by mutant."""
    save(small_model(), folder / "model.json")
    np.save(folder / "x.npy", np.random.default_rng(2).normal(size=(3, 6)).astype(np.float32))
    options: dict[str, Any] = {"oob": oob}
    finished = run_chosen(
        Options(
            model=folder / "model.json",
            operators=OPERATORS,
            inputs=folder / "x.npy",
            out=folder / "out",
            jobs=1,
            **options,
        ),
        chosen,
    )
    return {row["mutant"]: row for row in finished.record.rows}


@pytest.fixture(scope="module")
def contained(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return run(tmp_path_factory.mktemp("contained"), "contain")


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    return run(tmp_path_factory.mktemp("trapped"), "trap")


def proved(row: dict[str, Any]) -> list[str]:
    return list(row["evidence"].get("proved_out_of_bounds", []))


def test_a_mutant_proved_equivalent_is_neither_compiled_nor_run(contained: Rows) -> None:
    by_proof = [row for row in contained.values() if row["reason"].startswith("the analyzer")]
    assert by_proof
    for row in by_proof:
        assert row["verdict"] == "equivalent"
        assert (row["artifact"], row["seconds_run"]) == ("", 0)
        assert row["diff"]


def test_what_is_proved_out_of_bounds_is_marked_and_told(contained: Rows) -> None:
    marked = [row for row in contained.values() if PROVED_OUT_OF_BOUNDS in row["marks"]]
    assert marked == [row for row in contained.values() if proved(row)]
    assert any("reads" in text for row in marked for text in proved(row))
    assert any("writes" in text for row in marked for text in proved(row))


def test_a_proved_write_is_contained_like_any_other(contained: Rows) -> None:
    writing = [row for row in contained.values() if "writes" in " ".join(proved(row))]
    assert all(OUT_OF_BOUNDS in row["marks"] or row["kill"] == "crash" for row in writing)
    assert all(row["seconds_run"] > 0 for row in writing)


def test_a_proved_write_that_is_trapped_kills_without_a_run(contained: Rows, trapped: Rows) -> None:
    writing = {name for name, row in contained.items() if "writes" in " ".join(proved(row))}
    without = {
        name for name, row in trapped.items() if row["reason"].startswith("proved before any run")
    }
    assert without == writing
    for name in without:
        row = trapped[name]
        assert (row["verdict"], row["kill"], row["seconds_run"]) == ("killed", "crash", 0)
        assert PROVED_OUT_OF_BOUNDS in row["marks"]


def test_a_mutant_that_only_reads_out_of_bounds_runs_though_writes_are_trapped(
    trapped: Rows,
) -> None:
    reading = [row for row in trapped.values() if proved(row) and "writes" not in str(proved(row))]
    assert reading
    assert all(row["seconds_run"] > 0 for row in reading)
