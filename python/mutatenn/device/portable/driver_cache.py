"""The folders in which drivers keep what they compiled: every mutant leaves something there."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

_POCL, _CUPY = "POCL_CACHE_DIR", "CUPY_CACHE_DIR"
STALE_SECONDS = 600.0
"""A program that no worker has loaded for so long is compiled anew if one does."""


def driver_environment(folder: Path) -> dict[str, str]:
    """The environment of a worker: its drivers' caches lie in ``folder``, if nothing else is said.

    PyOpenCL's own cache, which nobody empties, is not used.
    """
    ours = {_POCL: str(folder / "pocl"), _CUPY: str(folder / "cupy")}
    return {**ours, **os.environ, "PYOPENCL_NO_CACHE": "1"}


def prune_driver_cache(folder: Path, seconds: float = STALE_SECONDS) -> None:
    """Remove from PoCL's cache in ``folder`` the programs that were not loaded for ``seconds``."""
    oldest = time.time() - seconds
    for mark in (folder / "pocl").glob("*/*/last_accessed"):
        try:
            stale = mark.stat().st_mtime < oldest
        except FileNotFoundError:
            continue  # a sibling's worker removed it
        if stale:
            shutil.rmtree(mark.parent, ignore_errors=True)
