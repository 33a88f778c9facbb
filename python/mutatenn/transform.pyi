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

def pass_of(operator: str) -> type[MutationPass]:
    """The pass class of an operator, built in or of a plug-in.

    Raises:
        KeyError: there is no such operator.
        PluginError: a plug-in cannot be loaded.
    """

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

_ChangeAttrAttr = Literal[
    "padding-side",
    "epsilon",
    "count-include-pad",
    "axis",
    "strides",
    "padding",
    "dilation",
    "ceil-mode",
]

class ChangeAttr(MutationPass):
    """Changes an attribute of an operator: a stride, a padding, an axis, an epsilon.

    Fault model: An importer or a graph rewrite reads an attribute wrongly, or takes its default.
    Source: Node input and output modifications of MutateNN, arXiv 2306.01697; constant replacement,
    King and Offutt, SP&E 21(7), 1991.
    Operator ``change-attr``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        attr: The attribute. `padding-side` moves one row and column of padding from one side to the
            other, which keeps the shape; what changes the shape of the result changes all that
            follows, and is refused where something there does not take it. Takes one of:
            padding-side, epsilon, count-include-pad, axis, strides, padding, dilation, ceil-mode;
            by default each that the operator has, in turn.
        to: The new value; of a list the value of all items, of a list of axes that of the last.
            Takes a number; by default for strides and dilation 1, or 2 where it is 1; for padding
            0, or 1 where it is 0; the next axis; 0.01 for epsilon; the opposite of a flag (0 or 1).
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: values that the operator does not accept, and values that it has already; strides
    and ceil_mode where the shape of the result, and so the result, stays as it is; dilation of
    windows of one element, count_include_pad without padding or of max_pool; launches of kernels
    (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        attr: _ChangeAttrAttr | None = None,
        to: float | None = None,
        functions: str | None = None,
    ) -> None: ...

_ChangeKindTo = Literal["serial", "parallel", "vectorized", "unrolled"]

class ChangeKind(MutationPass):
    """Runs the iterations of a loop in another way: one by one, in parallel, as a vector, unrolled.

    Fault model: A schedule parallelises or vectorises a loop that carries a sum, so that updates
    race or are lost. Otherwise a compiler must get the same result from every kind.
    Source: Mutation operators for concurrent Java, Bradbury, Cordy and Dingel, Mutation 2006, which
    plant races; compiler validation by equivalent programs, Le, Afshari and Su, PLDI 2014.
    Operator ``change-kind``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        to: How the iterations run. A parallel loop that carries a sum is a data race: what it
            computes may differ from run to run. Takes one of: serial, parallel, vectorized,
            unrolled; by default each in turn.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: loops of which it cannot be told whether their iterations depend on each other do
    not become parallel or vectorised; parallel and vectorised loops in place of those that TVM
    refuses: nested in one of that kind, with a first iteration other than 0; vectorised ones that
    hold loops or allocate; unrolled and vectorised loops of more than 64 iterations, or of a number
    that is no literal; at stage kernel only serial and parallel loops: TVM has unrolled and
    vectorised by then; parallel loops that would be entered 1,024 times or more: they take so long
    to launch that they pass for hangs; loops bound to threads: swap-thread-axis is their fault;
    loops of one iteration.

    Semantics-preserving, in no score: all but a loop that updates places from themselves, made
    parallel or vectorised.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        to: _ChangeKindTo | None = None,
    ) -> None: ...

_ChangeLayoutTo = Literal["NCHW", "NHWC"]

class ChangeLayout(MutationPass):
    """Computes a convolution in the other layout, NHWC for NCHW, between conversions.

    Fault model: None: the program means what it did. Another answer shows a defect of the compiler,
    or how much the order of additions matters.
    Source: Compiler validation by programs that must agree: Le, Afshari and Su, PLDI 2014; the
    rewrite is what TVM's ConvertLayout does around one operator.
    Operator ``change-layout``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        to: The layout of the data. Takes one of: NCHW, NHWC; by default the other one.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: convolutions in other layouts than NCHW with OIHW and NHWC with HWIO.

    Semantics-preserving, in no score: all of them; sums may be added in another order.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        to: _ChangeLayoutTo | None = None,
    ) -> None: ...

_ChangeScopeTo = Literal["local", "shared", "global"]

class ChangeScope(MutationPass):
    """Keeps a buffer in another kind of memory.

    Fault model: The scope of a buffer is inferred wrongly: what threads share becomes private to
    each, so that they do not see each other's writes; or what is private to each becomes shared, so
    that they race.
    Source: Share removal of MutGPU, Zhu and Zaidman, ICST 2020, and its reverse.
    Operator ``change-scope``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        to: Where it is kept instead. Takes one of: local, shared, global; by default local<->shared
            where threads are launched, else global<->local.
        buffer: Which of the allocations of the sequence, counted from 0. Takes an integer of 0 or
            more; by default each of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stage tensor: kernels have no scopes before they are scheduled, all of them lie in
    global memory; the host of a device, and global memory on a device: threads cannot allocate it;
    buffers of 1 KiB and more on CPUs: TVM keeps them in a workspace under either scope; scopes that
    targets treat specially, such as shared.dyn and wmma.*, and buffers that other declarations name
    anew.

    Semantics-preserving, in no score: on CPUs: the scope decides there between the stack and a
    workspace only.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        to: _ChangeScopeTo | None = None,
        buffer: int | None = None,
    ) -> None: ...

class DropAtomic(MutationPass):
    """Makes an atomic addition a load, an addition and a store.

    Fault model: An update of memory that threads share is not atomic: of two at a time one is lost.
    Source: Removal of atomic operations, one of the operators for GPU programs of Zhu and Zaidman,
    ICST 2020.
    Operator ``drop-atomic``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: atomic additions to an address other than an element's, or of another type than its:
    it cannot be told what they load; values used inside a larger expression: only a statement can
    be taken apart; kernels of models: TVM 0.27 emits no atomic addition of its own, so all are
    written by hand.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

class DropBoundsPredicate(MutationPass):
    """Drops the if that keeps the threads beyond the end of the work from doing any.

    Fault model: More threads are launched than there are elements, and the check of the index is
    forgotten.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013; remove conditionals mutator of
    PIT.
    Operator ``drop-bounds-predicate``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: conditions that do not depend on the index of a thread or block: drop-guard takes
    them; equalities: they choose a thread, they bound none; an if with an else: both its sides are
    work; stage tensor: kernels are planted there before threads are bound.

    Redundant, in campaigns only on request: all of them, by drop-guard, which makes the same.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

