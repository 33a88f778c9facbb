"""Format ``md``: the campaign as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from mutatenn.report.format import report_format
from mutatenn.report.markdown import write_markdown
from mutatenn.report.record import Record


@report_format("md", "report.md", "Markdown, for people")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.md``."""
    write_markdown(record)
    return ()
