"""How often a kernel's statements run, where its loop nest says so before it runs."""

from __future__ import annotations

import math
from typing import Any

from tvm import sym, tirx
from tvm.s_tir import SBlock, SBlockRealize

SUSPICIOUS = 100
"""A mutant that runs more than so many times the original's statements counts as a hang."""


def trip_count(stmt: Any) -> int | None:
    """Elements stored and expressions evaluated under a statement, all branches taken.

    Args:
        stmt: a TIR statement or a PrimFunc's body.

    Returns:
        The number; ``None`` where an extent is not a constant, or a loop ends on a condition.
    """
    if isinstance(stmt, tirx.While):
        return None
    if isinstance(stmt, tirx.For):
        rounds = static_rounds(stmt)
        inside = trip_count(stmt.body)
        return None if inside is None or rounds is None else rounds * inside
    children = statements_in(stmt)
    return _total(children) if children else _elements(stmt)


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


def static_rounds(loop: Any) -> int | None:
    """Iterations of a ``For``; ``None`` if its extent does not say, or its body may leave it."""
    extent = sym.Analyzer().simplify(loop.extent)
    step = tirx.IntImm("int32", 1) if loop.step is None else sym.Analyzer().simplify(loop.step)
    constant = isinstance(extent, tirx.IntImm) and isinstance(step, tirx.IntImm)
    if not constant or int(step) < 1 or may_leave(loop.body):
        return None
    return max(0, -(-int(extent) // int(step)))


def may_leave(body: Any) -> bool:
    """Whether a loop with this body may end before its extent: by a break or a return."""
    return _has(body, (tirx.Break, tirx.Return), ("tirx.break_loop", "tirx.ret"))


def statements_in(stmt: Any) -> list[Any]:
    """The statements that a statement other than a loop runs, each at most once."""
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


def _has(stmt: Any, kinds: tuple[type, ...], operations: tuple[str, ...]) -> bool:
    """Whether a statement of one of these kinds, or a call of one of these operations, runs."""
    if isinstance(stmt, kinds):
        return True
    if isinstance(stmt, tirx.Evaluate):
        return getattr(getattr(stmt.value, "op", None), "name", "") in operations
    if isinstance(stmt, (tirx.For, tirx.While)):
        # A break ends the loop that it stands in, and no other.
        return _has(stmt.body, (tirx.Return,), ("tirx.ret",))
    return any(_has(child, kinds, operations) for child in statements_in(stmt))


def _elements(stmt: Any) -> int:
    """Elements that a statement stores at once; 1 for any other statement."""
    return int(stmt.value.ty.dtype.lanes) if isinstance(stmt, tirx.BufferStore) else 1


def _total(statements: list[Any]) -> int | None:
    counts = [trip_count(one) for one in statements]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
