"""How many examples hypothesis draws for a property, and which.

``MUTATENN_PROPERTY_EXAMPLES`` asks for so many, drawn anew each time; without it they are few, and
the same ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

ASKED_FOR = int(os.environ.get("MUTATENN_PROPERTY_EXAMPLES", "0"))
"""Examples of each property; 0 where nobody asks for more than the few."""


def drawn(test: Callable[[Any], None], few: int, strategy: Any, number: int = 0) -> None:
    """Try a property on examples.

    Args:
        test: fails where the property does not hold.
        few: how many examples there are by default.
        strategy: draws what the test is given.
        number: other examples for each.
    """
    chosen = settings(
        max_examples=ASKED_FOR or few,
        deadline=None,
        database=None,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    draws: Any = given(strategy)
    same_each_time: Any = seed(number)
    ready = chosen(draws(test))
    (ready if ASKED_FOR else same_each_time(ready))()
