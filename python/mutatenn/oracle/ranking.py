"""The order that an output puts its classes in; equal scores rank by the lowest index first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import Flags, nan_mask, widened

NO_CLASS = -1
"""The prediction of an image whose scores hold a NaN."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The classes of each image in order; a row of a model with a batch holds several images.

    ``scores`` has the shape (rows, images, classes) and a type that orders all values exactly.
    """

    scores: NDArray[Any]
    nan: Flags
    """Images whose scores hold a NaN, so that there is no order: bool (rows, images)."""

    @classmethod
    def of(cls, output: NDArray[Any]) -> Ranking:
        """Rank an output of shape (rows, ..., classes), of any real type.

        Raises:
            ValueError: there is no axis of classes, or it is empty.
        """
        if output.ndim < 2 or not output.shape[-1]:
            raise ValueError(f"an output of shape {output.shape} has no classes to rank")
        shape = (output.shape[0], math.prod(output.shape[1:-1]), output.shape[-1])
        scores = output.reshape(shape)
        nan = nan_mask(scores).any(axis=-1)
        return cls(widened(scores), np.asarray(nan, np.bool_))

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.scores.shape[-1])

    @cached_property
    def predictions(self) -> NDArray[np.int64]:
        """The first class of each image, ``NO_CLASS`` with a NaN: int64 (rows, images)."""
        return np.where(self.nan, NO_CLASS, np.argmax(self.scores, axis=-1)).astype(np.int64)

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Classes from the highest score to the lowest: int64 (rows, images, classes)."""
        # Sorted from the back, so that the stable sort leaves equal scores lowest index last.
        backwards = np.argsort(self.scores[..., ::-1], axis=-1, kind="stable")
        return np.asarray(self.classes - 1 - backwards[..., ::-1], np.int64)

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """Place of each class in the order, from 0: int64 (rows, images, classes)."""
        places = np.empty_like(self.order)
        np.put_along_axis(places, self.order, np.arange(self.classes), axis=-1)
        return places

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Place of each class where equal scores share one, from 0: like ``positions``."""
        ordered = np.take_along_axis(self.scores, self.order, axis=-1)
        steps = np.zeros(ordered.shape, np.int64)
        np.cumsum(ordered[..., 1:] != ordered[..., :-1], axis=-1, out=steps[..., 1:])
        levels = np.empty_like(steps)
        np.put_along_axis(levels, self.order, steps, axis=-1)
        return levels


Scores = NDArray[Any] | Ranking
"""An output of shape (rows, ..., classes), or its ranking where it is at hand."""


def ranked(output: Scores) -> Ranking:
    """The ranking of an output; a ranking is its own."""
    return output if isinstance(output, Ranking) else Ranking.of(output)


def predictions(output: Scores) -> NDArray[np.int64]:
    """Class of each image: shape (rows, ..., classes) → int64 (rows, images in a row).

    Ties go to the lowest index; an image whose scores hold a NaN has ``NO_CLASS``.
    """
    return ranked(output).predictions
