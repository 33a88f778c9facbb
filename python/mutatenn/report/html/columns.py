"""Columns of a large table as compact JSON: words once, and numbers as packed integers."""

from __future__ import annotations

import base64
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

Word = TypeVar("Word", bound=Hashable)
WIDTHS = (1, 2, 4)
"""Bytes that an integer of a column may have; the fewest that hold the largest are taken."""


def packed(numbers: Sequence[int]) -> dict[str, Any]:
    """Integers, 0 to 2³² - 1, as base64 of little-endian bytes.

    Raises:
        ValueError: a number does not fit.
    """
    largest = max(numbers, default=0)
    width = next((w for w in WIDTHS if largest < 256**w), None)
    if width is None or min(numbers, default=0) < 0:
        raise ValueError(f"{largest} or a negative number in a column of unsigned 32-bit integers")
    data = np.asarray(numbers, f"<u{width}").tobytes()
    return {"width": width, "data": base64.b64encode(data).decode()}


def packed_bits(bits: Any) -> str:
    """A bool array, row by row, as base64 of its bits, the first one in the highest place."""
    return base64.b64encode(np.packbits(np.asarray(bits, np.bool_)).tobytes()).decode()


class Words(Generic[Word]):
    """A column of few different values: each is kept once, rows hold its number."""

    def __init__(self, known: Iterable[Word] = ()) -> None:
        """Begin with values that have the first numbers, whether or not a row has them."""
        self._numbers: dict[Word, int] = {word: at for at, word in enumerate(dict.fromkeys(known))}
        self._rows: list[int] = []

    def add(self, word: Word) -> None:
        """Add a row."""
        self._rows.append(self.number(word))

    def number(self, word: Word) -> int:
        """The number of a value."""
        return self._numbers.setdefault(word, len(self._numbers))

    @property
    def words(self) -> list[Word]:
        """The values, in the order of their numbers."""
        return list(self._numbers)

    def to_dict(self) -> dict[str, Any]:
        """The column, as ``js/columns.js`` reads it."""
        return {"words": self.words, "rows": packed(self._rows)}