class DropCacheStage(MutationPass):
    """Drops a copy between a workspace and another buffer, in all its statements.

    Fault model: A schedule's cache_read, cache_write or padding stage is lost while its buffer is
    still used: readers see whatever that memory held, or results are never written back. Letting
    readers read the original instead keeps the meaning and is no fault.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013, of a stage as TVM's schedule
    primitives cache_read and cache_write make it.
    Operator ``drop-cache-stage``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        stage: Of a sequence in which stages are spread over several statements, such as unrolled
            ones, which of these stages, counted from 0. Takes an integer of 0 or more; by default
            each of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stages that compute: a stage writes what it reads elsewhere, or a literal as
    padding; copies from one parameter to another: there is no cache; copies within a copy that is
    dropped as a whole.

    Redundant, in campaigns only on request: where the stage is one store, by drop-store.
    """

    def __init__(self, *, site: Site = 0, function: str = "", stage: int | None = None) -> None: ...

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

class DropInit(MutationPass):
    """Drops what gives an accumulator its first value: a block's init, or the initialising store.

    Fault model: A reduction is decomposed or split and its initialisation is lost: it begins with
    whatever its memory held.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013, of the initialisation.
    Operator ``drop-init``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stores that read their buffer, or that another store overwrites before an update:
    they initialise nothing.

    Redundant, in campaigns only on request: where it is no block's init, by drop-store.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

class DropIntrinsic(MutationPass):
    """Leaves the argument of a mathematical function in place of the call; of pow, the base.

    Fault model: An activation, a rounding or another function is left out when operations are
    fused.
    Source: Activation function removal (AFRs) of DeepMutation, arXiv 1805.05206; operator deletion
    (ODL), Delamaro, Offutt and Ammann, ICST 2014.
    Operator ``drop-intrinsic``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: functions of two arguments other than pow: neither is what the function
    approximates; a result of another type than the argument.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

class DropOp(MutationPass):
    """Drops a call: its data argument stands for its result.

    Fault model: A graph rewrite removes an operator that it takes for redundant: an activation, a
    bias, a normalisation.
    Source: Layer deactivation (LD) and activation function removal (AFRm), DeepMutation, Ma et al.,
    ISSRE 2018, arXiv 1805.05206.
    Operator ``drop-op``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: calls that take several computed tensors: drop-skip drops those of additions; calls
    whose result has another shape or element type than the data; calls that change nothing: a
    reshape to the same shape, relu of relu, adding 0; launches of kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        functions: str | None = None,
    ) -> None: ...

_DropOperandFrom = Literal["add", "sub", "mul", "div", "floordiv", "floormod", "mod", "min", "max"]

_DropOperandDrop = Literal["left", "right"]

class DropOperand(MutationPass):
    """Leaves one operand of an arithmetic operation in place of the whole.

    Fault model: A term, a factor or a bound of a clamp is lost, in the computation or in an
    address.
    Source: Operator deletion (ODL), Delamaro, Offutt and Ammann, ICST 2014; the leftop and rightop
    of arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996.
    Operator ``drop-operand``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only operations of this kind. Takes one of: add, sub, mul, div, floordiv, floormod,
            mod, min, max; by default any of them.
        drop: Which operand goes. Takes one of: left, right; by default the right one, then the
            left.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: operands that change nothing: adding 0, multiplying or dividing by 1 (of
    floating-point numbers not adding 0, which makes 0 of -0); the minimum or maximum of equal
    operands; of equal operands else, the left one; operations on handles and booleans.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _DropOperandFrom | None = None,
        drop: _DropOperandDrop | None = None,
    ) -> None: ...

_DropSkipOperand = Literal["left", "right"]

class DropSkip(MutationPass):
    """Drops the skip link of a residual addition: the other operand stands for the sum.

    Fault model: An edge of the graph is lost where two branches join.
    Source: Layer deactivation (LD) of DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206, for
    residual blocks; statement deletion (SDL), Deng, Offutt and Li, ICST 2013.
    Operator ``drop-skip``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        operand: Which operand is lost. Takes one of: left, right; by default the one that fewer
            calls lead to.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: additions of a constant, such as a bias: drop-op drops those; additions of values
    that share no ancestor, or where the kept operand has another type.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        operand: _DropSkipOperand | None = None,
    ) -> None: ...

class DropStore(MutationPass):
    """Drops a store: the element keeps what stood there.

    Fault model: A store is taken for dead and eliminated, or code that writes a part of the result
    is lost.
    Source: Statement deletion (SDL), Deng, Offutt and Li, ICST 2013.
    Operator ``drop-store``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stores of what stands at their place already.

    Redundant, in campaigns only on request: a block's initialisation that is one store, which
    drop-init drops too.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

_DropSyncScope = Literal["shared", "shared.dyn", "warp", "cluster", "global"]

class DropSync(MutationPass):
    """Drops a barrier.

    Fault model: A barrier is forgotten, or taken for redundant and removed: a thread reads what
    another has not written yet, or overwrites what another has still to read.
    Source: Removal of synchronisation, one of the operators for GPU programs of Zhu and Zaidman,
    ICST 2020; statement deletion (SDL), Deng, Offutt and Li, ICST 2013.
    Operator ``drop-sync``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        scope: Only barriers of this memory. Takes one of: shared, shared.dyn, warp, cluster,
            global; by default any.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: a barrier right beside an equal one: the other one orders the same accesses; kernels
    for CPUs, and those at stage tensor: TVM inserts barriers when it lowers for a GPU, so before
    that only barriers written by hand are there.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        scope: _DropSyncScope | None = None,
    ) -> None: ...

class DuplicateOp(MutationPass):
    """Applies a call a second time, to its own result.

    Fault model: A graph rewrite copies an operator that it should have moved.
    Source: Layer addition (LAm), which duplicates a layer, DeepMutation, Ma et al., ISSRE 2018,
    arXiv 1805.05206.
    Operator ``duplicate-op``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: operators whose second application changes nothing: relu, abs, rounding, maximum,
    reshape; calls that do not take their own result, or give another type from it; calls that take
    several computed tensors; launches of kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        functions: str | None = None,
    ) -> None: ...

