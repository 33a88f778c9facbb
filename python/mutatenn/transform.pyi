"""The mutation operators as TVM passes, one class per entry of the native catalogue.

Each class is an ordinary module pass made by native code::

    tvm.transform.Sequential([relax.transform.LegalizeOps(), SwapCmp(site=3, to="le")])
"""

import inspect
from collections.abc import Iterable
from typing import Literal, SupportsIndex

from tvm.ir.transform import ModulePass

from mutatenn import _core

Site = SupportsIndex | str | Iterable[SupportsIndex]
Value = str | float

class MutationPass(ModulePass):  # type: ignore[misc]
    """A module pass that plants faults of one operator; see its subclasses."""

    operator: _core.Operator

    def __init__(self, *, site: Site = 0, function: str = "", **settings: Value | None) -> None:
        """Prepare the pass; the module is looked at when the pass runs.

        Args:
            site: number of the place, several of them, a mutant id, or ``"all"``. Numbers count
                the operator's places over the whole module (functions sorted by name, nodes in
                pre-order) and do not depend on the settings.
            function: narrows the pass to one TIR function; numbers then count within it.
            **settings: the operator's parameters; ``None`` is the same as leaving one out.

        Raises:
            TypeError: ``site`` is none of the above.
            ValueError: there is no such parameter, or it does not accept the value.
        """

def annotation(form: str) -> str:
    """The Python type of a parameter, by the form of its values."""

def class_name(operator_id: str) -> str:
    """``swap-cmp`` → ``SwapCmp``."""

def documentation(op: _core.Operator) -> str:
    """The operator's docstring, made from the catalogue."""

def parameter_name(name: str) -> str:
    """Python spelling of a parameter: ``from`` → ``from_``, ``a-b`` → ``a_b``."""

def plain_name(name: str) -> str:
    """The catalogue's spelling of a Python parameter name."""

def plain_value(value: Value) -> str:
    """A value as text: ``0.5`` → ``"0.5"``, ``True`` → ``"true"``.

    Raises:
        TypeError: it is neither text nor a number.
    """

def selection(site: Site) -> tuple[list[int], str, bool]:
    """Split ``site`` into numbers, a mutant id, and whether all are meant.

    Raises:
        TypeError: ``site`` is none of these.
    """

def signature(op: _core.Operator) -> inspect.Signature:
    """The constructor's signature, made from the catalogue."""

_DropClauseFrom = Literal["and", "or"]

_DropClauseDrop = Literal["left", "right"]

class DropClause(MutationPass):
    """Drops one operand of a logical connector: one bound of a guard.

    Fault model: A compound guard loses a part: one side of a border, or one axis, is not checked.
    Source: Literal and term omission faults (LOF, TOF), Lau and Yu, TOSEM 14(3), 2005.
    Operator ``drop-clause``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only operands of this connector. Takes one of: and, or; by default either connector.
        drop: Which operand goes. Takes one of: left, right; by default the right one, then the
            left.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _DropClauseFrom | None = None,
        drop: _DropClauseDrop | None = None,
    ) -> None: ...

class DropElse(MutationPass):
    """Drops the else of an if statement.

    Fault model: Code for the other outcome of a condition is lost, such as the remainder of a loop.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013.
    Operator ``drop-else``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: select and if_then_else: they have a value on both sides.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

_DropGuardWhere = Literal["if", "if-then-else", "predicate"]

