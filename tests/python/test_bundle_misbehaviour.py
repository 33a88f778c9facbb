"""Mutants in a bundle that misbehave cost themselves, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accelerator_fixtures import (  # noqa: F401
    ORIGINALS,
    QUICK,
    WEIGHT,
    answer,
    plan,
    pocl_cache,
    rows,
    unary,
)
from bundle_fixtures import alone, lines_of
from mutatenn.device.bundle.archive import write_bundle
from mutatenn.device.bundle.contents import (
    HEAD,
    INPUTS,
    MUTANTS,
    PLAN,
    PROBES,
    SCHEMA,
    WEIGHTS,
    packed,
)
from mutatenn.device.bundle.results import Results
from mutatenn.device.bundle.session import group_of
from mutatenn.lowering.device_kernel import DeviceKernel

TRIPLE = unary("y[i] = x[i] * 3.0f;")
KERNELS = {
    "first": TRIPLE,
    "endless": unary("volatile int go = 1; while (go) y[i] += x[i];"),
    "dies": unary("y[i] = x[i] * 2.0f; y[1 << 30] = 1.0f;"),
    "beyond": unary("y[i] = x[i] * 2.0f; if (i == 63) y[64] = 1.0f;"),
    "large": unary("y[i] = x[i];", block=1 << 20, grid=1),
    "last": TRIPLE,
}
OTHER = {"double": unary("y[i] = x[i] * 4.0f;")}
"""An original under another schedule, which here answers otherwise, so that it shows."""
REFUSED = {"double": KERNELS["large"]}
PLACES = {"never": "a", "first": "b"}


def handmade(path: Path) -> Path:
    """A bundle of the plan of ``accelerator_fixtures`` with the mutants above, and some more."""
    members: dict[str, bytes] = {}

    def kept(kernel: DeviceKernel) -> str:
        member = f"kernels/{kernel.sha256[:32]}.json"
        members[member] = kernel.to_json().encode()
        return member

    def entry(name: str, kernel: DeviceKernel, originals: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": name,
            "verdict": "",
            "reason": "",
            "kernels": {"double": kept(kernel)},
            "originals": {one: kept(other) for one, other in originals.items()},
            "places": [["double", PLACES.get(name, "unknown")]],
        }

    entries = [entry(name, kernel, {}) for name, kernel in KERNELS.items()]
    entries += [
        entry("apart", TRIPLE, OTHER),
        entry("groundless", TRIPLE, REFUSED),
        entry("never", TRIPLE, {}),
        {**entry("proved", TRIPLE, {}), "kernels": {}, "verdict": "equivalent", "reason": "so"},
    ]
    flags = DeviceKernel(
        "opencl",
        "__kernel void k(__global float* y, __global float* x, __global int* f) "
        "{ int i = get_global_id(0); y[i] = x[i] * 2.0f; if (i == 0) f[1] = 1; }",
        (
            dataclasses.replace(
                TRIPLE.launches[0],
                arguments=(
                    *TRIPLE.launches[0].arguments,
                    dataclasses.replace(TRIPLE.launches[0].arguments[0], index=2),
                ),
            ),
        ),
        (),
        3,
    )
    probe = {"function": "double", "places": ["a", "b"], "kernel": kept(flags), "reason": ""}
    settings = {
        "cache_mb": 16,
        "limits": dataclasses.asdict(QUICK),
        "oob": "contain",
        "poison": True,
        "repeat": 1,
        "recheck_every": 2,
    }
    head = {
        "schema": SCHEMA,
        "family": "opencl",
        "settings": settings,
        "kernels": {name: kept(kernel) for name, kernel in ORIGINALS.items()},
    }
    members |= {
        HEAD: json.dumps(head).encode(),
        PLAN: plan().to_json().encode(),
        MUTANTS: json.dumps(entries).encode(),
        PROBES: json.dumps([probe]).encode(),
        WEIGHTS: packed({2: WEIGHT}),
        INPUTS: packed({0: rows()}),
    }
    return write_bundle(path, members)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pocl_cache: None) -> Path:  # noqa: F811
    """What the run of that bundle left."""
    where = tmp_path_factory.mktemp("misbehaviour")
    told = alone(handmade(where / "m.pyz"), "run", "--out", where / "r")
    assert told.code == 0, told.err
    assert told.json["complete"]
    return where / "r"


def test_every_mutant_has_one_line_with_its_fate(folder: Path) -> None:
    assert {line["mutant"]: line["fate"] for line in lines_of(folder)} == {
        "first": "completed",
        "endless": "hang",
        "dies": "crash",
        "beyond": "completed",
        "large": "refused",
        "last": "completed",
        "apart": "completed",
        "groundless": "no baseline",
        "never": "not run",
        "proved": "not run",
    }


def test_a_suspected_hang_runs_once_more(folder: Path) -> None:
    lines = {line["mutant"]: line for line in lines_of(folder)}
    assert [run["fate"] for run in lines["endless"]["runs"]] == ["hang", "hang"]
    assert all(len(line["runs"]) <= 1 for name, line in lines.items() if name != "endless")
    assert re.match(r"Time limit passed, row 0, launch 0 \(double\)", lines["endless"]["detail"])


def test_the_same_kernel_answers_the_same_before_and_after_the_others(folder: Path) -> None:
    results = Results.read(folder)
    first, last = results.answers("first"), results.answers("last")
    assert first.keys() == last.keys()
    assert all(first[name].tobytes() == last[name].tobytes() for name in first)
    np.testing.assert_array_equal(first["run0-a-0"], answer(rows(), factor=3)[first["run0-a-rows"]])


def test_writes_out_of_bounds_are_told_with_their_rows(folder: Path) -> None:
    (run,) = Results.read(folder).lines["beyond"]["runs"]
    assert {(one["row"], one["buffer"], one["side"]) for one in run["out_of_bounds"]} == {
        (row, 1, "after") for row in range(3)
    }


def test_a_mutant_under_another_schedule_is_compared_with_its_own_original(folder: Path) -> None:
    results = Results.read(folder)
    (run,) = results.lines["apart"]["runs"]
    assert run["states"] == "ppp"
    names = [path.name for path in folder.glob("golden-*.npz")]
    assert len(names) == 1
    group = names[0].removeprefix("golden-").removesuffix(".npz")
    golden = results.golden(plan(), results.facts["groups"][group]["rows_cached"], group)
    np.testing.assert_array_equal(golden.outputs[0], answer(rows(), factor=4))


def test_an_original_that_does_not_run_under_a_schedule_is_told(folder: Path) -> None:
    results = Results.read(folder)
    faults = [one["fault"] for one in results.facts["groups"].values() if "fault" in one]
    assert len(faults) == 1 and "The original kernels do not run" in faults[0]


def test_a_place_that_no_input_executes_is_not_tried(folder: Path) -> None:
    results = Results.read(folder)
    (probe,) = results.facts["probes"]
    assert probe["executed"] == [0, 1]
    assert results.lines["never"]["detail"] == "no input executes it"


def test_mutants_without_originals_of_their_own_have_no_group() -> None:
    assert group_of({"originals": {}}) == ""
    assert group_of({"originals": {"a": "x"}}) != group_of({"originals": {"a": "y"}})
