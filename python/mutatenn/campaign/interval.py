"""Wilson's interval of a proportion: campaigns stop by it, and reports print it."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


def wilson_interval(successes: float, trials: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for a proportion; weighted counts may have fractions.

    Source: E. B. Wilson, JASA 22(158), 1927; equation 4 in Brown, Cai and DasGupta, Statistical
    Science 16(2), 2001.

    Raises:
        ValueError: ``trials`` is not positive, or ``successes`` is not within it.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    share = successes / trials
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    centre = share + z * z / (2 * trials)
    scale = 1 + z * z / trials
    # Rounding leaves the bounds of 0 and of all successes a hair off 0 and 1.
    low = (centre - spread) / scale if successes else 0.0
    high = (centre + spread) / scale if successes < trials else 1.0
    return low, high
