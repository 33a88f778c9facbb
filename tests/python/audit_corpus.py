"""The audit's corpus: planted mutants, and what must be said of each by construction."""

# mypy: disable-error-code="misc, assignment"
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tvm import tirx
from tvm.script import tirx as T  # noqa: N812

from audit_kernels import (
    CLASS,
    DEAD,
    ROWS,
    WIDTH,
    Loop,
    When,
    at,
    computing,
    demanding,
    endless,
    failing,
    gathering,
    good,
    greedy,
    never,
    only,
    original,
    reshaped,
    since,
    skipping,
    straying,
    until,
)

OUT_OF_BOUNDS = "writes out of bounds"
UNINITIALISED = "reads uninitialised memory"
MEMORY = "exceeds the memory limit"
STUCK = "gives one class for every input"


@dataclasses.dataclass(frozen=True)
class Planted:
    """A mutant and what must be said of it; ``first`` is the first failing row, -1 if none is.

    ``kernel`` makes the mutated PrimFunc for a kind of loop; ``None`` stands for a real mutant of
    the kernel ``rare``, at a place that no input executes.
    """

    name: str
    kernel: Callable[[Loop], Any] | None
    verdict: str
    kill: str = ""
    reach: str = ""
    marks: tuple[str, ...] = ()
    failing: int = 0
    first: int = -1
    like: str = ""
    """The planted mutant that this one must be a duplicate of."""


def places() -> dict[str, tuple[When, int, int]]:
    """Sets of rows, by name: the condition, how many rows, and the first."""
    found: dict[str, tuple[When, int, int]] = {
        f"row {row}": (only(row), 1, row) for row in range(ROWS)
    }
    found["rows from 3"] = (since(3), ROWS - 3, 3)
    found["rows to 4"] = (until(4), 5, 0)
    found["all rows"] = (since(0), ROWS, 0)
    return found


def corpus() -> list[Planted]:
    """Every planted mutant, duplicates after what they repeat."""
    planted = [*_by_rows(), *_equal(), *_harmless(), *_unwritten(), *_stuck(), *_dying()]
    planted += [*_out_of_bounds(), *_reshaped(), *_unreached()]
    firsts = ("killed on row 2", "NaN on row 5", "accepted on row 1", "dead element on row 4")
    firsts += ("far write on row 1", "one after on row 6", "clamped at 1e+06")
    by_name = {one.name: one for one in planted}
    assert len(by_name) == len(planted)
    planted += [
        Planted(f"again: {first}", by_name[first].kernel, "duplicate", like=first)
        for first in firsts
    ]
    return planted


def _by_rows() -> list[Planted]:
    """Faults in values: wrong class, NaN, right class, and an element that is thrown away."""
    found = []
    for where, (when, count, first) in places().items():
        wrong = computing(
            lambda head, a, _i, when=when: (
                good(a) * tirx.if_then_else(when(head), T.float32(-1), T.float32(1))
            )
        )
        right = computing(
            lambda head, a, _i, when=when: (
                good(a) * tirx.if_then_else(when(head), T.float32(3), T.float32(1))
            )
        )
        found += [
            Planted(f"killed on {where}", wrong, "killed", "label", "revealed", (), count, first),
            Planted(
                f"NaN on {where}",
                at(3, float("nan"), when),
                *("killed", "nan", "revealed", (), count, first),
            ),
            Planted(f"accepted on {where}", right, "survived", "", "propagated"),
            Planted(f"dead element on {where}", at(DEAD, 99, when), "survived", "", "infected"),
        ]
    return found


def _equal() -> list[Planted]:
    """Other words for the same code."""
    words = {
        "the original itself": original,
        "a choice without an alternative": computing(
            lambda _f, a, i: tirx.if_then_else(i < WIDTH, good(a), a)
        ),
        "a factor that is a sum": computing(
            lambda _f, a, _i: a * (T.float32(1) + T.float32(1)) + T.float32(1)
        ),
    }
    return [Planted(name, kernel, "equivalent") for name, kernel in words.items()]


def _harmless() -> list[Planted]:
    """Other code that computes the same on these inputs, bit for bit."""
    found = [
        Planted(
            f"clamped at {bound:g}",
            computing(lambda _f, a, _i, bound=bound: tirx.min(good(a), T.float32(bound))),
            *("survived", "", "masked"),
        )
        for bound in (1e6, 1e7, 1e8)
    ]
    found += [
        Planted(
            f"a branch never taken, {value:g}",
            at(2, value, never),
            *("survived", "", "masked"),
        )
        for value in (5, float("nan"))
    ]
    found.append(
        Planted(
            "twice the value, halved",
            # Powers of two are exact, but a compiler must not reckon with that.
            computing(lambda _f, a, _i: (a * T.float32(4) + T.float32(2)) * T.float32(0.5)),
            *("survived", "", "masked"),
        )
    )
    return found


