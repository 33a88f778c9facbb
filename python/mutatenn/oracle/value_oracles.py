"""Oracles on values: every element of every output must be golden's, or near it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.base import Kind, Labels, RowOracle, Shapes
from mutatenn.oracle.deviations import within
from mutatenn.oracle.outputs import Flags, Outputs, bits_differ
from mutatenn.oracle.ulp import max_ulp


class ValueOracle(RowOracle):
    """A rule that every output of any model must keep."""

    @property
    def kind(self) -> Kind:
        """See `Oracle.kind`."""
        return "numeric"

    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """Every model and every set of inputs will do."""

    def fails(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
        """See `RowOracle.fails`."""
        failed = np.zeros(golden[0].shape[0], np.bool_)
        for reference, given in zip(golden, answer, strict=True):
            failed |= self.output_fails(reference, given)
        return failed

    @abstractmethod
    def output_fails(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """Rows of one output that break the rule: shape (rows, *output shape) → bool (rows,)."""


@dataclass(frozen=True)
class Exact(ValueOracle):
    """Bit for bit: -0 is not +0, and a NaN only the same NaN."""

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        return "exact"

    def output_fails(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ValueOracle.output_fails`."""
        return bits_differ(golden, answer)


@dataclass(frozen=True)
class AllClose(ValueOracle):
    """``|a - g| <= atol + rtol * |g|`` for every element, computed in float64.

    NaN and infinities are close only to themselves.
    """

    rtol: float
    atol: float

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        return f"allclose:rtol={self.rtol!r},atol={self.atol!r}"

    def output_fails(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ValueOracle.output_fails`."""
        return ~within(golden, answer, self.rtol, self.atol)


@dataclass(frozen=True)
class Ulp(ValueOracle):
    """At most ``most`` steps between neighbouring values of the output's type, as `max_ulp` counts.

    For integers: a difference of at most ``most``.
    """

    most: int

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        return f"ulp:max={self.most}"

    def output_fails(self, golden: NDArray[Any], answer: NDArray[Any]) -> Flags:
        """See `ValueOracle.output_fails`."""
        return np.asarray(max_ulp(golden, answer) > np.uint64(self.most), np.bool_)
