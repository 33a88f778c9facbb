"""All measures of how far an answer is from the golden one, gathered from their files."""

from mutatenn.oracle.class_metrics import (
    jaccard,
    same_class_for_every_input,
    top1_agreement,
    topk_agreement,
)
from mutatenn.oracle.deviations import cosine, max_abs_error, max_rel_error, relative_l2
from mutatenn.oracle.rank_metrics import kendall_tau, rbo
from mutatenn.oracle.ranking import Ranking, predictions
from mutatenn.oracle.special_values import new_inf, new_nan
from mutatenn.oracle.ulp import max_ulp

__all__ = [
    "Ranking",
    "cosine",
    "jaccard",
    "kendall_tau",
    "max_abs_error",
    "max_rel_error",
    "max_ulp",
    "new_inf",
    "new_nan",
    "predictions",
    "rbo",
    "relative_l2",
    "same_class_for_every_input",
    "top1_agreement",
    "topk_agreement",
]
