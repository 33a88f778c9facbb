"""The original's code as files beside a report, for formats that point into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.format import FOLDER
from mutatenn.report.places import Places
from mutatenn.report.record import Record


def code_files(places: Places, mutants: Iterable[Mutant]) -> dict[str, str]:
    """The text of each file that some of the mutants stand in, by its path, sorted."""
    found: dict[str, str] = {}
    for mutant in mutants:
        file = places.file(mutant)
        if file not in found:
            found[file] = places.text(mutant)
    return dict(sorted(found.items()))


def write_code_files(record: Record, files: Mapping[str, str]) -> None:
    """Write them below ``report/``.

    Raises:
        InputError: the file system refuses it.
    """
    for file, text in files.items():
        write_atomically(record.folder / FOLDER / file, text)
