"""What of a printed function a mutation replaces, and by what."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from mutatenn.mutation.printed import Span


@dataclasses.dataclass(frozen=True)
class Change:
    """Text of the mutant, and the part of the original in whose place it stands."""

    span: Span
    text: str


def change(original: str, mutated: str, span: Span) -> Change:
    """The smallest change that can be told.

    That is the span itself where the rest of its lines is as it was: what else differs then (the
    regions that a block says it reads) only follows from it. Else all lines from the first to the
    last that differ.

    Args:
        original: the printed function.
        mutated: the mutant, printed.
        span: the printed part that holds the mutated node.
    """
    old, new = original.splitlines(), mutated.splitlines()
    if len(old) == len(new):
        own = _in_place(old, new, span)
        if own is not None:
            return Change(span, own)
    return _lines(old, new)


def _in_place(old: Sequence[str], new: Sequence[str], span: Span) -> str | None:
    """What stands in the span's place, ``None`` where its lines differ elsewhere."""
    first, last = span.start_line - 1, span.end_line - 1
    before, after = old[first][: span.start_column - 1], old[last][span.end_column - 1 :]
    text = "\n".join(new[first : last + 1])
    fits = len(before) + len(after) <= len(text)
    if not (fits and text.startswith(before) and text.endswith(after)):
        return None
    text = text[len(before) : len(text) - len(after)]
    was = "\n".join(old[first : last + 1])
    return None if text == was[len(before) : len(was) - len(after)] else text


def _lines(old: Sequence[str], new: Sequence[str]) -> Change:
    """Whole lines, at least one of the original."""
    most = min(len(old), len(new))
    first = next((i for i in range(most) if old[i] != new[i]), most)
    end = next((i for i in range(most - first) if old[-1 - i] != new[-1 - i]), most - first)
    if first + end == len(old):
        # Lines that are only added stand after one that stays, or before the first of all.
        first, end = (first - 1, end) if first else (0, end - 1)
    last = len(old) - end
    span = Span(first + 1, 1, last, len(old[last - 1]) + 1)
    return Change(span, "\n".join(new[first : len(new) - end]))