class DropGuard(MutationPass):
    """Drops a guard: the if around a body, the if_then_else around a value, a block's predicate.

    Fault model: A bounds check or padding guard is taken for redundant and removed: accesses leave
    their range.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013; remove conditionals mutator of
    PIT.
    Operator ``drop-guard``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        where: Only conditions of this kind. Takes one of: if, if-then-else, predicate; by default
            any of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: literal conditions: TVM writes an absent block predicate as True; select: it
    evaluates both sides and so guards nothing; force-cond decides it.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _DropGuardWhere | None = None,
    ) -> None: ...

_ForceCondWhere = Literal["if", "while", "select", "if-then-else", "predicate"]

_ForceCondTo = Literal["false", "true"]

class ForceCond(MutationPass):
    """Makes a whole condition constant: of an if, a while, a select, an if_then_else or a block.

    Fault model: A simplification decides a condition wrongly: a branch is always taken, or never.
    Source: Remove conditionals mutator of PIT, which makes a condition true or false.
    Operator ``force-cond``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        where: Only conditions of this kind. Takes one of: if, while, select, if-then-else,
            predicate; by default any of them.
        to: What the condition always is. Takes one of: false, true; by default false, then true.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: literal conditions: TVM writes an absent block predicate as True; a while is never
    forced to go on: it would not end, which is no question to an oracle.

    Redundant, in campaigns only on request: true where drop-guard does the same; conditions that
    are one comparison, by swap-cmp.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _ForceCondWhere | None = None,
        to: bool | _ForceCondTo | None = None,
    ) -> None: ...

_NegateCondWhere = Literal["if", "while", "select", "if-then-else", "predicate"]

class NegateCond(MutationPass):
    """Negates a whole condition: of an if, a while, a select, an if_then_else or a block.

    Fault model: A branch is taken exactly when it should not be.
    Source: Conditionals negation (negate conditionals mutator) of PIT; unary operator insertion
    (UOI), Offutt et al., TOSEM 5(2), 1996.
    Operator ``negate-cond``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        where: Only conditions of this kind. Takes one of: if, while, select, if-then-else,
            predicate; by default any of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: literal conditions: TVM writes an absent block predicate as True.

    Redundant, in campaigns only on request: conditions that are one comparison of integers, by
    swap-cmp; those that choose between two branches, by swap-branches, which does the same.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _NegateCondWhere | None = None,
    ) -> None: ...

_ShiftThresholdFrom = Literal["lt", "le", "gt", "ge", "eq", "ne"]

_ShiftThresholdSide = Literal["left", "right"]

_ShiftThresholdAction = Literal["add", "sub", "mul", "div", "percent"]

_ShiftThresholdFloat = Literal["false", "true"]

class ShiftThreshold(MutationPass):
    """Moves the bound that a comparison compares against.

    Fault model: A bound is computed wrongly: off by a few, scaled, or rounded through another type.
    Source: The threshold mutants of MutateNN, arXiv 2306.01697; constant replacement in the bound
    of a loop or guard (CRP), King and Offutt, SP&E 21(7), 1991.
    Operator ``shift-threshold``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only comparisons of this kind, as they stand. Takes one of: lt, le, gt, ge, eq, ne;
            by default any comparison.
        side: Which operand is the bound that moves. Takes one of: left, right; by default the one
            that is a literal, else the right one.
        action: What is done to it; `percent` adds so many percent of it. Integers are divided
            rounding down, and stay integers. Takes one of: add, sub, mul, div, percent; by default
            add, sub, mul and div in turn.
        amount: By how much; may be negative. Takes a number; by default of integers 1 for add and
            sub, 2 for mul and div, 50 percent; of other numbers 0.5, 2 and 10 percent.
        float: Whether both operands are cast to float32 first, so that any amount fits integers
            too. Takes one of: false, true; by default false.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: amounts that change nothing: adding 0, multiplying by 1 or a bound that is 0; by
    default, an action that makes the same literal as an earlier one; integers take whole amounts
    only, and no bound beyond their type; operands that are booleans or handles.

    Redundant, in campaigns only on request: of integers, what swap-cmp makes too: `a < b + 1` is `a
    <= b`.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _ShiftThresholdFrom | None = None,
        side: _ShiftThresholdSide | None = None,
        action: _ShiftThresholdAction | None = None,
        amount: float | None = None,
        float: bool | _ShiftThresholdFloat | None = None,
    ) -> None: ...

_SwapArithFrom = Literal["add", "sub", "mul", "div", "floordiv", "floormod", "min", "max"]

_SwapArithTo = Literal["add", "sub", "mul", "div", "floordiv", "floormod", "min", "max"]

