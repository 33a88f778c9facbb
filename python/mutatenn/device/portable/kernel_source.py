"""Sources of the kernels that come with the package, as one text each."""

from __future__ import annotations

import importlib.resources
import re
from importlib.resources.abc import Traversable

PACKAGE = "mutatenn"
FOLDER = f"{PACKAGE}/kernels"
"""Where a zip file holds them."""
_SUFFIXES = (".cl", ".cu", ".h")
_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def kernel_source(name: str) -> str:
    """The text of ``kernels/<name>``, with what it includes in place, so that no folder is needed.

    Works in a zip file too.

    Raises:
        FileNotFoundError: the package has no such file.
    """
    folder = _kernel_folder()
    if not (folder / name).is_file():
        raise FileNotFoundError(f"there is no kernel {name} at {folder}; reinstall {PACKAGE}")
    text = (folder / name).read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda match: kernel_source(match[1]), text)


def kernel_files() -> dict[str, bytes]:
    """The files that `kernel_source` reads, by their names.

    Raises:
        FileNotFoundError: the package has none.
    """
    files = [file for file in _kernel_folder().iterdir() if file.name.endswith(_SUFFIXES)]
    return {file.name: file.read_bytes() for file in files}


def _kernel_folder() -> Traversable:
    package = importlib.resources.files(PACKAGE)
    # A checkout that is not installed has them beside its Python sources.
    candidates = [package / "kernels", package / ".." / ".." / "kernels"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"there are no kernels at {candidates[0]}; reinstall {PACKAGE}")
