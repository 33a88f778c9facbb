"""The journal: verdicts in SQLite, one transaction each, so that a crash loses at most one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from mutatenn.campaign.database import commit, open_for_reading, open_for_writing
from mutatenn.campaign.verdict import Verdict
from mutatenn.errors import InputError

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS verdicts (
  mutant TEXT NOT NULL, device TEXT NOT NULL, verdict TEXT NOT NULL, kill TEXT NOT NULL,
  reach TEXT NOT NULL, reason TEXT NOT NULL, marks TEXT NOT NULL, failing INTEGER NOT NULL,
  first_failing TEXT NOT NULL, evidence TEXT NOT NULL, artifact TEXT NOT NULL, diff TEXT NOT NULL,
  lowered TEXT NOT NULL, measures BLOB NOT NULL,
  seconds_compile REAL NOT NULL, seconds_run REAL NOT NULL,
  PRIMARY KEY (mutant, device)
) STRICT;
CREATE TABLE IF NOT EXISTS effort (
  mutant TEXT NOT NULL, device TEXT NOT NULL, part TEXT NOT NULL, amount REAL NOT NULL,
  PRIMARY KEY (mutant, device, part)
) STRICT;
CREATE TABLE IF NOT EXISTS unconfirmed (mutant TEXT NOT NULL, device TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS elsewhere (
  mutant TEXT NOT NULL, device TEXT NOT NULL, verdict TEXT NOT NULL, artifact TEXT NOT NULL,
  lowered TEXT NOT NULL, seconds_compile REAL NOT NULL, PRIMARY KEY (mutant, device)
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
            if read_only:
                self._db, self._give_back = open_for_reading(path)
            else:
                self._db = open_for_writing(path)
                self._give_back = self._db.close
                self._db.executescript(_TABLES)
            self._db.row_factory = sqlite3.Row
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"{path} cannot be opened as a journal: {error}") from error

    def write_facts(self, facts: dict[str, Any]) -> None:
        """Store versions, target, seed and hashes, as JSON by key."""
        rows = [(key, json.dumps(value)) for key, value in facts.items()]
        commit(self._db, self._path, ("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows))

    def add_facts(self, key: str, device: str, value: Any) -> None:
        """Store what is true of one device, beside what is stored of others."""
        self.write_facts({key: {**self.facts().get(key, {}), device: value}})

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
        lowered: str = "",
        seconds_compile: float = 0.0,
        seconds_run: float = 0.0,
        effort: Mapping[str, float] | None = None,
    ) -> None:
        """Commit one verdict, unconfirmed. ``artifact`` is the SHA-256 of the compiled kernel.

        ``lowered`` is the hash of the code that it was generated from; ``effort`` says what
        ``seconds_compile`` were spent on, where more than one thing was done.
        """
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
            lowered,
            verdict.measures,
            seconds_compile,
            seconds_run,
        )
        commit(
            self._db,
            self._path,
            (f"INSERT INTO verdicts VALUES ({','.join('?' * len(row))})", [row]),
            ("INSERT INTO unconfirmed VALUES (?, ?)", [(mutant, device)]),
            (
                "INSERT INTO effort VALUES (?, ?, ?, ?)",
                [(mutant, device, part, amount) for part, amount in (effort or {}).items()],
            ),
        )

    def record_elsewhere(
        self, mutant: str, device: str, verdict: str, artifact: str, lowered: str, seconds: float
    ) -> None:
        """Commit what is known of another shard's mutant, which tells where a sample ends.

        Args:
            mutant: its id.
            device: the one it was compiled for.
            verdict: one of ``AWAY``, or ``elsewhere``: it runs in its own shard.
            artifact: as for ``record``.
            lowered: likewise.
            seconds: what compiling it took.
        """
        row = (mutant, device, verdict, artifact, lowered, seconds)
        statement = "INSERT OR REPLACE INTO elsewhere VALUES (?, ?, ?, ?, ?, ?)"
        commit(self._db, self._path, (statement, [row]))

    def elsewhere(self) -> list[dict[str, Any]]:
        """What ``record_elsewhere`` stored, in order; nothing in an older journal."""
        return [dict(row) for row in self._readable("elsewhere")]

    def rows(self) -> Iterator[dict[str, Any]]:
        """All verdicts in the order in which they fell, marks and evidence decoded."""
        for row in self._readable("verdicts"):
            plain = dict(row)
            plain["marks"] = json.loads(plain["marks"])
            plain["evidence"] = json.loads(plain["evidence"])
            yield plain

    def effort(self) -> dict[str, float]:
        """What was spent on mutated graphs: sums over all mutants, by part."""
        found: dict[str, float] = {}
        # A journal of an earlier version has no such table, and none of these mutants.
        for row in self._readable("effort"):
            found[row["part"]] = found.get(row["part"], 0.0) + row["amount"]
        return found

    def _readable(self, table: str) -> Iterator[sqlite3.Row]:
        """Rows of a table up to the first that the file no longer gives."""
        try:
            yield from self._db.execute(f"SELECT * FROM {table} ORDER BY rowid")
        except sqlite3.DatabaseError:
            # ``damage`` says so; what came before is still worth a report.
            return

    def take_back(self, mutants: Iterable[str], device: str) -> None:
        """Remove the verdicts on these mutants on a device, all or none."""
        rows = [(mutant, device) for mutant in mutants]
        commit(
            self._db,
            self._path,
            ("DELETE FROM verdicts WHERE mutant = ? AND device = ?", rows),
            ("DELETE FROM unconfirmed WHERE mutant = ? AND device = ?", rows),
            ("DELETE FROM effort WHERE mutant = ? AND device = ?", rows),
        )

    def unconfirmed(self, device: str) -> list[str]:
        """Mutants whose verdict fell after the device's last good check, in order."""
        rows = self._db.execute(
            "SELECT mutant FROM unconfirmed WHERE device = ? ORDER BY rowid", (device,)
        )
        return list(dict.fromkeys(row["mutant"] for row in rows))

    def confirm(self, device: str) -> None:
        """The original was checked on a device and is sound: the verdicts there stand."""
        commit(self._db, self._path, ("DELETE FROM unconfirmed WHERE device = ?", [(device,)]))

    def damage(self) -> str:
        """What SQLite finds wrong with the file, on one line; empty when it is sound."""
        try:
            found = [str(row[0]) for row in self._db.execute("PRAGMA quick_check(1)")]
        except sqlite3.Error as error:
            return str(error)
        return "" if found == ["ok"] else "; ".join(found).replace("\n", " ")

    def close(self) -> None:
        """Close the file; verdicts recorded so far stay."""
        self._give_back()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
