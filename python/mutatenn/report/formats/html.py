"""Format ``html``: one self-contained page, for people."""

from __future__ import annotations

from collections.abc import Sequence

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.html.page import page
from mutatenn.report.record import Record

FILE = "index.html"


@report_format("html", FILE, "one self-contained page, for people")
def write(record: Record) -> Sequence[str]:
    """Write ``report/index.html``.

    Raises:
        InputError: stored evidence is damaged, or the file cannot be written.
    """
    write_atomically(record.folder / FOLDER / FILE, page(record))
    return ()
