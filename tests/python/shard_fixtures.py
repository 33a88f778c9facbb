"""A small campaign on two devices, whole and in four shards."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from campaign_fixtures import _digits, demo_options
from mutatenn.api import run_options
from mutatenn.campaign.answers import Answers
from mutatenn.campaign.verdict import UNINITIALISED
from mutatenn.report.record import Record

COUNT = 4
OPERATORS = ("force-cond", "swap-cmp", "shift-threshold")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the campaign that was not split."""
    return _ran(tmp_path_factory.getbasetemp(), None)


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of its shards."""
    return [_ran(tmp_path_factory.getbasetemp(), index) for index in range(COUNT)]


@functools.cache  # a fixture is made anew for every module that imports it
def _ran(base: Path, index: int | None) -> Path:
    out = base / ("undivided" if index is None else f"part-{index}")
    shard = None if index is None else f"{index}/{COUNT}"
    run_options(small(base, out, shard=shard))
    return out


def small(base: Path, out: Path, **changes: Any) -> Any:
    """The options of the campaign; its inputs lie in ``base``."""
    settings = {
        "operators": OPERATORS,
        "function": ("fused_conv2d_add_relu",),
        "device": ("llvm", "c"),
        "jobs": 1,
    }
    return demo_options(_digits(base), out, **{**settings, **changes})


def told(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """All that a campaign says of each mutant on each device, times left out.

    What is measured of answers that come from memory that nothing wrote is another every time.
    """
    found = {}
    for row in Record.read(folder).all_rows:
        plain = {key: value for key, value in row.items() if not key.startswith("seconds")}
        if UNINITIALISED in row["marks"]:
            plain["measures"] = None
        found[row["mutant"], row["device"]] = json.loads(json.dumps(plain, default=bytes.hex))
    return found


def answers(folder: Path) -> dict[tuple[str, str], Any]:
    """The answers of each mutant on each device."""
    record = Record.read(folder)
    with Answers(folder / "answers.sqlite", read_only=True) as stored:
        return {
            (row["mutant"], row["device"]): [array.tobytes() for array in found.outputs]
            for row in record.all_rows
            if UNINITIALISED not in row["marks"]
            and (found := stored.of(row["mutant"], row["device"])) is not None
        }
