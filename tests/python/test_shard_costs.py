"""What the script says of predicted and real costs of shards."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def script(root: Path) -> ModuleType:
    path = root / "scripts" / "shard_costs.py"
    spec = importlib.util.spec_from_file_location("shard_costs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(mutant: str, compiled: float, ran: float) -> dict[str, object]:
    return {"mutant": mutant, "seconds_compile": compiled, "seconds_run": ran}


def test_shares_are_of_all_shards_and_deviations_in_proportion(script: ModuleType) -> None:
    rows = [[row("a", 1.0, 2.0), row("a", 0.0, 1.0)], [row("b", 2.0, 4.0), row("c", 6.0, 0.0)]]
    found = script.shares(["0/2", "1/2"], rows, {"a": 5.0, "b": 7.0, "c": 8.0})
    assert [one["mutants"] for one in found] == [1, 2]
    assert [one["predicted_share"] for one in found] == [0.25, 0.75]
    assert [one["real_share"] for one in found] == [0.25, 0.75]
    assert [one["deviation"] for one in found] == [0.0, 0.0]
    more = script.shares(["0/2", "1/2"], rows, {"a": 10.0, "b": 7.0, "c": 3.0})
    assert more[0]["deviation"] == pytest.approx(-0.5)
    assert more[1]["deviation"] == pytest.approx(0.5)
