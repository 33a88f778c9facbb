"""Reads a TOML file that a user wrote."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mutatenn.errors import InputError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The table in a file.

    Args:
        path: the file.
        what: what it is for, for errors: ``preprocessing``.

    Raises:
        InputError: the file cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"the {what} file {path} cannot be read ({error.strerror}); give a TOML file"
        ) from error
    # Arrays in arrays without end are the reader's recursion.
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is not a valid TOML file: {error}; correct it there") from error
