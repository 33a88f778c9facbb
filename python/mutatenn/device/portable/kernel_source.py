"""Sources of the kernels that come with the package, as one text each."""

from __future__ import annotations

import importlib.resources
import re
from importlib.resources.abc import Traversable

PACKAGE = "mutatenn"
_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def kernel_source(name: str) -> str:
    """The text of ``kernels/<name>``, with what it includes in place, so that no folder is needed.

    Works in a zip file too.

    Raises:
        FileNotFoundError: the package has no such file.
    """
    text = _kernel_file(name).read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda match: kernel_source(match[1]), text)


def _kernel_file(name: str) -> Traversable:
    package = importlib.resources.files(PACKAGE)
    # A checkout that is not installed has them beside its Python sources.
    candidates = [package / "kernels" / name, package / ".." / ".." / "kernels" / name]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"there is no kernel {name} at {candidates[0]}; reinstall {PACKAGE}")
