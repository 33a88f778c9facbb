"""Files that are there whole or not at all, whatever ends the process or fills the disk."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mutatenn.errors import InputError


def write_atomically(path: Path, text: str) -> None:
    """Write a text file, in UTF-8, so that a reader sees the old one or the new one, never half.

    Its folder is made if it is not there. When this returns the file is on the disk, so that a
    loss of power does not undo it either.

    Raises:
        InputError: the file system refuses it; nothing of the attempt is left.
    """
    with written_atomically(path) as file:
        file.write(text.encode())


@contextlib.contextmanager
def written_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece, which stands at ``path`` when all is written, or not at all.

    Raises:
        InputError: the file system refuses it; nothing of the attempt is left.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            # The refusal is told below; what cannot be removed cannot have been written either.
            with contextlib.suppress(OSError):
                partial.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    """Have the new name itself written; the file's content alone would not be found again."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
