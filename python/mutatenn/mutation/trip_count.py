"""How often a kernel's statements run, where its loop nest says so before it runs."""

from __future__ import annotations

import math
from typing import Any

from tvm import sym, tirx
from tvm.s_tir import SBlock, SBlockRealize

SUSPICIOUS = 100
"""A mutant that runs more than so many times the original's statements counts as a hang."""


def trip_count(stmt: Any) -> int | None:
    """Executions of stores and evaluations under a statement, every branch counted as taken.

    Args:
        stmt: a TIR statement or a PrimFunc's body.

    Returns:
        The number; ``None`` where an extent is not a constant, or a loop ends on a condition.
    """
    if isinstance(stmt, tirx.While):
        return None
    if isinstance(stmt, tirx.For):
        extent = sym.Analyzer().simplify(stmt.extent)
        inside = trip_count(stmt.body)
        if inside is None or not isinstance(extent, tirx.IntImm):
            return None
        return max(0, int(extent)) * inside
    children = _children(stmt)
    return _total(children) if children else 1


def never_ends(original: Any, mutant: Any) -> str:
    """Why a mutated kernel counts as one that hangs; empty if its loop nest does not say so.

    Args:
        original: the PrimFunc before the mutation.
        mutant: the PrimFunc after it.
    """
    before, after = trip_count(original.body), trip_count(mutant.body)
    if before is None or after is None or after <= SUSPICIOUS * max(before, 1):
        return ""
    times = math.floor(after / max(before, 1))
    return f"its loops run {times} times as often as the original's ({after} and {before})"


def _children(stmt: Any) -> list[Any]:
    """The statements that a statement runs once each."""
    if isinstance(stmt, tirx.SeqStmt):
        return list(stmt.seq)
    fields = {
        tirx.IfThenElse: ("then_case", "else_case"),
        tirx.AttrStmt: ("body",),
        SBlockRealize: ("block",),
        SBlock: ("init", "body"),
    }
    held = [getattr(stmt, name) for name in fields.get(type(stmt), ())]
    return [child for child in held if child is not None]


def _total(statements: list[Any]) -> int | None:
    counts = [trip_count(one) for one in statements]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
