"""The benchmarks run, and say what they measured; how fast it was is not tested."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def benchmark(root: Path, *arguments: str, **environment: str) -> Any:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    variables = os.environ | environment
    return subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", ["mutation"])
def test_a_quick_run_prints_its_samples_and_ratios_as_json(root: Path, name: str) -> None:
    done = benchmark(root, name, "--quick", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["name"] == name
    assert result["unit"]
    assert "Python" in result["machine"]
    assert all(ratio > 0 for ratio in result["ratios"].values())
    assert all(sample > 0 for samples in result["samples"].values() for sample in samples)


def test_without_json_a_table_is_printed(root: Path) -> None:
    done = benchmark(root, "mutation", "--quick")
    assert done.returncode == 0, done.stderr
    assert "python typed ÷ native rewrite" in done.stdout
    assert "sites per second" in done.stdout


def test_missing_data_is_said_in_one_sentence(root: Path, tmp_path: Path) -> None:
    done = benchmark(root, "mutation", MUTATENN_TEST_DATA=str(tmp_path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith(f"There is no {tmp_path}")


def test_an_unknown_benchmark_is_refused_with_those_there_are(root: Path) -> None:
    done = benchmark(root, "speed")
    assert done.returncode == 2
    assert "mutation" in done.stderr
