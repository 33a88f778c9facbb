"""What every oracle is: a named rule, per input or over the whole set of inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import (
    Flags,
    Outputs,
    has_nan,
    new_nan_rows,
    pieces,
    taken,
    without_new_nan,
)

Kind = Literal["label", "numeric"]
"""What a kill is called: by the classes of the answer, or by its values."""

Labels = NDArray[np.int64]
"""The class index of each row, int64 of shape (rows,)."""

Shapes = Sequence[tuple[int, ...]]
"""Shape of each model output, batch included, rows not."""


@dataclass(frozen=True, eq=False)
class RowFinding:
    """What an oracle says of every input: bool arrays of shape (rows,).

    ``nan`` marks the failures that NaN alone decides: with golden's value in place of every NaN
    that golden does not have, the oracle would accept the answer.
    """

    failed: Flags
    nan: Flags


@dataclass(frozen=True)
class SetFinding:
    """What an oracle says of the whole set: ``nan`` as in `RowFinding`, and why, in a sentence."""

    failed: bool
    nan: bool
    sentence: str


class Oracle(ABC):
    """A rule for accepting answers; two oracles of one name are the same rule."""

    needs_labels: ClassVar[bool] = False

    @property
    @abstractmethod
    def name(self) -> str:
        """The rule as `parse_oracle` reads it, with all its parameters."""

    @property
    @abstractmethod
    def kind(self) -> Kind:
        """What a kill by it is called."""

    @abstractmethod
    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """Refuse a model or a set of inputs that the rule does not fit, before anything runs.

        Args:
            shapes: shape of each model output, batch included.
            labels: class index of each row, or None when there are none.

        Raises:
            InputError: it does not fit; the sentence says what to do.
        """

    @abstractmethod
    def refuses_golden(self, golden: Outputs, labels: Labels | None, names: Sequence[str]) -> str:
        """Why the rule fails the original's own answers; empty when it accepts them.

        Args:
            golden: the golden answers.
            labels: class index of each row, or None.
            names: name of each row, for the sentence.
        """


class RowOracle(Oracle):
    """A rule that is judged on each input alone."""

    @abstractmethod
    def fails(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
        """Rows that the rule does not accept: bool (rows,)."""

    def judge(self, golden: Outputs, answer: Outputs, labels: Labels | None = None) -> RowFinding:
        """Judge every row.

        Args:
            golden: the golden answers, one array per output of shape (rows, *output shape).
            answer: the answers to judge.
            labels: class index of each row, for rules that need them.
        """
        rows = golden[0].shape[0]
        failed, nan = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        for piece in pieces(golden, np.arange(rows)):
            part_labels = None if labels is None else labels[piece]
            part = self._judge(taken(golden, piece), taken(answer, piece), part_labels)
            failed[piece], nan[piece] = part.failed, part.nan
        return RowFinding(failed, nan)

    def refuses_golden(self, golden: Outputs, labels: Labels | None, names: Sequence[str]) -> str:
        """See `Oracle.refuses_golden`."""
        failed = np.flatnonzero(self.judge(golden, golden, labels).failed)
        if not failed.size:
            return ""
        first = int(failed[0])
        nan = any(has_nan(array[first : first + 1])[0] for array in golden)
        cause = ", which holds NaN" if nan else ""
        more = f" (and on {failed.size - 1} more inputs)" if failed.size > 1 else ""
        return (
            f"the oracle {self.name} refuses the original's own answer on {names[first]}{more}"
            f"{cause}; choose another oracle or leave such inputs out"
        )

    def _judge(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> RowFinding:
        failed = self.fails(golden, answer, labels)
        nan = np.zeros(failed.shape, np.bool_)
        suspects = np.flatnonzero(failed & new_nan_rows(golden, answer))
        if suspects.size:
            reference = taken(golden, suspects)
            patched = without_new_nan(reference, taken(answer, suspects))
            of_suspects = None if labels is None else labels[suspects]
            nan[suspects] = ~self.fails(reference, patched, of_suspects)
        return RowFinding(failed, nan)


class SetOracle(Oracle):
    """A rule that is judged on all inputs together."""

    @abstractmethod
    def judge(
        self,
        golden: Outputs,
        answer: Outputs,
        labels: Labels | None = None,
        answer_b: Outputs | None = None,
    ) -> SetFinding:
        """Judge the set; with a second answer each input counts with its worse one."""