class DuplicateStore(MutationPass):
    """Makes a store twice, one after the other.

    Fault model: A statement is emitted once too often: an accumulation counts an element twice.
    Source: Insertion of a copied statement, Weimer, Nguyen, Le Goues and Forrest, ICSE 2009; where
    it keeps the meaning, equivalence modulo inputs, Le, Afshari and Su, PLDI 2014.
    Operator ``duplicate-store``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stores of what stands at their place already.

    Semantics-preserving, in no score: stores that read nothing of the memory that they write, or
    that keep the least or the greatest of what stands there and something else.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

class FlipBit(MutationPass):
    """Inverts one bit of some weights.

    Fault model: A soft error in the memory that holds the weights.
    Source: Bit flips of TensorFI, Chen et al., ISSRE 2020, and BinFI, Chen et al., SC 2019.
    Operator ``flip-bit``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        bit: Which bit, counted from the lowest. Takes an integer from 0 to 63; by default the sign,
            and the highest bit of the exponent.
        count: How many weights are changed. Takes an integer of 1 or more; by default 1.
        seed: Which weights are drawn. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: bits that the element type does not have; constants of one element, which are
    settings such as the bound of a clip, of other types than float32, float64, int8 and uint8,
    inside tuples, and those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        bit: int | None = None,
        count: int | None = None,
        seed: int | None = None,
        functions: str | None = None,
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

class FuzzWeights(MutationPass):
    """Adds Gaussian noise to weights.

    Fault model: Weights are stored, transferred or converted inexactly, or training is disturbed.
    Source: Gaussian fuzzing (GF), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.
    Operator ``fuzz-weights``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        sigma: Standard deviation of the noise, relative to the root mean square of the weights.
            Takes a number of 0 or more; by default 0.1.
        seed: Which noise is drawn. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: weights that are no floating-point numbers, and weights that are all 0; constants of
    one element, which are settings such as the bound of a clip, of other types than float32,
    float64, int8 and uint8, inside tuples, and those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        sigma: float | None = None,
        seed: int | None = None,
        functions: str | None = None,
    ) -> None: ...

_InsertOpOp = Literal[
    "negative",
    "exp",
    "abs",
    "round",
    "sqrt",
    "nn.relu",
    "clip",
    "sigmoid",
    "tanh",
    "square",
    "floor",
    "ceil",
    "sign",
    "transpose",
]

_InsertOpOrder = Literal["before", "after"]

class InsertOp(MutationPass):
    """Inserts an operator after a call, or before one of its arguments.

    Fault model: A conversion of layout, type or scale is added where none belongs, or an operator
    is emitted twice.
    Source: Node input and output modifications of MutateNN, arXiv 2306.01697; layer addition (LAm),
    DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.
    Operator ``insert-op``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        op: What is inserted. `transpose` exchanges the first two axes of each group of equal
            extents; `clip` keeps values between -1 and 1. Takes one of: negative, exp, abs, round,
            sqrt, nn.relu, clip, sigmoid, tanh, square, floor, ceil, sign, transpose; by default
            negative and exp in turn.
        order: Whether an argument is changed or the result. Takes one of: before, after; by default
            after, or before where `argument` is given or the call gives no tensor.
        argument: The argument that is changed, counted from 0. Takes an integer of 0 or more; by
            default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: what changes nothing: relu or abs of what relu or abs made, rounding of what is
    rounded, a transpose that exchanges extents of one, relu before or after relu; transpose where
    no two extents are equal; on integers all but abs, negative, relu, sign, square and transpose;
    arguments that are no tensors of static shape, such as the tuple that concat takes; launches of
    kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        op: _InsertOpOp | None = None,
        order: _InsertOpOrder | None = None,
        argument: int | None = None,
        functions: str | None = None,
    ) -> None: ...

_InvertChannelSide = Literal["output", "input"]

class InvertChannel(MutationPass):
    """Negates one channel of the weights.

    Fault model: A sign is lost or taken twice where weights are converted.
    Source: Neuron activation inverse (NAI), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206,
    at the weights of the neuron; its bias is a place of its own.
    Operator ``invert-channel``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        side: Whether a channel is what makes one output, or what one input is multiplied by. Only
            weights of convolutions and matrix products have input channels. Takes one of: output,
            input; by default output.
        channel: The channel, counted from 0. Takes an integer of 0 or more; by default one drawn by
            `seed`.
        seed: Which channel is drawn. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: channels that are zero, and weights of uint8; constants of one element, which are
    settings such as the bound of a clip, of other types than float32, float64, int8 and uint8,
    inside tuples, and those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        side: _InvertChannelSide | None = None,
        channel: int | None = None,
        seed: int | None = None,
        functions: str | None = None,
    ) -> None: ...

_NarrowIndexType = Literal["int16", "int8", "uint8"]

class NarrowIndex(MutationPass):
    """Computes an index of a load or a store in a narrow integer type, in which it wraps round.

    Fault model: Index arithmetic is done in too few bits: large tensors are addressed modulo a
    power of two.
    Source: CWE-197, numeric truncation error, in an address; the arithmetic type mutants of
    MutateNN, arXiv 2306.01697.
    Operator ``narrow-index``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        type: The type that the index is computed in. Takes one of: int16, int8, uint8; by default
            int16 and int8; where neither may wrap, the first type that does.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: axes whose extent fits the type: an index that stays in bounds never wraps;
    literals; of a vector of indices, the first one is narrowed and the rest follow it.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        type: _NarrowIndexType | None = None,
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

_NegateExprWhere = Literal["load", "call", "stored", "var"]

class NegateExpr(MutationPass):
    """Negates a number that is loaded, stored, returned by a function or held by a variable.

    Fault model: A sign is lost or added: an accumulation subtracts, a gradient or an offset points
    backwards.
    Source: Unary operator insertion (UOI), Offutt et al., TOSEM 5(2), 1996; the invert negatives
    mutator of PIT.
    Operator ``negate-expr``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        where: Only conditions of this kind. Takes one of: load, call, stored, var; by default any
            of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: literals: tweak-int and tweak-float negate them; indices, what a block's axis is
    bound to and bounds of loops: nearly every access would leave its buffer, nearly every loop
    would not run; unsigned integers, which have no sign; arguments of calls other than mathematical
    functions, which are sizes and flags, and calls whose result is thrown away.

    Redundant, in campaigns only on request: the right operand of an addition or subtraction, by
    swap-arith; the right one of a product or quotient, and the product or quotient that is stored,
    by its left operand; a difference that is stored, by swap-operands.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        where: _NegateExprWhere | None = None,
    ) -> None: ...

class QuantiseWeights(MutationPass):
    """Rounds weights to the levels of a low-precision integer.

    Fault model: Weights pass through a narrower type than the model was trained with.
    Source: Arithmetic type mutations of MutateNN, arXiv 2306.01697, for weights; linear
    quantisation, Jacob et al., CVPR 2018.
    Operator ``quantise-weights``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        bits: Bits of a weight, its sign included. Takes an integer from 2 to 24; by default 8 and 4
            in turn.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: weights that are no floating-point numbers, and weights that rounding leaves as they
    are; constants of one element, which are settings such as the bound of a clip, of other types
    than float32, float64, int8 and uint8, inside tuples, and those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        bits: int | None = None,
        functions: str | None = None,
    ) -> None: ...

