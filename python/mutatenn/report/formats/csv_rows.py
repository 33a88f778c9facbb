"""Format ``csv``: a row for each mutant, device and input."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from mutatenn.campaign.atomic_file import written_atomically
from mutatenn.report.columns import columns
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.record import Record
from mutatenn.report.rows import blocks

FILE = "report.csv"


@report_format("csv", FILE, "a row for each mutant, device and input")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.csv``, in UTF-8, as RFC 4180 has it, with a line of names.

    What is not known is empty; bools are ``true`` and ``false``, numbers as Python writes them.

    Raises:
        InputError: stored evidence is damaged, or the file cannot be written.
    """
    names = [column.name for column in columns(record.facts["options"]["oracles"])]
    with written_atomically(record.folder / FOLDER / FILE) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        table = csv.writer(text, lineterminator="\r\n")
        table.writerow(names)
        for block in blocks(record):
            rows = zip(*(block[name] for name in names), strict=True)
            table.writerows([_cell(value) for value in row] for row in rows)
        # The file is not the wrapper's to close.
        text.detach()
    return ()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
