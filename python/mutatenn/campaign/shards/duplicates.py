"""The sentences that say whose code a mutant's is, and the id in them."""

from __future__ import annotations

_TWIN = "after TVM's remaining passes the kernel is structurally equal to "
_SAME = "the same {what} as "


def twin_reason(mutant: str | None) -> str:
    """Lowered code is that of an earlier mutant, or the original's where there is none."""
    return _TWIN + ("the original's" if mutant is None else f"that of {mutant}")


def artifact_reason(mutant: str, *, program: bool) -> str:
    """Object code is that of an earlier mutant; ``program`` where it is a whole program's."""
    return _SAME.format(what="lowered program" if program else "compiled kernel") + mutant


def named_in(reason: str) -> str:
    """The mutant that such a sentence on a duplicate names."""
    return reason.rsplit(" ", 1)[-1]
