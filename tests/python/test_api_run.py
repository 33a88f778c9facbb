"""`mutatenn.run` and `mutatenn.resume`: a campaign from Python, with every option."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mutatenn as mn
from campaign_fixtures import Finished, digits, finished  # noqa: F401
from mutatenn.campaign.manifest import Manifest
from mutatenn.demo import model_path
from mutatenn.errors import InputError


def test_every_option_given_in_python_is_in_the_manifest(
    tmp_path: Path,
    digits: Path,  # noqa: F811
) -> None:
    out = tmp_path / "out"
    limits: dict[str, Any] = {"memory": 900, "timeout": 30, "floor_ms": 2000, "golden_ms": 50_000}
    others: dict[str, Any] = {"seed": 4, "threads": 2, "jobs": 1, "cache_mb": 8, "oob": "trap"}
    others |= {"repeat": 2, "recheck_every": 3, "sample": 2, "batch": 1, "trust": True}
    result = mn.run(
        str(model_path()),
        inputs=digits,
        out=str(out),
        oracle="exact",
        device=["llvm"],
        stage="tensor",
        operators="swap-cmp",
        total_ms=60_000,
        **limits,
        **others,
    )
    assert result.folder == out
    assert result.summary["runnable"] == 2
    stored = Manifest.read(out / "manifest.json").facts["options"]
    assert {key: stored[key] for key in others} == others
    assert (stored["oracles"], stored["operators"]) == (["exact"], ["swap-cmp"])
    bounds = {"memory_mb": 900, "factor": 30, "floor_ms": 2000, "golden_ms": 50_000}
    assert stored["limits"] == bounds | {"total_ms": 60_000}


def test_a_mutant_can_be_run_alone_by_its_id(
    tmp_path: Path,
    finished: Finished,  # noqa: F811
) -> None:
    wanted = next(row for row in finished.record.rows if row["verdict"] == "killed")
    result = mn.run(
        model_path(),
        inputs=finished.options.inputs,
        out=tmp_path / "out",
        stage="tensor",
        schedule=finished.options.schedule,
        only=wanted["mutant"],
    )
    (row,) = result.mutants
    assert (row["id"], row["verdict"]) == (wanted["mutant"], "killed")


def test_a_campaign_is_resumed_as_a_result(tmp_path: Path, digits: Path) -> None:  # noqa: F811
    out = tmp_path / "out"
    first = mn.run(model_path(), inputs=digits, out=out, sample=2, stage="tensor")
    again = mn.resume(out, retry=["killed", "survived"])
    assert type(again) is type(first)
    found = [{row["id"]: row["verdict"] for row in result.mutants} for result in (first, again)]
    assert found[0] == found[1]
    assert again.summary["pending"] == 0


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"threads": 0}, "threads is 0; give a whole number from 1 to 1024"),
        ({"cache_mb": -1}, "cache_mb is -1; give a whole number from 0 to"),
        ({"sample": "3"}, "sample is '3'; give a whole number, 1 or more"),
        ({"stage": "loop"}, "stage is 'loop'; give tensor or kernel or graph or weight"),
        ({"oracle": ()}, "oracle is (); give a list of texts"),
        ({"oracle": "top0"}, "oracle: there is no oracle 'top0'; choose one of: "),
        ({"device": ["llvm", "llvm"]}, "the device llvm is given twice"),
        ({"preprocess": "nothing"}, "there is no preprocessing 'nothing'"),
    ],
)
def test_a_wrong_option_is_told_by_its_name_and_nothing_is_written(
    tmp_path: Path,
    digits: Path,  # noqa: F811
    option: dict[str, Any],
    told: str,
) -> None:
    with pytest.raises(InputError) as caught:
        mn.run(model_path(), inputs=digits, out=tmp_path / "out", **option)
    assert told in str(caught.value)
    assert not (tmp_path / "out").exists()