_ReinterpretStorageType = Literal["float16", "int32", "int16", "int8"]

class ReinterpretStorage(MutationPass):
    """Stores narrow elements at a narrow stride into a buffer that readers take for wide.

    Fault model: Writer and readers of a buffer disagree on its element type: the memory holds other
    numbers at other places.
    Source: The arithmetic type mutants of MutateNN, arXiv 2306.01697, as its released code makes
    them under TVM up to 0.8.
    Operator ``reinterpret-storage``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        type: What is written. Floating-point numbers round towards zero and saturate in integer
            types; int32 in a float32 buffer keeps the stride. Takes one of: float16, int32, int16,
            int8; by default float16 and int8; where neither is narrower, the first type that
            differs.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: stage tensor: a block has no view of a buffer with another element type; types with
    more bits than the buffer's elements: the store would leave the buffer; bfloat16 and float8: TVM
    keeps such buffers as integers of its own making; buffers of booleans, handles and float8
    values.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        type: _ReinterpretStorageType | None = None,
    ) -> None: ...

_ReplaceOpTo = Literal[
    "abs",
    "ceil",
    "cos",
    "erf",
    "exp",
    "floor",
    "log",
    "negative",
    "nn.gelu",
    "nn.gelu_tanh",
    "nn.leakyrelu",
    "nn.relu",
    "nn.selu",
    "nn.silu",
    "round",
    "rsqrt",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "square",
    "tanh",
    "add",
    "divide",
    "floor_divide",
    "maximum",
    "minimum",
    "mod",
    "multiply",
    "power",
    "subtract",
    "nn.avg_pool1d",
    "nn.max_pool1d",
    "nn.avg_pool2d",
    "nn.max_pool2d",
    "nn.avg_pool3d",
    "nn.max_pool3d",
    "nn.log_softmax",
    "nn.softmax",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "variance",
    "argmax",
    "argmin",
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "not_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "isfinite",
    "isinf",
    "isnan",
]

class ReplaceOp(MutationPass):
    """Replaces an operator of the graph by another that takes the same arguments.

    Fault model: An operator is translated as a related one: another activation, pooling, reduction
    or arithmetic.
    Source: Layer and arithmetic node replacement of MutateNN, arXiv 2306.01697; operator
    replacement, King and Offutt, SP&E 21(7), 1991.
    Operator ``replace-op``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default any operator that has a replacement.
        to: The operator that stands there instead; leakyrelu has the slope 0.01. Takes one of: abs,
            ceil, cos, erf, exp, floor, log, negative, nn.gelu, nn.gelu_tanh, nn.leakyrelu, nn.relu,
            nn.selu, nn.silu, round, rsqrt, sigmoid, sign, sin, sqrt, square, tanh, add, divide,
            floor_divide, maximum, minimum, mod, multiply, power, subtract, nn.avg_pool1d,
            nn.max_pool1d, nn.avg_pool2d, nn.max_pool2d, nn.avg_pool3d, nn.max_pool3d,
            nn.log_softmax, nn.softmax, max, mean, min, prod, std, sum, variance, argmax, argmin,
            equal, greater, greater_equal, less, less_equal, not_equal, logical_and, logical_or,
            logical_xor, isfinite, isinf, isnan; by default subtract for add, divide for multiply,
            minimum for maximum and the other way round, sigmoid, tanh, gelu and leakyrelu for relu,
            avg_pool for max_pool and the other way round, log_softmax for softmax; one or two
            relatives of each other operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: replacements whose result would have another shape or element type; what is equal at
    the place: adding or subtracting 0, multiplying or dividing by 1, pooling over windows of one
    element, reductions of one element, and the larger or smaller of a value and itself; launches of
    kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: str | None = None,
        to: _ReplaceOpTo | None = None,
    ) -> None: ...

_RoundThroughType = Literal[
    "float16",
    "bfloat16",
    "float8_e4m3fn",
    "float8_e5m2",
    "int32",
    "int16",
    "int8",
]

_RoundThroughWhere = Literal["store", "load"]

class RoundThrough(MutationPass):
    """Sends a stored or loaded value through a narrower type and back.

    Fault model: A value is computed, passed or kept in too narrow a type: digits, range or fraction
    are lost.
    Source: The arithmetic type mutants of MutateNN, arXiv 2306.01697, as their paper describes
    them.
    Operator ``round-through``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        type: The narrower type. Floating-point numbers round to nearest, ties to even; to integers
            they round towards zero and saturate, as they do in float8. Integers wrap in integer
            types. Takes one of: float16, bfloat16, float8_e4m3fn, float8_e5m2, int32, int16, int8;
            by default of stores float16, bfloat16 and int8, of loads float16, as far as they change
            something; else the first type that does.
        where: Only values that are stored, or loaded. Takes one of: store, load; by default either
            of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: types that hold every value of the value's type, or of the type that it is cast
    from; literals: tweak-int and tweak-float change them; loads that are stored as they are (the
    store's value is rounded) or that are an index (narrow-index); booleans, handles and float8
    values; bfloat16 and float8 are written out as arithmetic on the bits of a float32, since TVM
    drops such casts; float16 is a cast, for which generated OpenCL needs cl_khr_fp16, and generated
    C a type `half`.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        type: _RoundThroughType | None = None,
        where: _RoundThroughWhere | None = None,
    ) -> None: ...

_ScaleStrideAction = Literal["mul", "div"]

class ScaleStride(MutationPass):
    """Scales a stride: the literal that a part of an index is multiplied by, or a vector's step.

    Fault model: Rows of another length are assumed: a padded, packed or transposed layout is
    addressed by the strides of another.
    Source: Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991, in the strides of an
    address.
    Operator ``scale-stride``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        action: What is done to it; quotients round towards zero. Takes one of: mul, div; by default
            mul and div.
        by: The factor or divisor. Takes an integer from 2 to 1e+09; by default 2.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: products outside of indices; lowering moves what indices share into bindings of
    integers, which count as indices; strides that are no literal; quotients that are 0, and strides
    beyond the type's range.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        action: _ScaleStrideAction | None = None,
        by: int | None = None,
    ) -> None: ...

_ShiftIndexAccess = Literal["load", "store"]

