"""A campaign's outcome as a Python object: what ``mutatenn.run`` returns."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.report.record import Record
from mutatenn.report.summary import summary
from mutatenn.report.verdict_lines import verdict_lines


@dataclasses.dataclass(frozen=True)
class Result:
    """A campaign, finished or not; everything is also in ``folder``."""

    folder: Path
    summary: dict[str, Any]
    """The object that ``report/summary.json`` holds."""
    mutants: list[dict[str, Any]]
    """A row per verdict: the mutant's fields and, beside them, what became of it."""

    @classmethod
    def read(cls, folder: Path) -> Result:
        """Read a campaign's folder.

        Raises:
            InputError: it is no campaign's.
        """
        record = Record.read(folder)
        known = record.mutants()
        rows = [known[row["mutant"]].to_dict() | _plain(row) for row in record.all_rows]
        return cls(folder, summary(record), rows)

    @property
    def score(self) -> float | None:
        """Killed / (killed + survived + not reached); ``None`` when no mutant counts."""
        found: float | None = self.summary["score"]
        return found

    def show(self, mutant: str) -> str:
        """The verdict on a mutant, given by its id or the id's beginning, evidence and diff.

        Raises:
            InputError: no mutant, or more than one, has an id that begins so.
        """
        wanted = Record.read(self.folder).find(mutant)
        found = [row for row in self.mutants if row["id"] == wanted.id]
        lines = [f"{wanted.id}: {wanted.operator} {wanted.replacement}".rstrip()]
        for row in found:
            lines += [*verdict_lines(row), row["diff"]]
        return "\n".join(lines if found else [*lines, "no verdict yet"])

    def to_pandas(self) -> Any:
        """The rows as a ``pandas.DataFrame``.

        Raises:
            ImportError: pandas is not installed.
        """
        import pandas  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

        return pandas.DataFrame(self.mutants)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A journal's row without what repeats the mutant, and without the measures' bytes."""
    return {key: value for key, value in row.items() if key not in ("mutant", "measures")}
