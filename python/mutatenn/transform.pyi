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
            predicate; by default any condition.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: literal conditions: TVM writes an absent block predicate as True.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _NegateCondWhere | None = None,
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

PASSES: dict[str, type[MutationPass]]
"""Pass classes by operator id."""
