"""The type stubs are what the extension and the passes are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mutatenn


def test_the_stubs_are_those_that_the_modules_give(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "generate_stubs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_package_says_that_it_is_typed() -> None:
    package = Path(mutatenn.__file__).parent
    for name in ("py.typed", "_core.pyi", "transform.pyi"):
        assert (package / name).is_file()