class ShiftIndex(MutationPass):
    """Moves one index of a load or a store by one element; of a vector, all its lanes.

    Fault model: An off-by-one in the address of an access: a halo, a padding or a tile's origin is
    computed wrongly.
    Source: Unary operator insertion (UOI), Offutt et al., TOSEM 5(2), 1996, as increments of
    indices.
    Operator ``shift-index``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        axis: Only this index of an access, counted from 0. Takes an integer from 0 to 1e+09; by
            default any axis.
        access: Only loads, or only stores. Takes one of: load, store; by default both.
        by: By how many elements. Takes an integer from -1e+09 to 1e+09; by default 1 and -1.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: regions that blocks declare: they follow the accesses; indices that a literal would
    leave the type's range.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        axis: int | None = None,
        access: _ShiftIndexAccess | None = None,
        by: int | None = None,
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

_ShrinkAllocBy = Literal["one", "half"]

class ShrinkAlloc(MutationPass):
    """Allocates less memory for a buffer than is accessed in it.

    Fault model: The size of a workspace is computed wrongly: what is kept in it reaches beyond its
    end, or overlaps what lies there.
    Source: Memory mutation operators (mutating the size of an allocation), Nanavati, Wu, Harman,
    Jia and Krinke, Mutation 2015 (ICST workshops).
    Operator ``shrink-alloc``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        by: By how much the outermost axis is shorter. Takes one of: one, half; by default one, then
            half.
        buffer: Which of the allocations of the block or the sequence, counted from 0. Takes an
            integer of 0 or more; by default each of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: buffers of one element, and of extents that are no constants; buffers with strides,
    an offset or a layout; axes inside the outermost one that has several elements: their extents
    are strides, and another index would be accessed instead.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        by: _ShrinkAllocBy | None = None,
        buffer: int | None = None,
    ) -> None: ...

_ShuffleWeightsPart = Literal["channel", "all"]

_ShuffleWeightsSide = Literal["output", "input"]

class ShuffleWeights(MutationPass):
    """Shuffles the weights of one channel, or of a whole tensor.

    Fault model: Weights are packed or laid out in another order than the kernel reads them in.
    Source: Weight shuffling (WS), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.
    Operator ``shuffle-weights``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        part: What is shuffled. Takes one of: channel, all; by default channel.
        side: Whether a channel is what makes one output, or what one input is multiplied by. Only
            weights of convolutions and matrix products have input channels. Takes one of: output,
            input; by default output.
        channel: The channel, counted from 0. Takes an integer of 0 or more; by default one drawn by
            `seed`.
        seed: Which order is drawn, and which channel. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: channels of one element, such as those of a bias, unless `part` is `all`; weights
    that are all the same; constants of one element, which are settings such as the bound of a clip,
    of other types than float32, float64, int8 and uint8, inside tuples, and those handed to kernels
    (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        part: _ShuffleWeightsPart | None = None,
        side: _ShuffleWeightsSide | None = None,
        channel: int | None = None,
        seed: int | None = None,
        functions: str | None = None,
    ) -> None: ...

_SkipIterationsWhich = Literal["first", "last", "odd", "even", "nth"]

class SkipIterations(MutationPass):
    """Leaves some iterations of a loop out.

    Fault model: A loop is split, peeled or unrolled wrongly, so that the first, the last or every
    other iteration is lost.
    Source: Multiple-trip continue (SMTC), Agrawal et al., Design of mutant operators for the C
    programming language, SERC-TR-41-P, 1989.
    Operator ``skip-iterations``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        which: Which iterations are left out, counted from 0; `nth` leaves out the last of every n.
            Takes one of: first, last, odd, even, nth; by default first, last and odd.
        n: How many iterations there are to each that `nth` leaves out. Takes an integer from 2 to
            1e+09; by default 3 for nth.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: loops bound to threads: tweak-thread-extent is their fault; loops that do not go in
    steps of one; iterations that the loop does not have; by default, those that an earlier choice
    leaves out too.

    Redundant, in campaigns only on request: the last iteration, by tweak-extent.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        which: _SkipIterationsWhich | None = None,
        n: int | None = None,
    ) -> None: ...

class SwapArgs(MutationPass):
    """Exchanges two neighbouring arguments of a call.

    Fault model: Operands are bound to the wrong parameters: the divisor for the dividend, a mean
    for a variance.
    Source: Argument switch (ArgSwi) of interface mutation: Delamaro, Maldonado and Mathur, IEEE TSE
    27(3), 2001.
    Operator ``swap-args``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        argument: The first of the two, counted from 0. Takes an integer of 0 or more; by default
            each pair that fits, in turn.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: commutative operators: the result is the same; arguments that are the same value,
    and exchanges that give another type; launches of kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        argument: int | None = None,
        functions: str | None = None,
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

_SwapBlockThreadExtents = Literal["keep", "move"]

class SwapBlockThread(MutationPass):
    """Exchanges the axis of blocks and that of threads in one direction.

    Fault model: blockIdx.x is written where threadIdx.x is meant, and the other way round.
    Source: Replacement of index variables, one of the operators for GPU programs of Zhu and
    Zaidman, ICST 2020; scalar variable replacement (SVR), King and Offutt, SP&E 21(7), 1991.
    Operator ``swap-block-thread``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        extents: Whether the launch keeps its extents, so that the variables take those of the other
            axis, or each variable keeps its own and the launch changes. Takes one of: keep, move;
            by default keep.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: directions of which only one axis is bound in the launch, or one at several places;
    extents=move of axes with equal extents: it makes the same as keep; stage tensor: kernels are
    planted there before threads are bound.

    Semantics-preserving, in no score: where each variable runs as far as before and threads share
    nothing: another thread does the same work; what exceeds the device's limits fails still.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        extents: _SwapBlockThreadExtents | None = None,
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

_SwapChannelsSide = Literal["output", "input"]

