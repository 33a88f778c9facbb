"""What a reader must know of a campaign before its figures: how it departs from the ordinary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_POISON = (
    "memory is left as it is: nothing is filled before a kernel runs, and nobody looks for reads "
    "of uninitialised memory (--no-poison)"
)
ALIGN = "mutants are planted at stage tensor, in kernels that all devices share (--align)"


def notes(options: Mapping[str, Any]) -> list[str]:
    """A sentence for each such option.

    Args:
        options: as the manifest holds them; earlier ones lack some.
    """
    told = []
    if not options.get("poison", True):
        told.append(NO_POISON)
    if options.get("align", False):
        told.append(ALIGN)
    return told
