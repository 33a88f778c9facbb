"""The walls of the house: rooms import earlier rooms alone, and no file grows large."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOMS = (
    "model",
    "mutation",
    "lowering",
    "device",
    "oracle",
    "campaign",
    "analysis",
    "report",
    "api",
    "cli",
)
"""In the order in which a model flows; a room may import from those before it, and from itself."""
EVERYWHERE = {"errors", "exit_codes", "tvm_errors", "transform", "_core", "_version_check", "demo"}
EVERYWHERE |= {"catalogue", "plugin"}
"""Modules that belong to no room."""
LINES = 400


def package(root: Path) -> Path:
    return root / "python" / "mutatenn"


def imported(path: Path, package: Path) -> set[str]:
    """Rooms and modules of the package that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            first, *rest = node.module.split(".")
            if first == package.name:
                found.update(rest[:1] or [alias.name for alias in node.names])
        elif isinstance(node, ast.ImportFrom):
            raise AssertionError(f"{path} imports by a relative name")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                first, *rest = alias.name.split(".")
                if first == package.name:
                    found.update(rest[:1])
    return found


def test_every_room_is_one_that_is_known(root: Path) -> None:
    names = {
        path.stem
        for path in package(root).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert names - {"__init__"} <= {*ROOMS, *EVERYWHERE}
    assert {*ROOMS[:4], "campaign", "report", "cli"} <= names


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_earlier_rooms_alone(root: Path, room: str) -> None:
    folder = package(root)
    files = sorted((folder / room).rglob("*.py")) or [folder / f"{room}.py"]
    allowed = {*ROOMS[: ROOMS.index(room) + 1], *EVERYWHERE}
    wrong = {
        f"{path.relative_to(folder)} imports {name}"
        for path in files
        if path.exists()
        for name in imported(path, folder) - allowed
    }
    assert not wrong


def test_helpers_import_no_room(root: Path) -> None:
    folder = package(root)
    for name in sorted(EVERYWHERE - {"_core"}):
        files = sorted((folder / name).rglob("*.py")) or [folder / f"{name}.py"]
        for path in files:
            assert imported(path, folder) <= EVERYWHERE, path


def test_no_source_file_is_longer_than_four_hundred_lines(root: Path) -> None:
    sources = [
        path
        for folder in ("python", "cpp", "tests")
        for path in (root / folder).rglob("*")
        if path.suffix in (".py", ".cc", ".h", ".cu", ".cl")
    ]
    assert len(sources) > 50
    long = {str(path) for path in sources if len(path.read_text().splitlines()) > LINES}
    assert not long


def test_every_module_opens_with_what_it_is_for(root: Path) -> None:
    for path in sorted(package(root).rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text()))
        assert text, f"{path} says nothing of itself"
