"""DESIGN.md says what each file is for, and is up to date."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_list_of_files_is_the_one_that_the_files_give() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("the list is made from git's index, and this is no git checkout")
    command = [sys.executable, str(ROOT / "scripts" / "generate_design.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