class SwapChannels(MutationPass):
    """Exchanges two channels of the weights.

    Fault model: Channels are permuted in one tensor and not in those that go with it.
    Source: Neuron switch (NS), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206.
    Operator ``swap-channels``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        side: Whether a channel is what makes one output, or what one input is multiplied by. Only
            weights of convolutions and matrix products have input channels. Takes one of: output,
            input; by default output.
        channel: The channel, counted from 0. Takes an integer of 0 or more; by default one drawn by
            `seed`.
        with_: The other channel, counted from 0. Takes an integer of 0 or more; by default the next
            one that differs.
        seed: Which channel is drawn. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: channels that are equal, and weights of one channel; constants of one element, which
    are settings such as the bound of a clip, of other types than float32, float64, int8 and uint8,
    inside tuples, and those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        side: _SwapChannelsSide | None = None,
        channel: int | None = None,
        with_: int | None = None,
        seed: int | None = None,
        functions: str | None = None,
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

_SwapCombinerFrom = Literal["add", "max", "min", "mul"]

_SwapCombinerTo = Literal["add", "max", "min", "mul"]

class SwapCombiner(MutationPass):
    """Replaces the operation by which an accumulator takes in the next value.

    Fault model: A reducer is lowered to another one's operation: a sum to a maximum.
    Source: Arithmetic operator replacement (AOR), Offutt et al., TOSEM 5(2), 1996, at the step that
    accumulates.
    Operator ``swap-combiner``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only reductions by this operation. Takes one of: add, max, min, mul; by default any
            of them.
        to: What combines instead. Takes one of: add, max, min, mul; by default each of the others.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: operations that do not read the place that their statement stores to: swap-arith's;
    booleans: swap-logic's.

    Redundant, in campaigns only on request: all, by swap-arith, which makes the same at more
    places: ask for this operator alone.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapCombinerFrom | None = None,
        to: _SwapCombinerTo | None = None,
    ) -> None: ...

class SwapConcat(MutationPass):
    """Exchanges two neighbouring inputs of a concatenation.

    Fault model: Branches are joined in the wrong order, so that channels reach the wrong weights.
    Source: Argument switch (ArgSwi) of interface mutation: Delamaro, Maldonado and Mathur, IEEE TSE
    27(3), 2001; node input modifications of MutateNN, arXiv 2306.01697.
    Operator ``swap-concat``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        input: The first of the two, counted from 0. Takes an integer of 0 or more; by default each
            pair in turn.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: inputs that are the same value; concatenations of a tuple that is given as a
    parameter.
    """

    def __init__(self, *, site: Site = 0, function: str = "", input: int | None = None) -> None: ...

class SwapIndex(MutationPass):
    """Exchanges two axes of an access; where there is one index only, two loop variables in it.

    Fault model: A layout is taken for its transpose, or loops are reordered without their accesses.
    Source: The transpose mutants of MutateNN, arXiv 2306.01697; scalar variable replacement (SVR),
    Offutt et al., TOSEM 5(2), 1996, in both places at once.
    Operator ``swap-index``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        first: One of the two, counted from 0 in reading order. Takes an integer from 0 to 1e+09; by
            default every pair of neighbours.
        second: The other one. Takes an integer from 0 to 1e+09; by default every pair of
            neighbours.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: indices that are equal, or of different types: lanes stay on the last axis; by
    default, axes or variables that are not neighbours; indices that define variables; variables
    other than those of loops, threads and block axes.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        first: int | None = None,
        second: int | None = None,
    ) -> None: ...

_SwapIntrinsicFrom = Literal[
    "exp",
    "exp2",
    "exp10",
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "rsqrt",
    "floor",
    "ceil",
    "round",
    "trunc",
    "nearbyint",
    "tanh",
    "sigmoid",
    "erf",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "asin",
    "acos",
    "atan",
    "asinh",
    "atanh",
]

_SwapIntrinsicTo = Literal[
    "exp",
    "exp2",
    "exp10",
    "log",
    "log2",
    "log10",
    "log1p",
    "sqrt",
    "rsqrt",
    "floor",
    "ceil",
    "round",
    "trunc",
    "nearbyint",
    "tanh",
    "sigmoid",
    "erf",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "asin",
    "acos",
    "atan",
    "asinh",
    "atanh",
]

class SwapIntrinsic(MutationPass):
    """Replaces a mathematical function by a related one of the same argument.

    Fault model: A function is lowered to the wrong one: of another base, its inverse, rounding
    another way.
    Source: Arithmetic node replacement of MutateNN, arXiv 2306.01697; change of the activation
    function (ACH) of DeepCrime, Humbatova, Jahangirova and Tonella, ISSTA 2021.
    Operator ``swap-intrinsic``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only calls of this function. Takes one of: exp, exp2, exp10, log, log2, log10, log1p,
            sqrt, rsqrt, floor, ceil, round, trunc, nearbyint, tanh, sigmoid, erf, sin, cos, tan,
            sinh, cosh, asin, acos, atan, asinh, atanh; by default any function.
        to: What is called instead: exp, exp2, exp10; log, log2, log10, log1p; sqrt, rsqrt; floor,
            ceil, round, trunc, nearbyint; tanh, sigmoid, erf; sin, cos, tan; sinh, cosh; asin,
            acos, atan; asinh, atanh. The target `c` has no exp2 and no exp10. Takes one of: exp,
            exp2, exp10, log, log2, log10, log1p, sqrt, rsqrt, floor, ceil, round, trunc, nearbyint,
            tanh, sigmoid, erf, sin, cos, tan, sinh, cosh, asin, acos, atan, asinh, atanh; by
            default each other one of its group in turn.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: round and nearbyint for one another: TVM lowers both to rounding half to even on
    llvm, opencl and cuda; of 16-bit floats, functions that llvm, opencl or cuda do not compile for
    them: log1p, erf, tan and the hyperbolic and inverse ones; functions of two arguments:
    swap-operands is their fault.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapIntrinsicFrom | None = None,
        to: _SwapIntrinsicTo | None = None,
    ) -> None: ...

