"""The archive that a worker is started from: the modules and kernels that it needs, no more."""

from __future__ import annotations

import importlib.resources
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mutatenn.device.evidence
import mutatenn.device.portable
import mutatenn.lowering.device_kernel
import mutatenn.lowering.plan
from mutatenn.device.portable.kernel_source import FOLDER, kernel_files

_PACKAGE = "mutatenn/device/portable"
_MAIN = """from mutatenn.device.portable.worker import main

main()
"""
_EMPTY = ("mutatenn", "mutatenn/device", "mutatenn/lowering")
"""Packages whose own ``__init__`` would import TVM, or what imports it."""
_STORED = (".npy", ".npz")
"""Numbers hardly get smaller, and are read at once where they lie as they are."""
_DATE = (1980, 1, 1, 0, 0, 0)


def write_archive(path: Path, extra: Mapping[str, bytes] | None = None, main: str = _MAIN) -> Path:
    """Write an archive that ``python PATH`` runs; the same members give the same bytes.

    Args:
        path: where it goes.
        extra: more members, by their names in the archive.
        main: its ``__main__.py``; as it is, that of a worker.

    Returns:
        ``path``.
    """
    members = {f"{package}/__init__.py": b"" for package in _EMPTY}
    for module in (
        mutatenn.device.evidence,
        mutatenn.lowering.plan,
        mutatenn.lowering.device_kernel,
    ):
        members[module.__name__.replace(".", "/") + ".py"] = _source(module)
    for file in importlib.resources.files(mutatenn.device.portable).iterdir():
        if file.name.endswith(".py"):
            members[f"{_PACKAGE}/{file.name}"] = file.read_bytes()
    members |= {f"{FOLDER}/{name}": data for name, data in kernel_files().items()}
    members["__main__.py"] = main.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**members, **(extra or {})}.items()):
            info = zipfile.ZipInfo(name, _DATE)
            stored = name.endswith(_STORED)
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def _source(module: Any) -> bytes:
    """The source of a module, wherever it was imported from."""
    text: str | None = module.__loader__.get_source(module.__name__)
    assert text is not None
    return text.encode()
