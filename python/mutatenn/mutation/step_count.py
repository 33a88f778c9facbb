"""A kernel that computes what it did and tells, while it runs, how many steps its loops take.

A step is what ``trip_count`` counts: an element stored or an expression evaluated.
"""

from __future__ import annotations

from typing import Any

from tvm import tirx

from mutatenn.mutation.trip_count import may_leave, statements_in, static_rounds, trip_count

COUNTER = "mutatenn_count_steps"
"""What the kernel calls with two int64, rounds and steps of each; ``protocol.h`` describes it."""
_LARGEST = 2**63 - 1


def count_steps(func: Any) -> Any:
    """The PrimFunc with a call of ``COUNTER`` before all that is about to run.

    What the loop nest says is told once, on entry; a loop whose extent is no constant is told when
    it is entered, and each iteration of a loop that ends on a condition, or may be left, when it
    begins. The sum is at least the steps taken, all branches taken.

    Args:
        func: a PrimFunc of stage kernel; it is not changed.

    Raises:
        ValueError: a loop stands inside a statement that flat TIR does not have.
    """
    steps, body = _counted(func.body)
    told = [_told(_int64(1), steps), body] if steps else [body]
    return tirx.PrimFunc(func.params, tirx.SeqStmt(told), func.ret_type, func.attrs)


def _counted(stmt: Any) -> tuple[int, Any]:
    """The steps that whoever runs the statement has to tell, and the statement telling the rest."""
    known = trip_count(stmt)
    if known is not None:
        return known, stmt
    if isinstance(stmt, tirx.While):
        steps, body = _counted(stmt.body)
        return 0, tirx.While(stmt.condition, _each(steps, body))
    if isinstance(stmt, tirx.For):
        return _counted_for(stmt)
    if isinstance(stmt, tirx.IfThenElse):
        steps, (then, *other) = _counted_all(statements_in(stmt))
        return steps, tirx.IfThenElse(stmt.condition, then, other[0] if other else None)
    if isinstance(stmt, tirx.AttrStmt):
        steps, body = _counted(stmt.body)
        return steps, tirx.AttrStmt(stmt.node, stmt.attr_key, stmt.value, body)
    if isinstance(stmt, tirx.SeqStmt):
        steps, parts = _counted_all(stmt.seq)
        return steps, tirx.SeqStmt(parts)
    raise ValueError(f"cannot count the loops inside a {type(stmt).__name__}")


def _counted_for(loop: Any) -> tuple[int, Any]:
    steps, body = _counted(loop.body)
    rounds = static_rounds(loop)
    if rounds is not None:
        return rounds * steps, _with_body(loop, body)
    if may_leave(loop.body):
        return 0, _with_body(loop, _each(steps, body))
    if loop.step is not None:
        raise ValueError("cannot count the rounds of a loop whose step is not 1")
    told = _told(tirx.Cast("int64", loop.extent), max(steps, 1))
    return 0, tirx.SeqStmt([told, _with_body(loop, body)])


def _counted_all(statements: Any) -> tuple[int, list[Any]]:
    counted = [_counted(stmt) for stmt in statements]
    return sum(steps for steps, _ in counted), [stmt for _, stmt in counted]


def _with_body(loop: Any, body: Any) -> Any:
    return tirx.For(
        loop.loop_var,
        loop.min,
        loop.extent,
        loop.kind,
        body,
        loop.thread_binding,
        loop.annotations,
        loop.step,
    )


def _each(steps: int, body: Any) -> Any:
    """The body of a loop that tells each iteration."""
    return tirx.SeqStmt([_told(_int64(1), max(steps, 1)), body])


def _told(rounds: Any, steps: int) -> Any:
    call = tirx.call_extern("int32", COUNTER, rounds, _int64(min(steps, _LARGEST)))
    return tirx.Evaluate(call)


def _int64(value: int) -> Any:
    return tirx.IntImm("int64", value)
