"""Oracles: the user's rule for accepting an answer, judged per input against the golden answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mutatenn.errors import InputError

Outputs = Sequence[np.ndarray]
"""One array per model output, shape (rows, *output shape)."""


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What an oracle says of every input: bool arrays of shape (rows,).

    ``nan`` marks the failures that a NaN alone decides.
    """

    failed: np.ndarray
    nan: np.ndarray


@dataclasses.dataclass(frozen=True)
class Oracle:
    """A named rule; ``kind`` is what a kill by it is called: ``label`` or ``numeric``."""

    name: str
    kind: str
    judge: Callable[[Outputs, Outputs], Judgement]


def parse_oracle(text: str) -> Oracle:
    """The oracle of that name.

    Raises:
        InputError: there is none.
    """
    known = {"top1": Oracle("top1", "label", _top1), "exact": Oracle("exact", "numeric", _exact)}
    if text not in known:
        raise InputError(f"there is no oracle {text!r}; choose one of: {', '.join(sorted(known))}")
    return known[text]


def predictions(output: np.ndarray) -> np.ndarray:
    """Class of each row: shape (rows, ..., classes) → int64 (rows, images in a row).

    Ties go to the lowest index; a NaN counts as the largest value, as in ``numpy.argmax``.
    """
    rows = output.reshape(output.shape[0], -1, output.shape[-1])
    found: np.ndarray = np.argmax(rows, axis=-1)
    return found


def require_classifier(asked: str, shapes: Sequence[tuple[int, ...]]) -> None:
    """Refuse models whose answers are no classes.

    Args:
        asked: what needs classes, for the message.
        shapes: shape of each model output, batch included.

    Raises:
        InputError: there is not exactly one output, or it has fewer than two classes.
    """
    if len(shapes) != 1 or not shapes[0] or shapes[0][-1] < 2:
        raise InputError(
            f"{asked} needs one output with two or more classes, the model's outputs have the "
            f"shapes {[tuple(shape) for shape in shapes]}; use --oracle exact, without labels"
        )


def _top1(golden: Outputs, answer: Outputs) -> Judgement:
    reference, given = golden[0], answer[0]
    nan = np.isnan(given.reshape(given.shape[0], -1)).any(axis=1)
    differs = (predictions(reference) != predictions(given)).any(axis=1)
    return Judgement(np.asarray(differs | nan), np.asarray(nan))


def _exact(golden: Outputs, answer: Outputs) -> Judgement:
    rows = golden[0].shape[0]
    differs, nan = np.zeros(rows, bool), np.zeros(rows, bool)
    for reference, given in zip(golden, answer, strict=True):
        differs |= (_bits(reference) != _bits(given)).any(axis=1)
        nan |= _new_nan(reference, given)
    return Judgement(differs, differs & nan)


def _bits(array: np.ndarray) -> np.ndarray:
    flat = np.ascontiguousarray(array).reshape(array.shape[0], -1)
    return flat.view(np.uint8)


def _new_nan(reference: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Rows with a NaN where the golden answer has none."""
    if not np.issubdtype(given.dtype, np.floating):
        return np.zeros(given.shape[0], bool)
    new: Any = np.isnan(given) & ~np.isnan(reference)
    return np.asarray(new.reshape(given.shape[0], -1).any(axis=1))