class SwapLayers(MutationPass):
    """Exchanges a layer with the one before it.

    Fault model: A graph rewrite moves an operator past another one that it does not commute with.
    Source: Layer node replacement of MutateNN, arXiv 2306.01697, for two nodes at once.
    Operator ``swap-layers``, version 1, stages: graph.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: layers of several computed tensors, and a value between the two that others read
    too; pairs that commute: elementwise operators and moves of elements, monotone operators and
    max_pool, two additions, two equal layers; pairs that do not type-check in the other order, or
    give another type.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        functions: str | None = None,
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

class SwapLoops(MutationPass):
    """Exchanges two perfectly nested loops.

    Fault model: A schedule reorders loops. Where both carry one floating-point sum, it is rounded
    in another order; otherwise a compiler must get the same result.
    Source: Loop interchange, Allen and Kennedy, TOPLAS 9(4), 1987, without its test of legality.
    Operator ``swap-loops``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: loops bound to threads and vectorised ones: they are not run in an order; an inner
    loop whose bounds depend on the outer one's variable: it cannot leave it; loops of one
    iteration; a parallel loop that would be entered 1,024 times or more; loops of which it cannot
    be told whether the order shows, and those that carry only integers or extremes, whose order
    does not.

    Semantics-preserving, in no score: where the iterations of one of the two access nothing that
    others write; where both carry one floating-point sum or product, the order shows.
    """

    def __init__(self, *, site: Site = 0, function: str = "") -> None: ...

_SwapOperandsFrom = Literal[
    "sub",
    "div",
    "floordiv",
    "floormod",
    "mod",
    "shift-left",
    "shift-right",
    "lt",
    "le",
    "gt",
    "ge",
    "pow",
    "atan2",
    "fmod",
    "copysign",
    "nextafter",
]

class SwapOperands(MutationPass):
    """Exchanges the operands of an operation in which they are not alike.

    Fault model: Operands are emitted in the wrong order: a difference is negated, a quotient
    inverted.
    Source: Argument switching (ArgSwiAli) of interface mutation, Delamaro, Maldonado and Mathur,
    IEEE TSE 27(3), 2001, on the operands of an operation.
    Operator ``swap-operands``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        from_: Only operations of this kind. Takes one of: sub, div, floordiv, floormod, mod,
            shift-left, shift-right, lt, le, gt, ge, pow, atan2, fmod, copysign, nextafter; by
            default any of them.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: operations that are commutative, floating-point ones included: IEEE 754 rounds both
    orders alike; equal operands; integer divisions of 0 and shifts of what is no number of bits:
    the result would divide by 0, or shift by it; operands that are booleans or handles.

    Redundant, in campaigns only on request: comparisons, by swap-cmp: `b < a` is `a > b`.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        from_: _SwapOperandsFrom | None = None,
    ) -> None: ...

_SwapThreadAxisWith = Literal[
    "blockIdx.x",
    "blockIdx.y",
    "blockIdx.z",
    "threadIdx.x",
    "threadIdx.y",
    "threadIdx.z",
]

_SwapThreadAxisExtents = Literal["keep", "move"]

class SwapThreadAxis(MutationPass):
    """Exchanges two axes of threads, or two of blocks.

    Fault model: Rows and columns are confused: what threadIdx.x counts is taken from threadIdx.y.
    Source: Replacement of index variables, one of the operators for GPU programs of Zhu and
    Zaidman, ICST 2020; scalar variable replacement (SVR), King and Offutt, SP&E 21(7), 1991.
    Operator ``swap-thread-axis``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        with_: The other axis. Takes one of: blockIdx.x, blockIdx.y, blockIdx.z, threadIdx.x,
            threadIdx.y, threadIdx.z; by default each that is bound inside the axis in turn.
        extents: Whether the launch keeps its extents, so that the variables take those of the other
            axis, or each variable keeps its own and the launch changes. Takes one of: keep, move;
            by default keep.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: axes of which only one is bound in the launch, or one at several places side by
    side; extents=move of axes with equal extents: it makes the same as keep; stage tensor: kernels
    are planted there before threads are bound.

    Semantics-preserving, in no score: where as many threads are launched on each variable as
    before, and they share nothing but through barriers and shared memory: another thread does the
    same work. A launch of more blocks or threads along an axis than the device allows still fails.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        with_: _SwapThreadAxisWith | None = None,
        extents: _SwapThreadAxisExtents | None = None,
    ) -> None: ...

class TweakExtent(MutationPass):
    """Lets a loop run one iteration more, or one less.

    Fault model: An off-by-one in a loop's trip count: a remainder is forgotten or counted twice.
    Source: The loop threshold mutants of MutateNN's code, arXiv 2306.01697; unary operator
    insertion (UOI), Offutt et al., TOSEM 5(2), 1996, in the bound of a loop.
    Operator ``tweak-extent``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        by: How many iterations more. Takes an integer from -1e+09 to 1e+09; by default 1 and -1.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: loops bound to threads: tweak-thread-extent is their fault; vectorised and unrolled
    loops whose extent is no literal: TVM refuses them; extents below 0, and below 1 in vectorised
    loops.
    """

    def __init__(self, *, site: Site = 0, function: str = "", by: int | None = None) -> None: ...

_TweakFloatAction = Literal["zero", "one", "negate", "ulp", "relative"]

class TweakFloat(MutationPass):
    """Changes a floating-point literal: to 0, 1 or its negative, by some ulps or by a part of it.

    Fault model: A coefficient, an epsilon or a padding value is folded, rounded or printed wrongly.
    Source: Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991; the inline constant
    mutator of PIT; perturbation of last places as in Monte Carlo arithmetic, Parker, UCLA
    CSD-970002, 1997.
    Operator ``tweak-float``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        action: What is done to the literal. Takes one of: zero, one, negate, ulp, relative; by
            default zero, negate, ulp and relative in turn; one for 0.
        ulps: For ulp: how many numbers of the literal's own type it moves up; down where negative.
            Takes an integer from -2147483648 to 2147483648; by default 1.
        delta: For relative: the part of the literal that is added to it; may be negative. Takes a
            number; by default 0.01.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: by default 0 becomes 1 and nothing else: the number beside 0 is subnormal, which
    many devices take for 0; -0 is never made of 0; numbers that stay as they are when rounded to
    the literal's type, and finite numbers that leave it; NaN; types other than float16, bfloat16,
    float32 and float64; arguments of calls other than mathematical functions and conditional
    expressions.

    Redundant, in campaigns only on request: operands that then change nothing, by drop-operand;
    signs that another operator changes as well, by swap-arith and negate-expr.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        action: _TweakFloatAction | None = None,
        ulps: int | None = None,
        delta: float | None = None,
    ) -> None: ...

_TweakInitTo = Literal["zero", "one", "minus-one", "highest", "lowest", "relative"]

