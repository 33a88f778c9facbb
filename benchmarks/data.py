"""Where the data folder lies that some benchmarks need."""

from __future__ import annotations

import os
from pathlib import Path

from mutatenn.errors import InputError


def data_file(name: str) -> Path:
    """A file of the data folder.

    Raises:
        InputError: it is not there.
    """
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    file = Path(os.environ.get("MUTATENN_TEST_DATA", beside)) / name
    if not file.is_file():
        raise InputError(
            f"There is no {file}: set MUTATENN_TEST_DATA to the data folder, or use --quick"
        )
    return file
