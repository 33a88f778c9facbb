"""The score of a whole population from a stratified sample, each stratum weighted by its size."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

from mutatenn.analysis.score import wilson_interval

_COUNTED = ("killed", "survived", "not_reached")


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What is estimated of all runnable mutants.

    Attributes:
        score: the weighted score, 0 to 1.
        interval: at 95 %, of a simple random sample of ``effective`` mutants.
        effective: as many mutants tell as much; at most those that count.
        strata: how many strata the sample has mutants of.
    """

    score: float
    interval: tuple[float, float]
    effective: float
    strata: int


def estimated(taken: Iterable[tuple[str, str]], sizes: Mapping[str, int]) -> Estimate | None:
    """The combined ratio estimate over strata; ``None`` where no mutant counts.

    A mutant of a stratum of ``N`` of which ``m`` were taken, runnable or not, stands for ``N / m``:
    W. G. Cochran, Sampling Techniques, 3rd edition, 1977, 6.11. Under proportional allocation all
    weights are about the same, and so are this score and the plain one. The interval is Wilson's
    for Kish's effective size, ``(Σw)² / Σw²`` (L. Kish, Survey Sampling, 1965, 11.7). What
    stratification gains is not taken off its width: it is cautious.

    Args:
        taken: stratum and verdict of each mutant that was taken, those proved away too; without
            those that are in no score.
        sizes: mutants in each stratum.
    """
    rows = list(taken)
    seen = Counter(stratum for stratum, _ in rows)
    weighted = [
        (sizes[stratum] / seen[stratum], verdict)
        for stratum, verdict in rows
        if verdict in _COUNTED
    ]
    total = sum(weight for weight, _ in weighted)
    if not weighted:
        return None
    killed = sum(weight for weight, verdict in weighted if verdict == "killed")
    effective = total**2 / sum(weight**2 for weight, _ in weighted)
    share = min(killed / total, 1.0)
    low, high = wilson_interval(min(share * effective, effective), effective)
    return Estimate(share, (low, high), effective, len(seen))
