"""How often the score's interval of a sample holds the score of all, found by drawing samples."""

from __future__ import annotations

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from mutatenn.analysis.score import Z95, denominator, wilson_interval

Interval = Callable[[int, int, int], tuple[float, float]]
"""Of killed, counted, and the number of runnable mutants that there are."""


@dataclasses.dataclass(frozen=True)
class Coverage:
    """What samples of one size show.

    Attributes:
        size: runnable mutants in each sample.
        held: share of the samples whose interval holds the score of all, 0 to 1.
        width: the intervals' mean width.
    """

    size: int
    held: float
    width: float


def plain(killed: int, counted: int, population: int) -> tuple[float, float]:
    """Wilson's interval as reports have it: as if mutants were drawn from endlessly many."""
    return wilson_interval(killed, counted)


def corrected(killed: int, counted: int, population: int) -> tuple[float, float]:
    """Wilson's interval for a sample without replacement from ``population`` mutants.

    The variance is that of the plain one times (N - n) / (N - 1), W. G. Cochran, Sampling
    Techniques (3rd ed., 1977), section 2.6: the interval of so many more trials.
    """
    if counted >= population:
        return killed / counted, killed / counted
    factor = math.sqrt((population - counted) / (population - 1))
    return wilson_interval(killed, counted, Z95 * factor)


def coverage(
    verdicts: Mapping[str, str],
    sizes: Sequence[int],
    interval: Interval,
    draws: int = 2_000,
    seed: int = 0,
) -> list[Coverage]:
    """Draw samples as a campaign does, many times, and count intervals that hold the full score.

    Args:
        verdicts: of every runnable mutant, by id.
        sizes: of the samples; of a draw, a larger sample contains the smaller.
        interval: gives a sample's interval.
        draws: samples of each size.
        seed: of the first; each draw has the next.

    Raises:
        ValueError: no mutant counts, or a size is not from 1 to the number of mutants.
    """
    if any(not 1 <= size <= len(verdicts) for size in sizes):
        raise ValueError(f"samples of {sizes} of {len(verdicts)} mutants")
    killed, counted = _tally(verdicts.values())
    if not counted:
        raise ValueError("no mutant counts")
    full = killed / counted
    held, widths = [0] * len(sizes), [0.0] * len(sizes)
    order = [verdicts[mutant] for mutant in sorted(verdicts)]
    for draw in range(draws):
        drawn = order.copy()
        random.Random(seed + draw).shuffle(drawn)
        for index, size in enumerate(sizes):
            hits, trials = _tally(drawn[:size])
            # Without a mutant that counts there is no score: anything is possible.
            low, high = interval(hits, trials, counted) if trials else (0.0, 1.0)
            held[index] += low - 1e-12 <= full <= high + 1e-12
            widths[index] += high - low
    return [
        Coverage(size, held[index] / draws, widths[index] / draws)
        for index, size in enumerate(sizes)
    ]


def _tally(verdicts: Iterable[str]) -> tuple[int, int]:
    """Killed mutants, and those that count."""
    found = Counter(verdicts)
    return found["killed"], denominator(found)
