"""The code of the kernels, each once, and what each mutant changes in it, as ranges."""

from __future__ import annotations

from typing import Any

from mutatenn.report.cases import Case
from mutatenn.report.html.columns import Words, packed
from mutatenn.report.places import Places

SPAN = ("start_line", "start_column", "end_line", "end_column")


def sources(places: Places, cases: dict[str, list[Case]]) -> dict[str, Any]:
    """The files, and columns with the place and the change of each mutant.

    ``known`` says of a mutant: 0, its place is not known; 1, the place is, what stands there
    instead is not, or only as a ``diff``; 2, ``text`` stands in place of the span. Lines and
    columns count from 1, in code points; the end is the first column that is not in the span.

    Args:
        places: of the campaign.
        cases: as ``cases_of`` gives them; their order is that of the rows.
    """
    files: dict[str, dict[str, Any]] = {}
    file, text, diff = Words[str](), Words[str](), Words[str]()
    known: list[int] = []
    spans: dict[str, list[int]] = {name: [] for name in SPAN}
    for own in cases.values():
        mutant = own[0].mutant
        path = places.file(mutant)
        if path not in files:
            files[path] = {"path": path, "name": mutant.function, "text": places.text(mutant)}
        file.add(path)
        told = next((case.row["diff"] for case in own if case.row and case.row["diff"]), "")
        place, change = places.of(mutant), places.change(mutant, told)
        span = place.span if change is None else change.span
        for name in SPAN:
            spans[name].append(getattr(span, name))
        known.append(2 if change is not None else int(place.known))
        text.add("" if change is None else change.text)
        diff.add(told if change is None else "")
    return {
        "files": [files[path] for path in file.words],
        "file": file.to_dict()["rows"],
        "known": packed(known),
        "text": text.to_dict(),
        "diff": diff.to_dict(),
        **{name: packed(numbers) for name, numbers in spans.items()},
    }
