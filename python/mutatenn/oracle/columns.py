"""The columns of the evidence: what each says, and what it says of an answer that is golden's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from mutatenn.oracle import metrics
from mutatenn.oracle.ranking import Ranking

ClassMeasure = Callable[[Ranking, Ranking], NDArray[Any]]
ValueMeasure = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]


@dataclass(frozen=True)
class Column:
    """A measure that is stored per input; ``neutral`` is its value for an unchanged answer.

    Attributes:
        name: Its name in the evidence and in reports.
        dtype: Its NumPy type, little-endian.
        neutral: What an answer that is golden's bit for bit has.
        meaning: One sentence.
    """

    name: str
    dtype: str
    neutral: float
    meaning: str


@dataclass(frozen=True)
class ClassColumn(Column):
    """Compares the order of the classes; one value per input."""

    measure: ClassMeasure


@dataclass(frozen=True)
class ValueColumn(Column):
    """Compares values; one value per input and model output."""

    measure: ValueMeasure


def _ordered_topk(golden: Ranking, answer: Ranking) -> NDArray[Any]:
    return metrics.topk_agreement(golden, answer, ordered=True)


CLASS_COLUMNS = (
    ClassColumn("top1", "?", 1, "the same first class", metrics.top1_agreement),
    ClassColumn("top5_set", "?", 1, "the same five first classes", metrics.topk_agreement),
    ClassColumn("top5_order", "?", 1, "the same five first classes in order", _ordered_topk),
    ClassColumn("top5_jaccard", "<f8", 1, "Jaccard index of the five first", metrics.jaccard),
    ClassColumn("rbo", "<f8", 1, "rank-biased overlap, p = 0.9", metrics.rbo),
    ClassColumn("kendall_tau", "<f8", 1, "Kendall's tau-b of the ranks", metrics.kendall_tau),
)
"""Present where the model is a classifier; NaN or False with a NaN among the scores."""

VALUE_COLUMNS = (
    ValueColumn("max_abs_error", "<f8", 0, "largest |a - g|", metrics.max_abs_error),
    ValueColumn("max_rel_error", "<f8", 0, "largest |a - g| / |g|", metrics.max_rel_error),
    ValueColumn("max_ulp", "<u8", 0, "largest distance in ULP", metrics.max_ulp),
    ValueColumn("relative_l2", "<f8", 0, "||a - g|| / ||g||", metrics.relative_l2),
    ValueColumn("cosine", "<f8", 1, "cosine of the angle to golden", metrics.cosine),
    ValueColumn("new_nan", "<u4", 0, "elements that became NaN", metrics.new_nan),
    ValueColumn("new_inf", "<u4", 0, "elements that became infinite", metrics.new_inf),
)
"""Present for every model."""


def by_name() -> dict[str, Column]:
    """All columns, in their order."""
    columns: tuple[Column, ...] = (*CLASS_COLUMNS, *VALUE_COLUMNS)
    return {column.name: column for column in columns}
