"""Oracles on classes: which one comes first, or in which order they come.

Ties go to the lowest index and any NaN among the scores fails. A row that holds several images
fails with any of them.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.oracle.base import Kind, Labels, RowOracle, Shapes
from mutatenn.oracle.class_metrics import top1_agreement, topk_agreement
from mutatenn.oracle.classifier import require_classes
from mutatenn.oracle.outputs import Flags, Outputs
from mutatenn.oracle.rank_metrics import kendall_tau, rbo


@dataclass(frozen=True)
class ClassOracle(RowOracle):
    """A rule on one output of the model, the only one when ``output`` is None."""

    output: int | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        parts = list(self.parameters)
        if self.output is not None:
            parts.append(f"output={self.output}")
        return f"{self.rule}:{','.join(parts)}" if parts else self.rule

    @property
    @abstractmethod
    def rule(self) -> str:
        """The first word of the name."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The rest of the name but ``output``, as ``parameter=value``."""
        return ()

    @property
    def kind(self) -> Kind:
        """See `Oracle.kind`."""
        return "label"

    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """See `Oracle.require`: an output with two or more classes."""
        self.require_fitting(require_classes(f"the oracle {self.name}", self.output, shapes))

    def require_fitting(self, shape: tuple[int, ...]) -> None:
        """Refuse an output of classes for what the rule alone knows; raises ``InputError``."""

    def fails(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
        """See `RowOracle.fails`."""
        index = self.output or 0
        return ~self.accepts(golden[index], answer[index])

    @abstractmethod
    def accepts(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """Rows that keep the rule: shape (rows, ..., classes) → bool (rows,)."""


@dataclass(frozen=True)
class Top1(ClassOracle):
    """The first class is golden's."""

    @property
    def rule(self) -> str:
        """See `ClassOracle.rule`."""
        return "top1"

    def accepts(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ClassOracle.accepts`."""
        return top1_agreement(golden, answer)


@dataclass(frozen=True)
class TopK(ClassOracle):
    """The k first classes are golden's; with ``ordered`` in golden's order."""

    k: int
    ordered: bool

    @property
    def rule(self) -> str:
        """See `ClassOracle.rule`."""
        return "topk"

    @property
    def parameters(self) -> tuple[str, ...]:
        """See `ClassOracle.parameters`."""
        return f"k={self.k}", f"ordered={'true' if self.ordered else 'false'}"

    def require_fitting(self, shape: tuple[int, ...]) -> None:
        """See `ClassOracle.require_fitting`: a set of all classes would accept anything."""
        most = shape[-1] if self.ordered else shape[-1] - 1
        if self.k > most:
            raise InputError(
                f"the oracle {self.name} cannot tell apart answers of {shape[-1]} classes; "
                f"choose k of at most {most}"
            )

    def accepts(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ClassOracle.accepts`."""
        return topk_agreement(golden, answer, self.k, ordered=self.ordered)


@dataclass(frozen=True)
class Rank(ClassOracle):
    """The order of all classes is like golden's: a rank similarity of at least ``least``.

    ``p`` is RBO's persistence and None for Kendall's tau.
    """

    least: float
    measure: Literal["rbo", "kendall"]
    p: float | None

    @property
    def rule(self) -> str:
        """See `ClassOracle.rule`."""
        return "rank"

    @property
    def parameters(self) -> tuple[str, ...]:
        """See `ClassOracle.parameters`."""
        common = (f"min={self.least!r}", f"measure={self.measure}")
        return common if self.p is None else (*common, f"p={self.p!r}")

    def accepts(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ClassOracle.accepts`; a NaN is not at least anything."""
        likeness = kendall_tau(golden, answer) if self.p is None else rbo(golden, answer, self.p)
        return np.asarray(likeness >= self.least, np.bool_)
