"""What all oracles together say of one run, under both fill patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.base import Labels, Oracle, RowFinding, RowOracle, SetFinding, SetOracle
from mutatenn.oracle.outputs import Flags, Outputs, changed_rows, taken

Kill = Literal["", "label", "numeric", "nan"]
"""How a mutant is killed by its answers; empty when it is not."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """The findings of several oracles on one run.

    Attributes:
        oracles: The rules, in the user's order.
        failed: Inputs that each rule refuses under either pattern: bool (oracles, rows); never
            any for rules on the whole set.
        nan: Of these, the ones that NaN alone decides, under every pattern that fails.
        of_set: What each rule on the whole set says; None for rules per input.
    """

    oracles: tuple[Oracle, ...]
    failed: NDArray[np.bool_]
    nan: NDArray[np.bool_]
    of_set: tuple[SetFinding | None, ...]

    @property
    def failing(self) -> Flags:
        """Inputs that any rule refuses: bool (rows,)."""
        return np.asarray(self.failed.any(axis=0), np.bool_)

    @property
    def kills(self) -> tuple[Kill, ...]:
        """What each rule alone would say."""
        return tuple(self._kill(index) for index in range(len(self.oracles)))

    @property
    def kill(self) -> Kill:
        """What all say together: a wrong class outweighs a wrong value, and that a NaN."""
        kills = self.kills
        order: tuple[Kill, ...] = ("label", "numeric", "nan")
        return next((kill for kill in order if kill in kills), "")

    @property
    def killed(self) -> bool:
        """Whether any rule failed."""
        return self.kill != ""

    def reason(self, names: Sequence[str]) -> str:
        """What failed, a clause for each rule that did; empty when none did.

        Args:
            names: name of each input.
        """
        clauses = [self._clause(index, names) for index in range(len(self.oracles))]
        return "; ".join(clause for clause in clauses if clause)

    def _kill(self, index: int) -> Kill:
        finding = self.of_set[index]
        if finding is not None:
            failed, by_nan = finding.failed, finding.nan
        else:
            failed = bool(self.failed[index].any())
            by_nan = bool((self.failed[index] == self.nan[index]).all())
        if not failed:
            return ""
        return "nan" if by_nan else self.oracles[index].kind

    def _clause(self, index: int, names: Sequence[str]) -> str:
        finding = self.of_set[index]
        if finding is not None:
            return finding.sentence if finding.failed else ""
        rows = np.flatnonzero(self.failed[index])
        if not rows.size:
            return ""
        name, total = self.oracles[index].name, self.failed.shape[1]
        return f"{name} fails on {rows.size} of {total} inputs, first on {names[int(rows[0])]}"


def judge(
    oracles: Sequence[Oracle],
    golden: Outputs,
    answer: Outputs,
    answer_b: Outputs | None = None,
    labels: Labels | None = None,
) -> Judgement:
    """Judge one run; an input counts with the worse of its two answers.

    Inputs whose answer is golden's bit for bit are accepted unseen by rules per input: every rule
    must have accepted the golden answers (`Oracle.refuses_golden`).

    Args:
        oracles: the rules.
        golden: the golden answers, one array per model output of shape (rows, *output shape).
        answer: the answers under the first fill pattern.
        answer_b: those under the second one, None when it was not needed.
        labels: class index of each row, int64 (rows,), for rules that need them.
    """
    rows = golden[0].shape[0]
    failed = np.zeros((len(oracles), rows), np.bool_)
    by_value = np.zeros_like(failed)
    of_set: list[SetFinding | None] = [None] * len(oracles)
    answers = [answer] if answer_b is None else [answer, answer_b]
    changed = [np.flatnonzero(changed_rows(golden, given)) for given in answers]
    for index, oracle in enumerate(oracles):
        if isinstance(oracle, SetOracle):
            of_set[index] = oracle.judge(golden, answer, labels, answer_b)
        elif isinstance(oracle, RowOracle):
            for given, some in zip(answers, changed, strict=True):
                finding = _judge_rows(oracle, golden, given, labels, some)
                failed[index, some] |= finding.failed
                by_value[index, some] |= finding.failed & ~finding.nan
        else:
            raise TypeError(f"{oracle!r} is neither a RowOracle nor a SetOracle")
    return Judgement(tuple(oracles), failed, failed & ~by_value, tuple(of_set))


def _judge_rows(
    oracle: RowOracle,
    golden: Outputs,
    answer: Outputs,
    labels: Labels | None,
    rows: NDArray[np.intp],
) -> RowFinding:
    of_rows = None if labels is None else labels[rows]
    return oracle.judge(taken(golden, rows), taken(answer, rows), of_rows)
