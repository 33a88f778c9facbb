"""Mutants that TVM's own analyzer proves to compute what the original does."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any, Literal

import tvm_ffi
from tvm import ir, sym, tirx

from mutatenn.mutation.arithmetic import OpaqueError
from mutatenn.mutation.intervals import Intervals, domain_of
from mutatenn.mutation.location import node_at, text_of
from mutatenn.mutation.region import Region
from mutatenn.mutation.round_trip import kept_bounds
from mutatenn.mutation.scope import Bound, Guard, Loop, Scope, is_if_then_else, scopes_along

STEPS = 200_000
"""Limit on the work of the solver for one question: counted, so that machines agree."""

_SAMPLE = 1 << 12
"""Points at which a claim is tried before anybody tries to prove it."""

_ARITHMETIC = (
    *(tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.Mod, tirx.FloorDiv, tirx.FloorMod),
    *(tirx.Min, tirx.Max, tirx.LT, tirx.LE, tirx.GT, tirx.GE, tirx.EQ, tirx.NE),
    *(tirx.And, tirx.Or, tirx.Not, tirx.Cast, tirx.Select),
)


@dataclasses.dataclass(frozen=True)
class Proof:
    """Why a mutant is equivalent: nothing executes its place, or it computes the same there."""

    kind: Literal["unreachable", "equal"]
    reason: str


def prove_equivalent(original: Any, mutant: Any, path: str) -> Proof | None:
    """Ask the analyzer whether a mutation can change anything.

    Sound, not complete. Arithmetic that may overflow, divide by zero, read memory, or that is not
    on signed integers, is never said to be equal; guards that read memory are taken to hold.

    Args:
        original: a PrimFunc of either stage.
        mutant: the PrimFunc with another expression or statement at one place.
        path: that place, as ``Mutant.path``.

    Returns:
        The proof; ``None`` where the analyzer finds none.

    Raises:
        ValueError: the path leads to nothing that is executed.
    """
    nodes = scopes_along(original, path)
    return _unreachable(nodes[-1][1]) or _equal(nodes, mutant, path)


def _unreachable(scope: Scope) -> Proof | None:
    """A loop without iterations, or a guard that holds nowhere in the loops around it."""
    facts = tuple(fact for fact in scope if not isinstance(fact, Guard) or fact.skips)
    reason = "the analyzer proves that nothing executes the place: "
    intervals = Intervals(facts)
    for fact in facts:
        if isinstance(fact, Loop):
            extent = intervals.of(fact.extent)
            if extent is not None and extent[1] <= 0:
                says = f"the loop over {fact.var.name} has no iteration"
                return Proof("unreachable", reason + says)
    if _is_met(facts):
        return None
    for index, fact in enumerate(facts):
        if isinstance(fact, Guard) and intervals.of(fact.condition) is not None:
            never = tirx.Not(fact.condition) if fact.holds else fact.condition
            if _proves(facts[:index], never):
                says = f"`{text_of(fact.condition)}` is {'never' if fact.holds else 'always'} true"
                return Proof("unreachable", reason + says)
    return None


def _is_met(scope: Scope) -> bool:
    """Whether some point is known at which all guards hold that can be followed."""
    try:
        return bool(Region.around(scope, [], _SAMPLE).holds.any())
    except OpaqueError:
        return False


def _equal(nodes: list[tuple[Any, Scope]], mutant: Any, path: str) -> Proof | None:
    """The largest expression around the place that is integer arithmetic alone gives the same."""
    if isinstance(nodes[-1][0], tirx.Stmt):
        return None
    if (kept := _round_trip(nodes[-1], node_at(mutant, path))) is not None:
        return kept
    steps = path.split(".")
    for depth in _arithmetic_around(nodes):
        before, scope = nodes[depth]
        after = node_at(mutant, ".".join(steps[: depth + 1]))
        if _all_defined(Intervals(scope), before, after):
            break
    else:
        return None
    if tvm_ffi.structural_equal(before, after):
        return None  # the kernels differ elsewhere
    if _differ(scope, before, after) or not _proves(scope, _equation(before, after)):
        return None
    what = "condition" if str(before.ty.dtype) == "bool" else "integer expression"
    return Proof(
        "equal",
        f"the analyzer proves that the mutated {what} `{text_of(after)}` has the value of "
        f"`{text_of(before)}` wherever it is evaluated",
    )


def _round_trip(node: tuple[Any, Scope], after: Any) -> Proof | None:
    """An integer that is cast to a narrower type and back, and fits it always."""
    before, scope = node
    kept = kept_bounds(before, after, Intervals(scope))
    if kept is None:
        return None
    (least, most), narrow = kept
    says = f"`{text_of(before)}` is from {least} to {most}, which {narrow} holds"
    return Proof("equal", f"{says}: there and back it stays what it is")


def _arithmetic_around(nodes: list[tuple[Any, Scope]]) -> list[int]:
    """Where integer arithmetic around the last node begins: the whole of it first."""
    first = len(nodes) - 1
    while first > 1 and _is_arithmetic(nodes[first - 1][0]):
        first -= 1
    return list(range(first, len(nodes)))


def _is_arithmetic(node: Any) -> bool:
    return (isinstance(node, _ARITHMETIC) or is_if_then_else(node)) and domain_of(node) is not None


def _equation(before: Any, after: Any) -> Any:
    if str(before.ty.dtype) != "bool":
        return tirx.EQ(before, after)
    neither = tirx.And(tirx.Not(before), tirx.Not(after))
    return tirx.Or(tirx.And(before, after), neither)


def _differ(scope: Scope, before: Any, after: Any) -> bool:
    """Whether a point is known at which two expressions differ."""
    try:
        region = Region.around(scope, [before, after], _SAMPLE)
        one, other = region.evaluate(before), region.evaluate(after)
    except OpaqueError:
        return False
    return bool((region.holds & (one.numbers != other.numbers)).any())


def _proves(scope: Scope, claim: Any) -> bool:
    """Whether TVM's analyzer proves a claim, given what is known in a scope.

    Facts that may be undefined somewhere, or that speak of memory, are not given to it.
    """
    intervals = Intervals(scope)
    analyzer = sym.Analyzer()
    if analyzer.is_z3_enabled:
        analyzer.set_z3_rlimit(STEPS)
    with contextlib.ExitStack() as stack:
        for fact in scope:
            if isinstance(fact, Loop):
                if fact.step is None and _all_defined(intervals, fact.min, fact.extent):
                    bounds = ir.Range.from_min_extent(fact.min, fact.extent)
                    analyzer.bind(fact.var, bounds)
            elif isinstance(fact, Bound):
                if _all_defined(intervals, fact.value):
                    analyzer.bind(fact.var, fact.value)
            elif fact.skips and _all_defined(intervals, fact.condition):
                holds = fact.condition if fact.holds else tirx.Not(fact.condition)
                stack.enter_context(analyzer.constraint_scope(holds))
        return bool(analyzer.can_prove(claim, sym.analyzer.ProofStrength.SYMBOLIC_BOUND))


def _all_defined(intervals: Intervals, *expressions: Any) -> bool:
    return all(intervals.of(expr) is not None for expr in expressions)
