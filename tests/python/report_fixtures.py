"""A record with a verdict of every kind on two devices, made by hand, and a finished campaign's."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign_fixtures import Finished
from mutatenn.campaign.manifest import Manifest
from mutatenn.mutation.mutant import Mutant
from mutatenn.oracle import evidence
from mutatenn.report.record import Record

DEVICES = ("llvm", "c")
NAMES = ("zero.png", "one.png", "two.png", "three.png")
LABELS = (0, 1, 2, 3)
GOLDEN = [np.eye(4, dtype=np.float32)[:, None, :]]
_OPTIONS: dict[str, Any] = {
    "poison": True,
    "model": "model.onnx",
    "inputs": "images",
    "device": list(DEVICES),
    "oracles": ["top1"],
    "sample": None,
    "seed": 7,
    "target": "llvm",
    "expect": "any",
}
_ROW: dict[str, Any] = {
    "kill": "",
    "reach": "",
    "reason": "for a <reason> & \x1b one",
    "marks": [],
    "failing": 0,
    "first_failing": "",
    "evidence": {},
    "artifact": "",
    "diff": "",
    "lowered": "",
    "measures": b"",
    "seconds_compile": 0.5,
    "seconds_run": 0.25,
}


def answers(*changed: int) -> list[Any]:
    """The golden answers, rotated on some inputs."""
    found = [GOLDEN[0].copy()]
    for row in changed:
        found[0][row] = np.roll(found[0][row], 1)
    return found


def run_to_the_end(*changed: int) -> dict[str, Any]:
    """What the journal has of a mutant that top1 refuses on the inputs that it changes."""
    told = {
        "reach": "revealed" if changed else "masked",
        "measures": evidence(GOLDEN, answers(*changed)).to_bytes(),
        "failing": len(changed),
        "first_failing": NAMES[changed[0]] if changed else "",
    }
    rows = {"propagated": len(changed), "masked": len(NAMES) - len(changed)}
    found: dict[str, Any] = {"reached": True, "rows": {k: n for k, n in rows.items() if n}}
    if changed:
        found["kills"] = {"top1": "label"}
    return {**told, "evidence": found}


KINDS: dict[str, dict[str, Any]] = {
    "label": {"verdict": "killed", "kill": "label", **run_to_the_end(1)},
    "everywhere": {"verdict": "killed", "kill": "numeric", **run_to_the_end(0, 1, 2, 3)},
    "several": {"verdict": "killed", "kill": "nan", **run_to_the_end(1, 3)},
    "crash": {"verdict": "killed", "kill": "crash", "evidence": {"reached": True}},
    "hang": {"verdict": "killed", "kill": "hang", "evidence": {"reached": True}},
    "shape": {"verdict": "killed", "kill": "shape"},
    "survived": {"verdict": "survived", **run_to_the_end()},
    "unreached": {"verdict": "not_reached", "evidence": {"reached": False}},
    "invalid": {"verdict": "invalid"},
    "equivalent": {"verdict": "equivalent"},
    "duplicate": {"verdict": "duplicate"},
    "inconclusive": {"verdict": "inconclusive"},
}
"""What the journal says of mutants, by the last part of their id."""
PRESERVING = {"told-apart": KINDS["label"], "preserved": KINDS["survived"]}
"""The same of mutants that compute what the original does."""


def mutant(name: str, **changes: Any) -> Mutant:
    plain = Mutant(
        *(f"swap-cmp-{name}", "swap-cmp", 1, "tensor", "kernel|0", 0, 0, ".value", {"to": "lt"}),
        layers=("conv1", "relu1"),
    )
    return dataclasses.replace(plain, **changes)


def all_mutants() -> tuple[Mutant, ...]:
    """A mutant for each kind, one without a verdict, and one of second order of a plug-in."""
    plain = tuple(mutant(name) for name in KINDS)
    preserving = tuple(mutant(name, semantics_preserving=True) for name in PRESERVING)
    parts = (mutant("part-a"), mutant("part-b", function="other"))
    joint = mutant("joint", operator="swap-cmp+of-a-plugin", parts=parts)
    return (*plain, *preserving, joint, mutant("to-come"))


def record_of(folder: Path, rows: list[dict[str, Any]], **options: Any) -> Record:
    facts: dict[str, Any] = {
        "options": {**_OPTIONS, **options},
        "versions": {"mutatenn": "0.1.0", "numpy": "2.0"},
        "hashes": {"model": "0" * 64},
        "golden": {device: {"inputs": len(NAMES)} for device in DEVICES},
        "input_names": list(NAMES),
        "labels": list(LABELS),
        "stage": "tensor",
        "population": len(all_mutants()),
        "preset": None,
        "operators": {"swap-cmp": 1},
    }
    return Record(folder, Manifest(facts, all_mutants()), facts, rows, "")


def all_rows() -> list[dict[str, Any]]:
    """A row for each mutant but the last on both devices; on c, what was killed by label lives."""
    told = {**KINDS, **PRESERVING, "joint": KINDS["survived"]}
    found = []
    for device in DEVICES:
        for name, kind in told.items():
            own = KINDS["survived"] if (device, name) == ("c", "label") else kind
            found.append({**_ROW, "mutant": f"swap-cmp-{name}", "device": device, **own})
    return found


@pytest.fixture
def every_kind(tmp_path: Path) -> Record:
    """A record with a verdict of every kind, on two devices; there is no code in its folder."""
    return record_of(tmp_path, all_rows())


@pytest.fixture
def tiny(finished: Finished, tmp_path: Path) -> Record:
    """The record of a real campaign, in a folder that a test may write to."""
    for name in ("manifest.json", "journal.sqlite", "code.json"):
        shutil.copy(finished.folder / name, tmp_path / name)
    return Record.read(tmp_path)
