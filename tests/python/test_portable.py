"""What goes to machines without TVM: which modules it imports, and the archive that holds it."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

from mutatenn.device.portable.archive import write_archive

ALLOWED = {
    "mutatenn.lowering.plan",
    "mutatenn.lowering.device_kernel",
    "mutatenn.device.evidence",
    "mutatenn.device.portable",
    "numpy",
    "pyopencl",
    "cupy",
    "ml_dtypes",
}
"""Beside the standard library; of these ml_dtypes is imported for rare types alone."""


def imported(path: Path) -> set[str]:
    """The modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_portable_modules_import_nothing_that_needs_tvm(root: Path) -> None:
    package = root / "python" / "mutatenn"
    files = [*(package / "device" / "portable").glob("*.py")]
    assert len(files) > 15
    files += [package / "device" / "evidence.py", package / "lowering" / "plan.py"]
    files.append(package / "lowering" / "device_kernel.py")
    for path in files:
        for name in imported(path):
            allowed = (
                name in ALLOWED
                or name.split(".")[0] in sys.stdlib_module_names
                or name.startswith("mutatenn.device.portable.")
                or name == "numpy.typing"
            )
            assert allowed, f"{path.name} imports {name}"


def test_the_archive_holds_kernels_and_all_that_its_modules_import(
    root: Path, tmp_path: Path
) -> None:
    archive = write_archive(tmp_path / "a.zip", {"more/data.txt": b"more"})
    script = (
        "import sys, pkgutil, importlib;"
        "sys.modules['cupy'] = sys.modules['tvm'] = sys.modules['pydantic'] = None;"
        f"sys.path.insert(0, {str(archive)!r});"
        "import mutatenn.device.portable as portable;"
        "names = [m.name for m in pkgutil.iter_modules(portable.__path__)];"
        "assert len(names) > 15, names;"
        "names = [n for n in names if not n.startswith('cuda')];"
        "[importlib.import_module('mutatenn.device.portable.' + n) for n in names];"
        f"assert portable.__file__.startswith({str(archive)!r})"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)
    with zipfile.ZipFile(archive) as opened:
        assert opened.read("more/data.txt") == b"more"
        assert opened.read("mutatenn/__init__.py") == b""
        sources = {name for name in opened.namelist() if name.startswith("mutatenn/kernels/")}
    assert sources == {f"mutatenn/kernels/{path.name}" for path in (root / "kernels").iterdir()}


def test_the_same_modules_give_the_same_archive_also_from_within_one(tmp_path: Path) -> None:
    first = write_archive(tmp_path / "a.zip").read_bytes()
    assert write_archive(tmp_path / "b.zip").read_bytes() == first
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'a.zip')!r});"
        "from pathlib import Path;"
        "from mutatenn.device.portable.archive import write_archive;"
        f"write_archive(Path({str(tmp_path / 'c.zip')!r}))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)
    assert (tmp_path / "c.zip").read_bytes() == first