class SwapArith(MutationPass):
    """Replaces one arithmetic operation by another with the same operands.

    Fault model: An instruction is selected wrongly, in the computation or in the address of an
    access.
    Source: Arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996.
    Operator ``swap-arith``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only operations of this kind. Takes one of: add, sub, mul, div, floordiv, floormod,
            min, max; by default any arithmetic operation.
        to: What stands there instead; `div` on integers truncates towards zero. Takes one of: add,
            sub, mul, div, floordiv, floormod, min, max; by default add<->sub, mul<->div,
            floordiv<->floormod, min<->max.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: floordiv and floormod do not replace operations on floating-point values: TVM
    defines them on integers; operations on handles and booleans.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapArithFrom | None = None,
        to: _SwapArithTo | None = None,
    ) -> None: ...

_SwapBranchesWhere = Literal["if", "select", "if-then-else"]

class SwapBranches(MutationPass):
    """Exchanges the branches of an if with an else, of a select or of an if_then_else.

    Fault model: A branch is emitted for the wrong outcome of its condition.
    Source: Negate conditionals mutator of PIT, planted in the branches instead of the condition.
    Operator ``swap-branches``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        where: Only conditions of this kind. Takes one of: if, select, if-then-else; by default any
            of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: branches that are equal; an if without an else: negate-cond is its fault.

    Redundant, in campaigns only on request: where the condition is one comparison of integers, by
    swap-cmp.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _SwapBranchesWhere | None = None,
    ) -> None: ...

_SwapCmpFrom = Literal["lt", "le", "gt", "ge", "eq", "ne"]

_SwapCmpTo = Literal["lt", "le", "gt", "ge", "eq", "ne", "true", "false"]

class SwapCmp(MutationPass):
    """Replaces one comparison by another with the same operands, or by a constant.

    Fault model: A boundary or a relation is miscompiled: a guard is off by one, inverted or dropped
    in part.
    Source: Relational operator replacement (ROR), Offutt et al., TOSEM 5(2), 1996; the conditional
    mutants of MutateNN, arXiv 2306.01697.
    Operator ``swap-cmp``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only comparisons of this kind, read from either side: `b < a` is also a `gt`. Takes
            one of: lt, le, gt, ge, eq, ne; by default any comparison.
        to: What stands there instead, in the reading that `from` names; without `from`, a
            comparison that is this one already is read from right to left: `a <= b` is `b >= a`,
            which becomes `b <= a`. Takes one of: lt, le, gt, ge, eq, ne, true, false; by default
            lt<->le, gt<->ge, eq<->ne.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Redundant, in campaigns only on request: of integers, signed or not, all but the three that
    differ for less, for equal and for greater alone (Just, Kapfhammer and Schweiggert, Mutation
    2012): `<` keeps le, ne and false; of floating-point numbers none, since a NaN is a fourth case.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapCmpFrom | None = None,
        to: _SwapCmpTo | None = None,
    ) -> None: ...

_SwapLogicFrom = Literal["and", "or"]

_SwapLogicTo = Literal["and", "or", "eq", "ne"]

class SwapLogic(MutationPass):
    """Replaces a logical connector by another with the same operands.

    Fault model: The parts of a guard are combined wrongly.
    Source: Logical connector replacement (LCR), Offutt et al., TOSEM 5(2), 1996; the sufficient set
    for conditional operators (COR) of Just, Kapfhammer and Schweiggert, Mutation 2012.
    Operator ``swap-logic``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only connectors of this kind. Takes one of: and, or; by default either connector.
        to: What stands there instead: `a == b` holds where neither operand does, too; `a != b` does
            not hold where both do. Takes one of: and, or, eq, ne; by default and<->or, then eq for
            and, ne for or.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Redundant, in campaigns only on request: and<->or, by drop-clause: it differs only where one
    operand alone does.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapLogicFrom | None = None,
        to: _SwapLogicTo | None = None,
    ) -> None: ...

PASSES: dict[str, type[MutationPass]]
"""Pass classes by operator id."""
