"""The answers of mutants, kept where there are several devices, so that these can be compared."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.campaign.database import commit, open_for_reading, open_for_writing
from mutatenn.device import MutantRun
from mutatenn.errors import InputError
from mutatenn.lowering.plan import np_dtype
from mutatenn.oracle.outputs import changed_rows

_TABLES = """
CREATE TABLE IF NOT EXISTS golden (
  device TEXT NOT NULL, output INTEGER NOT NULL, dtype TEXT NOT NULL, shape TEXT NOT NULL,
  data BLOB NOT NULL, PRIMARY KEY (device, output)
) STRICT;
CREATE TABLE IF NOT EXISTS answers (
  mutant TEXT NOT NULL, device TEXT NOT NULL, output INTEGER NOT NULL,
  rows BLOB NOT NULL, data BLOB NOT NULL, first_launches BLOB NOT NULL,
  PRIMARY KEY (mutant, device, output)
) STRICT;
CREATE TABLE IF NOT EXISTS answers_b (
  mutant TEXT NOT NULL, device TEXT NOT NULL, output INTEGER NOT NULL,
  rows BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (mutant, device, output)
) STRICT;
"""
_LEVEL = 1
"""Of zlib: numbers hardly get smaller for more work."""


@dataclasses.dataclass(frozen=True)
class MutantAnswers:
    """What a mutant that ran to the end answers on one device.

    Attributes:
        outputs: per model output, ``[rows, *shape]``.
        first_launches: int32 ``(rows,)``: the first launch whose output differed, -1 for none.
        outputs_b: ``outputs`` under the second fill pattern; ``None`` where they are the same.
    """

    outputs: list[NDArray[Any]]
    first_launches: NDArray[np.int32]
    outputs_b: list[NDArray[Any]] | None = None


class Answers:
    """An open store; what differs from the golden answers of the device is kept, row by row."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open a store, creating it unless ``read_only``.

        Raises:
            InputError: there is none at ``path`` (``read_only``), or it is none.
        """
        self._path = path
        self._golden: dict[str, list[NDArray[Any]]] = {}
        if read_only and not path.is_file():
            raise InputError(f"{path} is not there: the campaign has one device, or is older")
        try:
            if read_only:
                self._db, self._give_back = open_for_reading(path, "golden")
            else:
                self._db = open_for_writing(path)
                self._give_back = self._db.close
                self._db.executescript(_TABLES)
        except (sqlite3.Error, OSError) as error:
            raise InputError(f"{path} cannot be opened: {error}") from error

    def record_golden(self, device: str, outputs: Sequence[NDArray[Any]]) -> None:
        """Keep the answers of the original on a device."""
        rows = [
            (device, index, str(one.dtype), json.dumps(one.shape), _packed(one))
            for index, one in enumerate(outputs)
        ]
        statement = "INSERT OR REPLACE INTO golden VALUES (?, ?, ?, ?, ?)"
        commit(self._db, self._path, (statement, rows))
        self._golden.pop(device, None)

    def record(self, mutant: str, device: str, run: MutantRun) -> None:
        """Keep the answers of a mutant that ran to the end."""
        golden = self.golden(device)
        if golden is None:
            raise ValueError(f"record_golden of {device} comes before the answers of its mutants")
        first = _packed(np.asarray([row.first_launch for row in run.rows], np.int32))
        told = [(mutant, device, *one, first) for one in _changed(golden, run.outputs)]
        under_b = [] if run.outputs_b is None else _changed(golden, run.outputs_b)
        again = [(mutant, device, *one) for one in under_b]
        commit(
            self._db,
            self._path,
            ("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)", told),
            ("DELETE FROM answers_b WHERE mutant = ? AND device = ?", [(mutant, device)]),
            ("INSERT INTO answers_b VALUES (?, ?, ?, ?, ?)", again),
        )

    def golden(self, device: str) -> list[NDArray[Any]] | None:
        """The answers of the original, per model output ``[rows, *shape]``; ``None``: unknown."""
        if device not in self._golden:
            found = self._db.execute(
                "SELECT dtype, shape, data FROM golden WHERE device = ? ORDER BY output", (device,)
            ).fetchall()
            if not found:
                return None
            self._golden[device] = [
                _unpacked(data, dtype).reshape(json.loads(shape)) for dtype, shape, data in found
            ]
        return self._golden[device]

    def of(self, mutant: str, device: str) -> MutantAnswers | None:
        """What a mutant answers; ``None`` where it did not run to the end, or not at all.

        Raises:
            InputError: the store is damaged.
        """
        try:
            return self._read(mutant, device)
        except (sqlite3.Error, zlib.error, ValueError) as error:
            raise InputError(
                f"{self._path} is damaged ({error}): the answers of {mutant} on {device} cannot be "
                "read; run the campaign again to compare devices"
            ) from error

    def _read(self, mutant: str, device: str) -> MutantAnswers | None:
        found = self._db.execute(
            "SELECT rows, data, first_launches FROM answers WHERE mutant = ? AND device = ? "
            "ORDER BY output",
            (mutant, device),
        ).fetchall()
        golden = self.golden(device)
        if not found or golden is None:
            return None
        again = self._db.execute(
            "SELECT rows, data FROM answers_b WHERE mutant = ? AND device = ? ORDER BY output",
            (mutant, device),
        ).fetchall()
        return MutantAnswers(
            _restored(golden, [(rows, data) for rows, data, _ in found]),
            _unpacked(found[0][2], "int32"),
            _restored(golden, again) if again else None,
        )

    def close(self) -> None:
        """Close the file."""
        self._give_back()

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _changed(
    golden: Sequence[NDArray[Any]], outputs: Sequence[NDArray[Any]]
) -> list[tuple[int, bytes, bytes]]:
    """Index, row numbers and values of each output, as far as they are not golden's.

    Not as the states of the rows say: a rescheduled mutant is compared with other golden answers.
    """
    rows = np.flatnonzero(changed_rows(golden, outputs)).astype(np.uint32)
    return [(index, rows.tobytes(), _packed(one[rows])) for index, one in enumerate(outputs)]


def _restored(
    golden: Sequence[NDArray[Any]], stored: Sequence[tuple[bytes, bytes]]
) -> list[NDArray[Any]]:
    """The outputs that ``_changed`` was given."""
    outputs = []
    for base, (rows, data) in zip(golden, stored, strict=True):
        own, at = base.copy(), np.frombuffer(rows, np.uint32)
        own[at] = _unpacked(data, str(base.dtype)).reshape(len(at), *base.shape[1:])
        outputs.append(own)
    return outputs


def _packed(array: NDArray[Any]) -> bytes:
    return zlib.compress(np.ascontiguousarray(array).tobytes(), _LEVEL)


def _unpacked(data: bytes, dtype: str) -> NDArray[Any]:
    return np.frombuffer(zlib.decompress(data), np_dtype(dtype))
