"""Format ``parquet``: the rows of ``csv`` with types, for data frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mutatenn.campaign.atomic_file import written_atomically
from mutatenn.errors import MissingToolError
from mutatenn.report.columns import columns
from mutatenn.report.format import FOLDER, report_format
from mutatenn.report.record import Record
from mutatenn.report.rows import Block, blocks

FILE = "report.parquet"
GROUP = 1 << 16
"""Rows that are written at once."""


@report_format("parquet", FILE, "the rows of csv, for data frames (needs mutatenn[parquet])")
def write(record: Record) -> Sequence[str]:
    """Write ``report/report.parquet``; each field's metadata say what its values mean.

    Raises:
        InputError: stored evidence is damaged, or the file cannot be written.
        MissingToolError: pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: PLC0415  (an extra)
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError as error:
        raise MissingToolError(
            "the format parquet needs pyarrow: pip install 'mutatenn[parquet]'"
        ) from error
    found = columns(record.facts["options"]["oracles"])
    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                getattr(pyarrow, "bool_" if column.type == "bool" else column.type)(),
                metadata={"meaning": column.meaning},
            )
            for column in found
        ]
    )
    with (
        written_atomically(record.folder / FOLDER / FILE) as file,
        pyarrow.parquet.ParquetWriter(file, schema) as table,
    ):
        for group in _groups(blocks(record), [column.name for column in found]):
            table.write_table(pyarrow.table(group, schema=schema))
    return ()


def _groups(found: Iterator[Block], names: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
    """Blocks joined to groups of some size."""
    group: dict[str, list[Any]] = {name: [] for name in names}
    for block in found:
        for name in names:
            group[name] += block[name]
        if len(group[names[0]]) >= GROUP:
            yield group
            group = {name: [] for name in names}
    if group[names[0]]:
        yield group