def _unwritten() -> list[Planted]:
    """Elements that hold what memory held: first NaN, then a finite number above all others."""
    mark = (UNINITIALISED,)
    found = []
    for row in range(ROWS):
        when, largest = only(row), CLASS[row]
        other = 1 + largest % 6
        found += [
            Planted(
                f"largest element unwritten on row {row}",
                # Under the second pattern the class stays what it was.
                skipping(lambda f, i, w=when, e=largest: tirx.all(w(f), i == e)),
                *("killed", "nan", "revealed", mark, 1, row),
            ),
            Planted(
                f"another element unwritten on row {row}",
                skipping(lambda f, i, w=when, e=other: tirx.all(w(f), i == e)),
                *("killed", "label", "revealed", mark, 1, row),
            ),
        ]
    for row in (0, 5):
        found.append(
            Planted(
                f"maximum without a beginning on row {row}",
                # A NaN is never the larger one: only the second pattern shows the fault.
                gathering(only(row)),
                *("killed", "label", "revealed", mark, 1, row),
            )
        )
    for row in (0, 4, 7):
        found.append(
            Planted(
                f"dead element unwritten on row {row}",
                skipping(lambda f, i, row=row: tirx.all(only(row)(f), i == DEAD)),
                *("survived", "", "infected", mark),
            )
        )
    return found


def _stuck() -> list[Planted]:
    """One class for every input: wrong for all rows but those of that class."""
    found = []
    for index in range(1, 7):
        wrong = [row for row in range(ROWS) if CLASS[row] != index]
        found.append(
            Planted(
                f"always class {index}",
                at(index, 1000, since(0)),
                *("killed", "label", "revealed", (STUCK,), len(wrong), wrong[0]),
            )
        )
    return found


def _dying() -> list[Planted]:
    """Crashes, errors, hangs and eaten memory."""
    found = []
    for row in (0, 1, 7):
        found += [
            Planted(
                f"far write on row {row}",
                straying(only(row), 100_000_000),
                *("killed", "crash"),
            ),
            Planted(
                f"integer division by zero on row {row}",
                computing(lambda f, a, i, row=row: good(a) + _quotient(f, i, row)),
                *("killed", "crash"),
            ),
        ]
    for row in (0, 7):
        found.append(Planted(f"no end on row {row}", endless(only(row)), "killed", "hang"))
    for row in (0, 3):
        found.append(Planted(f"an error on row {row}", failing(only(row)), "killed", "crash"))
    found.append(Planted("eaten memory", greedy, "killed", "crash", "", (MEMORY,)))
    return found


def _quotient(first: Any, i: Any, row: int) -> Any:
    """Zero; dies on one row."""
    divisor = tirx.Cast("int32", first) + (row + 1)
    return tirx.Cast("float32", tirx.truncdiv(i, divisor * 100))


def _out_of_bounds() -> list[Planted]:
    """One element too far, on either side; harmless, and beside a wrong class."""
    mark = (OUT_OF_BOUNDS,)
    found = []
    for side, index in (("after", WIDTH), ("before", -1)):
        for where in ("row 0", "row 6", "all rows"):
            when = places()[where][0]
            found.append(
                Planted(
                    f"one {side} on {where}",
                    straying(when, index),
                    *("survived", "", "masked", mark),
                )
            )
        found.append(
            Planted(
                f"one {side} on row 2, killed on all rows",
                straying(only(2), index, lambda a: T.float32(0) - good(a)),
                *("killed", "label", "revealed", mark, ROWS, 0),
            )
        )
    return found


def _reshaped() -> list[Planted]:
    """Other shapes, ranks, element types and numbers of buffers: known without a run."""
    kernels = {
        "a wider input": reshaped((WIDTH + 1,), (WIDTH,)),
        "a wider output": reshaped((WIDTH,), (WIDTH + 1,)),
        "a narrower input": reshaped((WIDTH - 1,), (WIDTH,)),
        "a narrower output": reshaped((WIDTH,), (WIDTH - 1,)),
        "an output of two axes": reshaped((WIDTH,), (WIDTH, 1)),
        "an input of two axes": reshaped((WIDTH // 2, 2), (WIDTH,)),
        "an input of float64": reshaped((WIDTH,), (WIDTH,), taken="float64"),
        "an output of int32": reshaped((WIDTH,), (WIDTH,), given="int32"),
        "one buffer more": demanding,
    }
    return [Planted(name, kernel, "killed", "shape") for name, kernel in kernels.items()]


def _unreached() -> list[Planted]:
    return [Planted(f"unreached {index}", None, "not_reached") for index in range(3)]
