"""The evidence of a run: for each input, how far the answer is from golden's, by every measure."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.oracle.classifier import class_output
from mutatenn.oracle.columns import CLASS_COLUMNS, VALUE_COLUMNS, Column, by_name
from mutatenn.oracle.metrics import Ranking, predictions, same_class_for_every_input
from mutatenn.oracle.outputs import Flags, Outputs, changed_rows, pieces

SCHEMA = 1


@dataclass(frozen=True, eq=False)
class Evidence:
    """Measures of a mutant's answers against golden's; unchanged inputs take no room.

    Attributes:
        rows: How many inputs there were.
        stuck: The answers have one class for all inputs where golden's have several; False for
            models that are no classifiers.
        records: A structured array with a record per changed input, in order: ``row``, its index,
            and a field per column. Columns of values have the shape (outputs,) in each record.
    """

    rows: int
    stuck: bool
    records: NDArray[Any]

    @property
    def columns(self) -> dict[str, Column]:
        """What each column that is there means, by name."""
        names = self.records.dtype.names or ()
        return {name: column for name, column in by_name().items() if name in names}

    @property
    def changed(self) -> Flags:
        """Inputs whose answer was measured: bool (rows,)."""
        found = np.zeros(self.rows, np.bool_)
        found[self.records["row"]] = True
        return found

    def column(self, name: str) -> NDArray[Any]:
        """A column over all inputs: shape (rows,), or (rows, outputs) for one of values.

        Raises:
            KeyError: there is no such column.
        """
        column = self.columns[name]
        measured = self.records[name]
        full = np.full((self.rows, *measured.shape[1:]), column.neutral, measured.dtype)
        full[self.records["row"]] = measured
        return full

    def to_bytes(self) -> bytes:
        """All of it as a compressed ``.npz``, for a blob in the journal."""
        about = np.array([SCHEMA, self.rows, self.stuck], "<i8")
        file = io.BytesIO()
        np.savez_compressed(file, about=about, records=self.records)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Evidence:
        """Read what ``to_bytes`` wrote.

        Raises:
            InputError: the bytes are no evidence of this version.
        """
        try:
            with np.load(io.BytesIO(blob), allow_pickle=False) as stored:
                schema, rows, stuck = (int(value) for value in stored["about"])
                records = stored["records"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(
                f"the stored evidence of a mutant is damaged ({error}); run that mutant again"
            ) from error
        if schema != SCHEMA:
            raise InputError(
                f"the stored evidence of a mutant has version {schema}, this mutatenn reads "
                f"version {SCHEMA}; use the mutatenn that wrote it"
            )
        return cls(rows, bool(stuck), records)


def evidence(
    golden: Outputs,
    answer: Outputs,
    rows_changed: Flags | None = None,
    output: int | None = None,
) -> Evidence:
    """Measure every input whose answer changed.

    Args:
        golden: the golden answers, one array per model output of shape (rows, *output shape).
        answer: the mutant's answers.
        rows_changed: which inputs to measure, bool (rows,); found by comparing bits when None.
            The answers of the others must be golden's.
        output: index of the output that holds scores of classes; when None the one that
            ``class_output`` finds, if any.
    """
    if rows_changed is None:
        rows_changed = changed_rows(golden, answer)
    if output is None:
        output = class_output([array.shape[1:] for array in golden])
    rows = np.flatnonzero(rows_changed)
    records = np.zeros(rows.size, _dtype(len(golden), output is not None))
    records["row"] = rows
    done = 0
    for piece in pieces(golden, rows):
        part = records[done : done + piece.size]
        _measure_values(part, golden, answer, piece)
        if output is not None:
            _measure_classes(part, golden[output][piece], answer[output][piece])
        done += piece.size
    stuck = output is not None and rows.size > 0 and _stuck(golden[output], answer[output])
    return Evidence(int(rows_changed.size), stuck, records)


def _dtype(outputs: int, classifier: bool) -> np.dtype[Any]:
    fields: list[Any] = [("row", "<i4")]
    if classifier:
        fields += [(column.name, column.dtype) for column in CLASS_COLUMNS]
    fields += [(column.name, column.dtype, (outputs,)) for column in VALUE_COLUMNS]
    return np.dtype(fields)


def _measure_values(
    part: NDArray[Any], golden: Outputs, answer: Outputs, rows: NDArray[np.intp]
) -> None:
    for index, (reference, given) in enumerate(zip(golden, answer, strict=True)):
        for column in VALUE_COLUMNS:
            part[column.name][:, index] = column.measure(reference[rows], given[rows])


def _measure_classes(part: NDArray[Any], golden: NDArray[Any], answer: NDArray[Any]) -> None:
    reference, given = Ranking.of(golden), Ranking.of(answer)
    for column in CLASS_COLUMNS:
        part[column.name] = column.measure(reference, given)


def _stuck(golden: NDArray[Any], answer: NDArray[Any]) -> bool:
    if not same_class_for_every_input(answer):
        return False
    return bool(np.unique(predictions(golden)).size > 1)
