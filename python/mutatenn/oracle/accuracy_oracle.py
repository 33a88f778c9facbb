"""The oracle `accuracy`: how much of the whole set is right, at least or compared to golden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from mutatenn.oracle.base import Kind, Labels, SetFinding, SetOracle, Shapes
from mutatenn.oracle.classifier import require_classes, require_labels
from mutatenn.oracle.label_oracle import right
from mutatenn.oracle.outputs import Flags, Outputs, without_new_nan


@dataclass(frozen=True)
class Accuracy(SetOracle):
    """``min``: accuracy is at least the bound. ``drop``: it is at most that much below golden's.

    Images are counted and compared with the bound as written in decimals, so that 94 and 93 right
    of 100 are a drop of 0.01 and no more.
    """

    needs_labels: ClassVar[bool] = True
    rule: Literal["min", "drop"]
    bound: Decimal
    output: int | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        chosen = "" if self.output is None else f",output={self.output}"
        return f"accuracy:{self.rule}={self._bound()}{chosen}"

    @property
    def kind(self) -> Kind:
        """See `Oracle.kind`."""
        return "label"

    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """See `Oracle.require`: one prediction for each input, and its label."""
        asked = f"the oracle {self.name}"
        require_labels(asked, require_classes(asked, self.output, shapes), labels)

    def refuses_golden(self, golden: Outputs, labels: Labels | None, names: Sequence[str]) -> str:
        """See `Oracle.refuses_golden`."""
        finding = self.judge(golden, golden, labels)
        if not finding.failed:
            return ""
        return f"{finding.sentence} already by the original's own answers; choose a lower minimum"

    def judge(
        self,
        golden: Outputs,
        answer: Outputs,
        labels: Labels | None = None,
        answer_b: Outputs | None = None,
    ) -> SetFinding:
        """See `SetOracle.judge`; an image whose scores hold a NaN is not right."""
        answers = [answer] if answer_b is None else [answer, answer_b]
        before = int(self._right(golden, labels).sum())
        after = self._right_in_all(answers, labels)
        total = int(self._right(golden, labels).size)
        failed = self._breaks(before, after, total)
        nan = False
        if failed:
            patched = [without_new_nan(golden, given) for given in answers]
            nan = not self._breaks(before, self._right_in_all(patched, labels), total)
        return SetFinding(failed, nan, self._sentence(failed, before, after, total))

    def _right(self, outputs: Outputs, labels: Labels | None) -> Flags:
        return right(outputs, labels, self.output or 0)

    def _right_in_all(self, answers: Sequence[Outputs], labels: Labels | None) -> int:
        return int(np.logical_and.reduce([self._right(each, labels) for each in answers]).sum())

    def _breaks(self, before: int, after: int, total: int) -> bool:
        if self.rule == "min":
            return after < Fraction(self.bound) * total
        return before - after > Fraction(self.bound) * total

    def _bound(self) -> str:
        return f"{self.bound.normalize():f}"

    def _sentence(self, failed: bool, before: int, after: int, total: int) -> str:
        verb = "fails" if failed else "holds"
        golden = f", golden {before}" if self.rule == "drop" else ""
        return f"{self.name} {verb}: {after} of {total} inputs are right{golden}"
