"""Writes docs/report-columns.md from the one list of columns of the reports csv and parquet."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mutatenn.report.columns import documented

PAGE = Path(__file__).resolve().parent.parent / "docs" / "report-columns.md"
INTRODUCTION = """\
# Columns of the reports `csv` and `parquet`

`mutatenn-ir report OUT --format csv,parquet` writes `OUT/report/report.csv` and
`OUT/report/report.parquet`: a row for each mutant, device and input, in the order in which verdicts
fell. A mutant that no input ran (it was proved away, or no input reaches it) has one row, whose
columns of an input are empty. What is not known is empty in CSV and null in Parquet; NaN and
infinities are numbers. CSV is UTF-8 with a line of names, as RFC 4180 has it, bools are `true` and
`false`. Parquet has the types below and needs `pip install 'mutatenn[parquet]'`.

Where a mutant failed an oracle is known of every input when one input or all of them did, or when
the journal says which; the first classes are known where a campaign has several devices, as it
keeps the answers then. Measures compare the mutant's answer with golden's on the same device; the
definitions are those of `mutatenn.oracle`.

| column | type | meaning |
| --- | --- | --- |
"""


def main() -> int:
    """Write the page, or with ``--check`` say whether it is what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 when stale")
    check = parser.parse_args().check
    text = page()
    if PAGE.is_file() and PAGE.read_text() == text:
        return 0
    if check:
        print(
            "docs/report-columns.md is stale: run python scripts/generate_column_docs.py",
            file=sys.stderr,
        )
        return 1
    PAGE.write_text(text)
    return 0


def page() -> str:
    """The whole page."""
    rows = (
        f"| `{one.name}` | {one.type} | {one.meaning.replace('|', chr(92) + '|')} |\n"
        for one in documented()
    )
    return INTRODUCTION + "".join(rows)


if __name__ == "__main__":
    sys.exit(main())
