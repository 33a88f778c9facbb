"""How a campaign's databases are opened, to write or to read wherever they lie, and written."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mutatenn.errors import IncompleteError

Opened = tuple[sqlite3.Connection, Callable[[], None]]
"""A connection, and what gives everything back that was made for it."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the file, made if it is not there.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        # A verdict that was committed survives a loss of power too.
        db.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def commit(db: sqlite3.Connection, path: Path, *statements: tuple[str, list[Any]]) -> None:
    """Carry out every statement for each of its rows, all or none.

    Raises:
        IncompleteError: the file cannot be written; what was in it stays.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            db.executemany(statement, rows)
        db.execute("COMMIT")
    except sqlite3.Error as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise IncompleteError(
            f"{path} cannot be written ({error}); what is in it stays: make room, then go on with "
            "--resume"
        ) from error


def open_for_reading(path: Path, table: str = "verdicts") -> Opened:
    """Open the file as it stands, also where this process cannot write.

    SQLite wants to write beside a file with a write-ahead log, if only to read it. Where it may
    not, a file without a log is read as it is; one with a log but without the log's index from a
    copy, because the last verdicts of a killed campaign are in the log alone.

    Args:
        path: the file.
        table: one that it must have.

    Raises:
        sqlite3.Error: it is no database, or cannot be opened.
        OSError: it cannot be copied.
    """
    with contextlib.ExitStack() as stack:
        log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
        unwritable = not os.access(path.parent, os.W_OK) or not os.access(path, os.W_OK)
        # `rw` makes no file; where all can be written, closing tidies up after a killed writer.
        mode = "mode=rw"
        if unwritable and log.exists() and log.stat().st_size > 0:
            mode = "mode=ro"
            if not index.exists():
                # Without an index nobody has the file open: the copies belong together.
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutatenn-")))
                for source in (path, log):
                    shutil.copyfile(source, folder / source.name)
                path, mode = folder / path.name, "mode=rw"
        elif unwritable:
            mode = "mode=ro&immutable=1"
        db = sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, isolation_level=None)
        stack.callback(db.close)
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            # A writer makes the file first, and the tables right after.
            raise sqlite3.OperationalError(
                "nothing is in it yet; where a campaign has only just begun, try again"
            )
        db.execute(f"SELECT count(*) FROM {table}").fetchone()
        return db, stack.pop_all().close
