"""The oracle `label`: inputs that golden got right must stay right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from mutatenn.oracle.base import Kind, Labels, RowOracle, Shapes
from mutatenn.oracle.classifier import require_classes, require_labels
from mutatenn.oracle.outputs import Flags, Outputs
from mutatenn.oracle.ranking import predictions


@dataclass(frozen=True)
class Label(RowOracle):
    """The first class is the label, on inputs where golden's is: others blame no mutant."""

    needs_labels: ClassVar[bool] = True
    output: int | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """See `Oracle.name`."""
        return "label" if self.output is None else f"label:output={self.output}"

    @property
    def kind(self) -> Kind:
        """See `Oracle.kind`."""
        return "label"

    def require(self, shapes: Shapes, labels: Labels | None) -> None:
        """See `Oracle.require`: one prediction for each input, and its label."""
        asked = f"the oracle {self.name}"
        require_labels(asked, require_classes(asked, self.output, shapes), labels)

    def fails(self, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
        """See `RowOracle.fails`."""
        index = self.output or 0
        was_right = right(golden, labels, index)
        return np.asarray(was_right & ~right(answer, labels, index), np.bool_)


def right(outputs: Outputs, labels: Labels | None, output: int) -> Flags:
    """Rows whose prediction is their label: bool (rows,).

    Raises:
        ValueError: there is not one label for each prediction.
    """
    classes = predictions(outputs[output])
    if labels is None or classes.shape != (labels.size, 1):
        raise ValueError(f"predictions of shape {classes.shape} do not fit the labels {labels}")
    return np.asarray(classes[:, 0] == labels, np.bool_)
