"""The page of operators is what the catalogue and the passes give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mutatenn import _core


def test_the_page_is_the_one_that_the_catalogue_gives(root: Path) -> None:
    command = [sys.executable, str(root / "scripts" / "generate_operator_docs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_has_a_section_for_every_operator(root: Path) -> None:
    page = (root / "docs" / "operators.md").read_text()
    for op in _core.catalogue():
        section = page.split(f"\n## `{op.id}`\n")[1].split("\n## ")[0]
        assert op.fault_model in section
        # An operator that only adds takes nothing away; weights are summed up in one line.
        marks = "!" if op.stages == ["weight"] else "-+"
        assert any(f"```diff\n{mark} " in section for mark in marks)
