"""The 22 mutations of MutateNN (ICST 2025) as rows of a data file with a version of its own."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import Any

from mutatenn.model.toml_file import read_toml

NAME = "icst2025"
_FILE = Path(__file__).parent / "rows.toml"


@dataclasses.dataclass(frozen=True)
class Idle:
    """Settings that name the same places as a row, and why the row may change nothing there."""

    settings: dict[str, str]
    reason: str


@dataclasses.dataclass(frozen=True)
class Same:
    """An earlier or later row that means the same where all comparisons are of ``operands``."""

    row: int
    reason: str
    operands: str = "any"


@dataclasses.dataclass(frozen=True)
class Row:
    """One mutation of the predecessor: an operator with settings, planted at many places at once.

    ``original`` says what became of it in the released code, ``differs`` how it is different here,
    and ``lacks`` what a model has none of in which it matches nothing.
    """

    number: int
    title: str
    category: str
    stage: str
    operator: str
    settings: dict[str, str]
    lacks: str
    original: str
    differs: str
    idle: Idle | None = None
    same: Same | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Rows:
    """All rows, with the version of their file and the modes that each has."""

    version: int
    summary: str
    modes: tuple[str, ...]
    rows: tuple[Row, ...]

    def row(self, number: int) -> Row:
        """The row of a number; they are numbered from 1 without a gap."""
        return self.rows[number - 1]


@functools.cache
def read_rows() -> Rows:
    """The rows, as the data file lists them."""
    data = read_toml(_FILE, NAME)
    return Rows(
        data["version"], data["summary"], tuple(data["modes"]), tuple(map(_row, data["row"]))
    )


def _row(plain: dict[str, Any]) -> Row:
    fields = dict(plain)
    settings = fields.pop("set")
    idle = fields.pop("idle", None)
    same = fields.pop("same", None)
    return Row(
        **fields,
        settings=settings,
        idle=None if idle is None else Idle(settings | idle["set"], idle["reason"]),
        same=None if same is None else Same(**same),
    )
