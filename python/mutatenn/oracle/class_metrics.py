"""Agreement of the classes that two answers put first, one value per row.

Every function takes ``golden`` and ``answer`` of shape (rows, ..., classes) and any real type, or
their rankings. A row that holds several images counts with its worst one. Equal scores rank by the
lowest index first. Where either answer holds a NaN there is no order: truth values are False and
numbers NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.outputs import Flags
from mutatenn.oracle.ranking import NO_CLASS, Ranking, Scores, predictions, ranked

TOP = 5
"""How many classes count as the top when nothing else is asked for."""


def top1_agreement(golden: Scores, answer: Scores) -> Flags:
    """Whether both put the same class first: bool (rows,)."""
    reference, given = predictions(golden), predictions(answer)
    return np.asarray(((reference == given) & (given != NO_CLASS)).all(axis=1), np.bool_)


def topk_agreement(
    golden: Scores, answer: Scores, k: int | None = None, *, ordered: bool = False
) -> Flags:
    """Whether both have the same k classes on top: bool (rows,).

    Args:
        golden: the reference.
        answer: what is compared with it.
        k: 1 to the number of classes; 5, or all classes if there are fewer, when not given.
        ordered: the k classes must come in the same order too.

    Raises:
        ValueError: ``k`` is out of its range.
    """
    reference, given = ranked(golden), ranked(answer)
    k = _top(k, reference)
    if ordered:
        same = (reference.order[..., :k] == given.order[..., :k]).all(axis=-1)
    else:
        same = _shared(reference, given, k) == k
    return np.asarray((same & ~(reference.nan | given.nan)).all(axis=1), np.bool_)


def jaccard(golden: Scores, answer: Scores, k: int | None = None) -> NDArray[np.float64]:
    """Jaccard index of the sets of the k top classes, shared over all in either: float64 (rows,).

    From 0 to 1; ``k`` as in ``topk_agreement``.

    Raises:
        ValueError: ``k`` is out of its range.
    """
    reference, given = ranked(golden), ranked(answer)
    k = _top(k, reference)
    shared = _shared(reference, given, k)
    index = np.where(reference.nan | given.nan, np.nan, shared / (2 * k - shared))
    return worst(index)


def same_class_for_every_input(answer: Scores) -> bool:
    """Whether a model is stuck: two or more images, and one and the same class for all of them.

    An image whose scores hold a NaN has no class, so that a set with one is never stuck.
    """
    classes = predictions(answer).ravel()
    return bool(classes.size > 1 and classes[0] != NO_CLASS and (classes == classes[0]).all())


def worst(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lowest value of each row, NaN if there is one: (rows, images) → float64 (rows,)."""
    return np.asarray(values.min(axis=1, initial=1.0), np.float64)


def _top(k: int | None, ranking: Ranking) -> int:
    if k is None:
        return min(TOP, ranking.classes)
    if not 1 <= k <= ranking.classes:
        raise ValueError(f"k is {k}, and must be 1 to {ranking.classes}, the number of classes")
    return k


def _shared(reference: Ranking, given: Ranking, k: int) -> NDArray[np.int64]:
    """How many of the k top classes both have: int64 (rows, images)."""
    members = np.zeros(given.scores.shape, np.bool_)
    np.put_along_axis(members, reference.order[..., :k], True, axis=-1)
    shared = np.take_along_axis(members, given.order[..., :k], axis=-1)
    return np.asarray(shared.sum(axis=-1), np.int64)
