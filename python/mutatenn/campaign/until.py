"""Sampling until the score is known well enough: how many mutants that takes."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence

from mutatenn.campaign.interval import Z95, wilson_interval
from mutatenn.campaign.verdict import AWAY
from mutatenn.errors import InputError
from mutatenn.mutation.mutant import Mutant

_COUNTED = ("killed", "survived", "not_reached")
_LEAST_STEP = 0.05
"""At least so much more of the sample, in proportion, before the next look."""


def half_width(text: str) -> float:
    """Read ``±2%``, ``2%`` or ``0.02``: half the width of an interval, as a share of 1.

    Raises:
        InputError: it is none of these, or not between 0 and 50 %.
    """
    found = re.fullmatch(r"(?:±|\+-|\+/-)?\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?)", text.strip())
    width = None if found is None else float(found[1]) / (100 if found[2] else 1)
    if width is None or not 0 < width < 0.5:
        raise InputError(
            f"{text!r} is no half-width of an interval; give one between 0 and 50 %, such as ±2% "
            "or 0.02"
        )
    return width


@dataclasses.dataclass(frozen=True)
class Until:
    """Runnable mutants are taken until Wilson's 95 % interval is narrow enough.

    It is looked at whenever so many have run that it would be narrow enough had the score stayed
    what it was at the last look; first, when it could be at all. So what is taken follows from the
    verdicts in the manifest's order: neither from how many run at once, nor from resumptions.

    Attributes:
        half_width: of the interval, as a share of 1.
        most: so many runnable mutants at most; ``None`` for all.
    """

    half_width: float
    most: int | None = None

    def size(self, mutants: Sequence[Mutant], verdicts: Mapping[str, str]) -> int:
        """How many runnable mutants are wanted, as far as the verdicts tell.

        Args:
            mutants: the manifest's, in its order.
            verdicts: by mutant; an empty one stands for a mutant in flight.
        """
        size = self._capped(self.needed(0, 1))
        killed = counted = runnable = 0
        for mutant in mutants:
            verdict = verdicts.get(mutant.id, "")
            if not verdict:
                return size  # it cannot be looked at yet
            if verdict in AWAY:
                continue
            runnable += 1
            if verdict in _COUNTED and not mutant.semantics_preserving:
                counted += 1
                killed += verdict == "killed"
            if runnable < size:
                continue
            if runnable == self.most or (counted and self.reached(killed, counted)):
                return size
            more = self.needed(killed, counted) - counted if counted else 1
            step = math.ceil(_LEAST_STEP * size)
            size = self._capped(size + max(more, step, 1))
        return size

    def reached(self, killed: int, counted: int) -> bool:
        """Whether the interval of a score is narrow enough."""
        low, high = wilson_interval(killed, counted)
        return (high - low) / 2 <= self.half_width

    def needed(self, killed: int, counted: int) -> int:
        """So many mutants make the interval narrow enough, where the score is what it is.

        With ``n`` of them it solves ``z² p (1 - p) / n + z⁴ / 4 n² <= h² (1 + z² / n)²``, which is
        quadratic in ``n``.
        """
        share, square, z2 = killed / counted, self.half_width**2, Z95 * Z95
        b = 2 * square * z2 - z2 * share * (1 - share)
        c = square * z2 * z2 - z2 * z2 / 4
        return math.ceil((-b + math.sqrt(b * b - 4 * square * c)) / (2 * square) - 1e-9)

    def _capped(self, size: int) -> int:
        return size if self.most is None else min(size, self.most)
