"""Likeness of two orders of all classes, one value per row: RBO and Kendall's tau.

As in ``class_metrics``: answers have the shape (rows, ..., classes), a row counts with its worst
image, and a NaN in either answer makes the value NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.class_metrics import worst
from mutatenn.oracle.inversions import inversions
from mutatenn.oracle.ranking import Ranking, Scores, ranked

PERSISTENCE = 0.9
"""RBO's p when nothing else is asked for: the first ten ranks carry 86 % of the weight."""


def rbo(golden: Scores, answer: Scores, p: float = PERSISTENCE) -> NDArray[np.float64]:
    r"""Rank-biased overlap, extrapolated, of the orders of all classes: float64 (rows,).

    W. Webber, A. Moffat, J. Zobel: A similarity measure for indefinite rankings. ACM TOIS 28(4),
    2010, equation 30, for both lists evaluated to the depth n, the number of classes:
    ``RBO = X_n/n * p^n + (1-p)/p * sum_{d=1..n} X_d/d * p^d``, where X_d is how many classes both
    have among their first d. Equal scores rank by the lowest index first. From 0 to 1; 1 exactly
    for the same order.

    Args:
        golden: the reference.
        answer: what is compared with it.
        p: persistence, above 0 and below 1; the smaller, the more the first ranks count.

    Raises:
        ValueError: ``p`` is out of its range.
    """
    if not 0 < p < 1:
        raise ValueError(f"p is {p}, and must be above 0 and below 1")
    reference, given = ranked(golden), ranked(answer)
    # A class is in both lists from the deeper of its two places on.
    deeper = np.maximum(reference.positions, given.positions).reshape(-1, reference.classes)
    cells = deeper + np.arange(deeper.shape[0])[:, np.newaxis] * reference.classes
    new = np.bincount(cells.ravel(), minlength=cells.size).reshape(reference.positions.shape)
    depths = np.arange(1, reference.classes + 1)
    missing = 1 - np.cumsum(new, axis=-1) / depths
    # Both lists hold all classes, X_n = n: the formula as its distance from 1 is exact at 1.
    value = 1 - ((1 - p) * p ** (depths - 1.0) * missing).sum(axis=-1)
    return worst(_or_nan(value, reference, given))


def kendall_tau(golden: Scores, answer: Scores) -> NDArray[np.float64]:
    """Kendall's tau-b of the classes' ranks by score: float64 (rows,).

    M. G. Kendall: The treatment of ties in ranking problems. Biometrika 33(3), 1945:
    ``(C - D) / sqrt((P - T) * (P - U))`` over the P pairs of classes, C in the same order in both
    answers, D in opposite orders, T tied in golden, U tied in the answer. Equal scores share a
    rank: here alone a tie is no order. From -1 to 1. Where all classes tie in an answer the
    formula is 0/0; the value is then 1 if they all tie in both, else 0.
    """
    reference, given = ranked(golden), ranked(answer)
    shape, classes = reference.levels.shape, reference.classes
    one = reference.levels.reshape(-1, classes)
    other = given.levels.reshape(-1, classes)
    joint = np.sort(one * classes + other, axis=-1)
    pairs = classes * (classes - 1) // 2
    tied = _tied_pairs(np.sort(one, axis=-1))
    tied_other = _tied_pairs(np.sort(other, axis=-1))
    against = inversions(joint % classes)
    # Concordant pairs are those neither tied in any answer nor discordant.
    difference = pairs - tied - tied_other + _tied_pairs(joint) - 2 * against
    untied, untied_other = pairs - tied, pairs - tied_other
    scale = np.sqrt(untied.astype(np.float64) * untied_other)
    both_tied = (untied == 0) & (untied_other == 0)
    tau = np.where(scale == 0, both_tied, difference / np.where(scale == 0, 1, scale))
    return worst(_or_nan(tau.reshape(shape[:-1]), reference, given))


def _or_nan(value: NDArray[np.float64], reference: Ranking, given: Ranking) -> NDArray[np.float64]:
    return np.where(reference.nan | given.nan, np.nan, value)


def _tied_pairs(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of equal values in each sorted row: (rows, n) → int64 (rows,)."""
    index = np.arange(values.shape[-1])
    starts = np.zeros(values.shape, np.int64)
    starts[:, 1:] = np.where(values[:, 1:] != values[:, :-1], index[1:], 0)
    # The m-th of a run of equal values, from 0, is tied with m before it.
    return np.asarray((index - np.maximum.accumulate(starts, axis=-1)).sum(axis=-1), np.int64)
