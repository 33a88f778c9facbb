"""Where the runner's executable and TVM's libraries are."""

from __future__ import annotations

import os
from pathlib import Path

import tvm.libinfo
import tvm_ffi.libinfo

import mutatenn
from mutatenn.errors import MissingToolError

VARIABLE = "MUTATENN_RUNNER"


def find_runner() -> Path:
    """The executable ``mutatenn-runner``: ``$MUTATENN_RUNNER``, else the installed one.

    Raises:
        MissingToolError: there is none.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        candidates = [Path(chosen)]
    else:
        candidates = [Path(folder) / "bin" / "mutatenn-runner" for folder in mutatenn.__path__]
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate
    places = " or ".join(map(str, candidates))
    raise MissingToolError(f"there is no runner at {places}; reinstall mutatenn or set ${VARIABLE}")


def find_libraries() -> tuple[str, str]:
    """Paths of libtvm_ffi and libtvm_runtime.

    Raises:
        MissingToolError: TVM's package does not hold them.
    """
    try:
        return tvm_ffi.libinfo.find_libtvm_ffi(), tvm.libinfo.find_libtvm_runtime()
    except RuntimeError as error:
        raise MissingToolError(f"TVM's libraries are missing: {error}; reinstall it") from error
