"""The benchmark of the HTML report opens a page and times its filters."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def test_it_answers_every_filter(root: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("Chromium is not here (Debian: chromium): the benchmark opens a page in it")
    command = [sys.executable, "-m", "benchmarks", "html_report", "--quick", "--json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["unit"] == "ms"
    assert result["figures"]["mutants"] == 2000
    assert all(sample > 0 for samples in result["samples"].values() for sample in samples)
