"""The table of mutants: a column for each of their properties, and some for each device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mutatenn.analysis.devices.vectors import NOT_APPLICABLE, Class
from mutatenn.campaign.verdict import VERDICTS, how_far
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.cases import Case
from mutatenn.report.html.columns import Words, packed
from mutatenn.report.record import Record

PENDING = "pending"
AWAY = "not_applicable"


def mutant_table(record: Record, cases: dict[str, list[Case]]) -> dict[str, Any]:
    """The columns of the campaign's mutants, as ``js/table.js`` reads them.

    Args:
        record: the campaign.
        cases: as ``cases_of`` gives them; their order is that of the rows.
    """
    mutants = [own[0].mutant for own in cases.values()]
    layers: Words[tuple[int, ...]] = Words()
    names: Words[str] = Words()
    for mutant in mutants:
        layers.add(tuple(names.number(layer) for layer in mutant.layers))
    return {
        "count": len(mutants),
        "ids": "\n".join(_short(mutant) for mutant in mutants),
        "operator": _words(mutant.operator for mutant in mutants),
        "function": _words(mutant.function for mutant in mutants),
        "stage": _words(mutant.stage for mutant in mutants),
        "change": _words(mutant.replacement for mutant in mutants),
        "layers": layers.to_dict(),
        "layerNames": names.words,
        "preserving": packed([int(mutant.semantics_preserving) for mutant in mutants]),
        "devices": [_on(device, cases) for device in record.devices],
        "agreement": _agreement(record, cases),
    }


def _words(values: Any) -> dict[str, Any]:
    found: Words[str] = Words()
    for value in values:
        found.add(value)
    return found.to_dict()


def _short(mutant: Mutant) -> str:
    """The id without the operator that it mostly begins with; after a ``=``, all of it."""
    head = f"{mutant.operator}-"
    if mutant.id.startswith(head):
        return mutant.id.removeprefix(head)
    return f"={mutant.id}"


def _on(device: str, cases: dict[str, list[Case]]) -> dict[str, Any]:
    """What a device says of each mutant."""
    verdict: Words[tuple[str, str]] = Words()
    far, reason, marks = Words[str](), Words[str](), Words[str]()
    failing = []
    for own in cases.values():
        case = next((one for one in own if one.device == device), None)
        row = None if case is None else case.row
        verdict.add(_verdict(case))
        if row is None:
            for column in (far, reason, marks):
                column.add("")
        else:
            far.add(how_far(row["verdict"], row["reach"], row["evidence"].get("reached")))
            reason.add(row["reason"].removesuffix("."))
            marks.add("; ".join(row["marks"]))
        failing.append(0 if row is None else row["failing"])
    return {
        "device": device,
        "verdict": verdict.to_dict(),
        "far": far.to_dict(),
        "reason": reason.to_dict(),
        "marks": marks.to_dict(),
        "failing": packed(failing),
    }


def _verdict(case: Case | None) -> tuple[str, str]:
    """The verdict's name, and as people read it."""
    if case is None:
        return AWAY, NOT_APPLICABLE
    return case.verdict or PENDING, case.text


def _agreement(record: Record, cases: dict[str, list[Case]]) -> dict[str, Any] | None:
    """The class of each mutant's vector of verdicts; nothing of a campaign with one device."""
    axes = record.axes
    if axes is None:
        return None
    classes = {vector.mutant: vector.of_class.value for vector in axes.vectors}
    found = Words(each.value for each in Class)
    for id_ in cases:
        found.add(classes.get(id_, Class.INCOMPLETE.value))
    return found.to_dict()


def verdict_names() -> Sequence[str]:
    """All that the column of verdicts may hold, in the order of reports."""
    return (*VERDICTS, PENDING, AWAY)
