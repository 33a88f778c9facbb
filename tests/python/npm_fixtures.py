"""Packages of npm that check reports."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def installed(folder: Path, *names: str) -> Path:
    """Install packages into a folder; returns the one that holds them."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not here (Debian: nodejs, npm): its packages check the report")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "node_modules"
