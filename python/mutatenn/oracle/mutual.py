"""What an oracle says of two answers, neither of which is golden: each is taken for it in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.oracle.base import Labels, Oracle, RowOracle, SetOracle
from mutatenn.oracle.judgement import judge
from mutatenn.oracle.outputs import Flags, Outputs, changed_rows, nan_mask, taken


def share_failing(
    oracle: Oracle,
    golden: Outputs,
    answer: Outputs,
    labels: Labels | None,
    answer_b: Outputs | None = None,
) -> float:
    """The share of inputs on which a rule refuses an answer, 0 to 1, as a campaign judges it.

    With a second answer, under another fill pattern, each input counts with the worse one. Of a
    rule on the whole set it is 1 where that fails, else 0.
    """
    found = judge([oracle], golden, answer, answer_b, labels)
    of_set = found.of_set[0]
    return _mean(found.failing) if of_set is None else float(of_set.failed)


def failing(oracle: Oracle, golden: Outputs, answer: Outputs, labels: Labels | None) -> Flags:
    """Inputs on which a rule refuses an answer: bool (rows,); none for one on the whole set.

    Answers that are golden's bit for bit are accepted unseen, as in a campaign.
    """
    found = np.zeros(golden[0].shape[0], np.bool_)
    if not isinstance(oracle, RowOracle):
        return found
    rows = np.flatnonzero(changed_rows(golden, answer))
    if rows.size:
        of_rows = None if labels is None else labels[rows]
        found[rows] = oracle.judge(taken(golden, rows), taken(answer, rows), of_rows).failed
    return found


def share_disputed(
    oracle: Oracle,
    golden: tuple[Outputs, Outputs],
    answers: tuple[Outputs, Outputs],
    labels: Labels | None,
) -> float:
    """The share of inputs on which a rule does not accept one device's answer beside another's.

    A rule per input judges each answer with the other taken for golden, and refuses the input if
    it refuses either; of ``label``, that is where one is right and the other is not. A rule on the
    whole set is asked of each device's own golden answers, and the outcomes are compared: 1 where
    they differ, else 0. NaN in the same places counts as equal.

    Args:
        oracle: the rule.
        golden: the original's answers on either device.
        answers: the mutant's.
        labels: class index of each row, for rules that need them.
    """
    if isinstance(oracle, SetOracle):
        told = [
            oracle.judge(own, answer, labels).failed
            for own, answer in zip(golden, answers, strict=True)
        ]
        return float(told[0] != told[1])
    first, second = (_one_nan(answer) for answer in answers)
    refused = failing(oracle, first, second, labels) | failing(oracle, second, first, labels)
    return _mean(refused)


def _one_nan(outputs: Outputs) -> list[NDArray[Any]]:
    """The same answers with one pattern of bits for all NaN, which machines choose differently."""
    found = []
    for output in outputs:
        nan, plain = nan_mask(output), output.copy()
        if nan.any():
            plain[nan] = float("nan")
        found.append(plain)
    return found


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else 0.0
