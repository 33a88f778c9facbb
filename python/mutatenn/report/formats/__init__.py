"""The formats of reports; importing this registers them."""

from mutatenn.report.format import Format, chosen, registered
from mutatenn.report.formats import (
    csv_rows,
    github,
    html,
    junit,
    markdown_text,
    mutation_testing_elements,
    parquet,
    sarif,
    summary_json,
)

__all__ = [
    "Format",
    "chosen",
    "csv_rows",
    "github",
    "html",
    "junit",
    "markdown_text",
    "mutation_testing_elements",
    "parquet",
    "registered",
    "sarif",
    "summary_json",
]