class TweakInit(MutationPass):
    """Begins a reduction with another value.

    Fault model: A reduction is emitted with the identity of another reducer, or with one that is a
    little off.
    Source: Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991, of a reduction's
    identity.
    Operator ``tweak-init``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        to: What it begins with: highest and lowest are the infinities, or an integer type's limits.
            Takes one of: zero, one, minus-one, highest, lowest, relative; by default of float
            literals all but relative; of other floats zero, one and relative; of integers zero,
            one, minus-one, and the opposite limit of a limit.
        by: The share of it that `relative` adds. Takes a number; by default 0.01.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: the value that stands there already, and an infinity where the type's largest number
    of that sign stands: the same identity; integers take no minus-one where they are unsigned, and
    no relative change; 8-bit floating-point numbers take no infinity.

    Redundant, in campaigns only on request: what tweak-int and tweak-float make of a literal too:
    zero, its negative, of a float 0 one, and of integers their neighbours.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        to: _TweakInitTo | None = None,
        by: float | None = None,
    ) -> None: ...

_TweakIntAction = Literal["add", "sub", "zero", "negate"]

class TweakInt(MutationPass):
    """Changes an integer literal: by an amount, to 0 or to its negative.

    Fault model: A stride, an offset, a bound or a factor is computed or folded wrongly.
    Source: Constant replacement (CRP), King and Offutt, SP&E 21(7), 1991; the inline constant and
    CRCR mutators of PIT.
    Operator ``tweak-int``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        action: What is done to the literal. Takes one of: add, sub, zero, negate; by default add,
            sub, zero and negate in turn.
        amount: By how much, for add and sub. Takes an integer of 1 or more; by default 1.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: the whole of a loop's bound, which tweak-extent and tweak-min change, and the
    literal that a block's axis is bound to, which is the only value that the axis has; numbers
    beyond the literal's type; divisors that become 0, which TVM refuses; shifts by less than
    nothing or by a whole word; an action that makes the same number as an earlier one; booleans,
    and arguments of calls other than mathematical functions, which are sizes and flags.

    Redundant, in campaigns only on request: by 1 in the bound of a comparison, by shift-threshold;
    by 1 in an index, by shift-index; operands that then change nothing, by drop-operand; signs that
    another operator changes as well, by swap-arith and negate-expr.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        action: _TweakIntAction | None = None,
        amount: int | None = None,
    ) -> None: ...

class TweakMin(MutationPass):
    """Lets a loop begin one later, or one earlier, and run as often as before.

    Fault model: A loop is peeled or shifted wrongly: its first iteration is off by one.
    Source: The loop threshold mutants of MutateNN's code, arXiv 2306.01697; unary operator
    insertion (UOI), Offutt et al., TOSEM 5(2), 1996, in the bound of a loop.
    Operator ``tweak-min``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        by: By how much later. Takes an integer from -1e+09 to 1e+09; by default 1 and -1.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: loops bound to threads: tweak-thread-extent is their fault; parallel and vectorised
    loops, and loops inside of vectorised ones: TVM refuses those that do not begin at zero.
    """

    def __init__(self, *, site: Site = 0, function: str = "", by: int | None = None) -> None: ...

_TweakStoreAction = Literal["add", "sub", "mul", "div"]

class TweakStore(MutationPass):
    """Stores a value that an amount is added to, subtracted from, multiplied with or divided by.

    Fault model: A result is written with an offset or a wrong scale, such as a lost requantisation
    factor.
    Source: The kernel store mutants of MutateNN, arXiv 2306.01697, which stored the old value in
    fact.
    Operator ``tweak-store``, version 1, stages: tensor, kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        action: What is done to the value. Integers are divided rounding down, and stay integers.
            Takes one of: add, sub, mul, div; by default each in turn.
        amount: By how much; may be negative. Takes a number; by default of integers 1 for add and
            sub, 2 for mul and div; of other numbers 0.5 and 2.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: amounts that change nothing, or nothing in the value's type: adding 0, multiplying
    by 1.00000001 in float32; by default, an action that makes the same literal as an earlier one;
    integers take whole amounts only, and no amount or literal result beyond their type; stored
    booleans and handles.

    Redundant, in campaigns only on request: of integer literals, what tweak-int makes too: one more
    or one less.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        action: _TweakStoreAction | None = None,
        amount: float | None = None,
    ) -> None: ...

_TweakThreadExtentAxis = Literal[
    "blockIdx.x",
    "blockIdx.y",
    "blockIdx.z",
    "threadIdx.x",
    "threadIdx.y",
    "threadIdx.z",
]

_TweakThreadExtentChange = Literal["add", "sub", "half"]

class TweakThreadExtent(MutationPass):
    """Launches more or fewer threads or blocks.

    Fault model: The launch configuration is computed wrongly: work is left undone, done twice, or
    done beyond the end.
    Source: change_block of MutateNN, arXiv 2306.01697; changed launch configurations are among the
    operators for GPU programs of Zhu and Zaidman, ICST 2020.
    Operator ``tweak-thread-extent``, version 1, stages: kernel.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        axis: Only this axis of a launch. Takes one of: blockIdx.x, blockIdx.y, blockIdx.z,
            threadIdx.x, threadIdx.y, threadIdx.z; by default any.
        change: One more, one less, or half. Takes one of: add, sub, half; by default add, sub and
            half in turn.
        to: The new extent itself. Takes an integer of 1 or more; by default as `change` says.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: extents that are no constants, and those below 1: there is nothing to launch; an
    axis bound at several places side by side in one launch: TVM takes the first extent; half of 2,
    by default: it is one less; stage tensor: kernels are planted there before threads are bound.
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        axis: _TweakThreadExtentAxis | None = None,
        change: _TweakThreadExtentChange | None = None,
        to: int | None = None,
    ) -> None: ...

_ZeroChannelSide = Literal["output", "input"]

class ZeroChannel(MutationPass):
    """Sets one channel of the weights to zero.

    Fault model: A part of the weights is not transferred, or a neuron loses its effect.
    Source: Neuron effect block (NEB), DeepMutation, Ma et al., ISSRE 2018, arXiv 1805.05206: with
    `side=input` the next layer ignores one neuron.
    Operator ``zero-channel``, version 1, stages: weight.

    Args:
        site: a number, several, a mutant id or ``'all'``; see ``MutationPass``.
        function: narrows the pass to one TIR function.
        side: Whether a channel is what makes one output, or what one input is multiplied by. Only
            weights of convolutions and matrix products have input channels. Takes one of: output,
            input; by default output.
        channel: The channel, counted from 0. Takes an integer of 0 or more; by default one drawn by
            `seed`.
        seed: Which channel is drawn. Takes an integer; by default 0.
        functions: Only calls of these operators. Takes operators of Relax joined by +, such as
            nn.conv2d+add; by default calls of any operator.

    Raises:
        ValueError: when it runs on a module without such a site, or when the
            result is refused by TVM's verifier; the message says which.

    Left alone: channels that are zero already; constants of one element, which are settings such as
    the bound of a clip, of other types than float32, float64, int8 and uint8, inside tuples, and
    those handed to kernels (call_tir).
    """

    def __init__(
        self,
        *,
        site: Site = 0,
        function: str = "",
        side: _ZeroChannelSide | None = None,
        channel: int | None = None,
        seed: int | None = None,
        functions: str | None = None,
    ) -> None: ...

PASSES: dict[str, type[MutationPass]]
"""Pass classes by operator id."""
