"""Room in a folder: a full disk makes sound kernels fail, and must not be blamed on them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from mutatenn.errors import IncompleteError

NEEDED = 4 << 20
"""Bytes; more than the object and the library of a kernel take."""


def require_room(folder: Path) -> None:
    """Refuse to believe a failure in ``folder`` while there is no room in it.

    Raises:
        IncompleteError: ``NEEDED`` bytes cannot be had.
    """
    try:
        # Asked for and not computed: quotas count too.
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, NEEDED)
    except OSError as error:
        raise IncompleteError(
            f"{folder} cannot take a kernel ({error.strerror}); verdicts so far stay: make room, "
            "then go on with --resume, or begin again where there is none yet"
        ) from error
