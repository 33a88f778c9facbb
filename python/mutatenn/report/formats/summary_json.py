"""Format ``json``: the summary, one JSON object."""

from __future__ import annotations

from collections.abc import Sequence

from mutatenn.report.format import report_format
from mutatenn.report.record import Record
from mutatenn.report.summary import write_summary


@report_format("json", "summary.json", "score and counts, schema mutatenn.summary/1")
def write(record: Record) -> Sequence[str]:
    """Write ``report/summary.json``."""
    write_summary(record)
    return ()
