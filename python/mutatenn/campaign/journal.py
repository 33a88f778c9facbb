"""The journal: verdicts in SQLite, one transaction each, so that a crash loses at most one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from mutatenn.campaign.verdict import Verdict
from mutatenn.errors import IncompleteError, InputError

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS verdicts (
  mutant TEXT NOT NULL, device TEXT NOT NULL, verdict TEXT NOT NULL, kill TEXT NOT NULL,
  reach TEXT NOT NULL, reason TEXT NOT NULL, marks TEXT NOT NULL, failing INTEGER NOT NULL,
  first_failing TEXT NOT NULL, evidence TEXT NOT NULL, artifact TEXT NOT NULL, diff TEXT NOT NULL,
  measures BLOB NOT NULL, seconds_compile REAL NOT NULL, seconds_run REAL NOT NULL,
  PRIMARY KEY (mutant, device)
) STRICT;
"""


class Journal:
    """An open journal; ``record`` commits before it returns."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open a journal, creating it unless ``read_only``.

        Raises:
            InputError: there is none at ``path`` (``read_only``), or it is no journal.
        """
        self._path = path
        if read_only and not path.is_file():
            raise InputError(f"{path} is not there: give the folder of a campaign")
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise InputError(f"{path} cannot be opened as a journal: {error}") from error
        try:
            self._db.row_factory = sqlite3.Row
            if not read_only:
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.executescript(_TABLES)
            self._db.execute("SELECT count(*) FROM verdicts").fetchone()
        except sqlite3.Error as error:
            self._db.close()
            raise InputError(f"{path} cannot be opened as a journal: {error}") from error

    def write_facts(self, facts: dict[str, Any]) -> None:
        """Store versions, target, seed and hashes, as JSON by key."""
        rows = [(key, json.dumps(value)) for key, value in facts.items()]
        self._execute_all("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    def facts(self) -> dict[str, Any]:
        """What ``write_facts`` stored."""
        return {row["key"]: json.loads(row["value"]) for row in self._readable("facts")}

    def record(
        self,
        mutant: str,
        device: str,
        verdict: Verdict,
        *,
        artifact: str = "",
        diff: str = "",
        seconds_compile: float = 0.0,
        seconds_run: float = 0.0,
    ) -> None:
        """Commit one verdict. ``artifact`` is the SHA-256 of the compiled kernel."""
        row = (
            mutant,
            device,
            verdict.verdict,
            verdict.kill,
            verdict.reach,
            verdict.reason,
            json.dumps(verdict.marks),
            verdict.failing,
            verdict.first_failing,
            json.dumps(verdict.evidence),
            artifact,
            diff,
            verdict.measures,
            seconds_compile,
            seconds_run,
        )
        self._execute_all(f"INSERT INTO verdicts VALUES ({','.join('?' * len(row))})", [row])

    def rows(self) -> Iterator[dict[str, Any]]:
        """All verdicts in the order in which they fell, marks and evidence decoded."""
        for row in self._readable("verdicts"):
            plain = dict(row)
            plain["marks"] = json.loads(plain["marks"])
            plain["evidence"] = json.loads(plain["evidence"])
            yield plain

    def _readable(self, table: str) -> Iterator[sqlite3.Row]:
        """Rows of a table up to the first that the file no longer gives."""
        try:
            yield from self._db.execute(f"SELECT * FROM {table} ORDER BY rowid")
        except sqlite3.DatabaseError:
            # ``damage`` says so; what came before is still worth a report.
            return

    def take_back(self, mutants: Iterable[str]) -> None:
        """Remove the verdicts on these mutants, all or none."""
        rows = [(mutant,) for mutant in mutants]
        self._execute_all("DELETE FROM verdicts WHERE mutant = ?", rows)

    def damage(self) -> str:
        """What SQLite finds wrong with the file, on one line; empty when it is sound."""
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA quick_check(1)")]
        except sqlite3.Error as error:
            return str(error)
        return "" if found == ["ok"] else "; ".join(found).replace("\n", " ")

    def _execute_all(self, statement: str, rows: list[Any]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise IncompleteError(
                f"{self._path} cannot be written ({error}); the verdicts in it stay: make room, "
                "then go on with --resume"
            ) from error

    def close(self) -> None:
        """Close the file; verdicts recorded so far stay."""
        self._db.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
