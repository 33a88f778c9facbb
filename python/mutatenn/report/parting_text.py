"""Where devices part over a mutant, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def parting_text(parting: Mapping[str, Any]) -> str:
    """The sentence.

    Args:
        parting: an object of the journal's ``partings``.
    """
    one, other = parting["devices"]
    place = parting["place"]
    on = f" on input {parting['input']}" if parting["input"] else ""
    if place is None:
        return f"{one} and {other}{on}: {parting['reason']}"
    layers = f" ({', '.join(place['layers'])})" if place["layers"] else ""
    first, second = place["values"]
    return (
        f"{one} and {other} part{on} at launch {place['launch']}, {place['kernel']}{layers}: "
        f"{place['buffer']}[{place['index']}] is {first} on {one} and {second} on {other}, "
        f"rounding explains {place['tolerance']:.3g}"
    )
