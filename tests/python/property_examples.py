"""How many examples hypothesis draws for a property, and which; and what another process sees.

``MUTATENN_PROPERTY_EXAMPLES`` asks for so many, drawn anew each time; without it they are few, and
the same ones each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
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


def ids_elsewhere(modules: list[str], operators: Iterable[str]) -> list[list[str]]:
    """Ids of all mutants of saved modules, found by another process with other hashes of text."""
    script = (
        "import json, sys, tvm\n"
        "from mutatenn.mutation.enumeration import enumerate_mutants\n"
        "operators, modules = json.load(sys.stdin)\n"
        "found = [enumerate_mutants(tvm.ir.load_json(text), operators, redundant=True)\n"
        "         for text in modules]\n"
        "print(json.dumps([[mutant.id for mutant in each] for each in found]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps([list(operators), modules]),
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found
