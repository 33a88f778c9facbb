"""Parameters of oracles: reading them from text, and saying what each takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Parameter:
    """A parameter as users write it after the oracle's name.

    Attributes:
        name: What stands before ``=``.
        takes: What its value must be, for messages: "a whole number of at least 1".
        read: Text to value; None for text that says no such value.
        default: The value when it is left out, as text; None when the oracle decides.
    """

    name: str
    takes: str
    read: Callable[[str], Any]
    default: str | None = None


def number(
    name: str, takes: str, good: Callable[[Decimal], bool], default: str | None = None
) -> Parameter:
    """A decimal number, read exactly, that ``good`` accepts."""

    def read(text: str) -> Decimal | None:
        value = Decimal(text) if _NUMBER.fullmatch(text) else None
        if value is None or not good(value):
            return None
        return value if value else Decimal(0)  # -0 would be another name for 0

    return Parameter(name, takes, read, default)


def whole(name: str, least: int, default: str | None = None) -> Parameter:
    """A whole number of at least ``least``."""

    def read(text: str) -> int | None:
        value = int(text) if _WHOLE.fullmatch(text) else None
        return value if value is not None and value >= least else None

    return Parameter(name, f"a whole number of at least {least}", read, default)


def choice(name: str, values: dict[str, Any], default: str) -> Parameter:
    """One of a few words, each with its value."""
    return Parameter(name, " or ".join(values), values.get, default)
