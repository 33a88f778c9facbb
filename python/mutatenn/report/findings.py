"""What a user should look at: survivors, places no input reaches, suspected compiler defects."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Literal

from mutatenn.analysis.tally import differs
from mutatenn.mutation.mutant import Mutant
from mutatenn.report.cases import Case, cases_of
from mutatenn.report.record import Record

Kind = Literal["defect", "survived", "not reached"]


@dataclasses.dataclass(frozen=True)
class Finding:
    """A mutant that some device's verdict makes worth a look.

    Attributes:
        mutant: which one.
        kind: the gravest of what its verdicts say, in the order of ``Kind``.
        cases: the mutant on each device that has it.
    """

    mutant: Mutant
    kind: Kind
    cases: Sequence[Case]

    @property
    def text(self) -> str:
        """One sentence: what happened, where, and what was changed."""
        mutant = self.mutant
        what = f"{mutant.operator} {mutant.replacement}".rstrip()
        where = mutant.function + (f" ({', '.join(mutant.layers)})" if mutant.layers else "")
        on = "; ".join(
            f"{case.text} on {case.device}" + (f": {case.row['reason']}" if case.row else "")
            for case in self.cases
        )
        head = {
            "defect": "Suspected compiler defect: a mutant that preserves the meaning is told from "
            "the original",
            "survived": "Survived: no oracle notices the fault",
            "not reached": "Not reached: no input executes the place of the fault",
        }[self.kind]
        return f"{head}. {what} in {where}; {on}."


def findings(record: Record) -> Iterator[Finding]:
    """The findings of a campaign, in the order of its journal."""
    for cases in cases_of(record).values():
        kind = _kind(cases)
        if kind is not None:
            yield Finding(cases[0].mutant, kind, cases)


def _kind(cases: Sequence[Case]) -> Kind | None:
    mutant = cases[0].mutant
    if mutant.semantics_preserving:
        made = any(case.row is not None and differs(case.row, mutant) for case in cases)
        return "defect" if made else None
    verdicts = {case.verdict for case in cases}
    if "survived" in verdicts:
        return "survived"
    return "not reached" if "not_reached" in verdicts else None
