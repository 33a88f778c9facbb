"""Kernels as hypothesis draws them, at both stages: nests, guards, blocks, sums, GPU threads.

Every kernel is accepted by TVM's verifiers and stays inside its buffers; flat ones are drawn as
such or lowered by TVM from one in blocks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import tvm
from hypothesis import reject
from hypothesis import strategies as st
from tvm import ir, s_tir, tirx

from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernel
from tir_expressions import EXACT, FLOATS, INTEGERS, LANES, SIDE, Space

CPU, GPU = "llvm", "cuda"
STAGES = ("tensor", "kernel")
_KINDS = (
    *(tirx.ForKind.SERIAL, tirx.ForKind.UNROLLED, tirx.ForKind.VECTORIZED, tirx.ForKind.PARALLEL),
)
_COMBINERS = (*((tirx.Add, 0), (tirx.Mul, 1), (tirx.Max, 0), (tirx.Min, 5)),)
_THREADS = ("blockIdx.x", "threadIdx.x", "threadIdx.y")


@dataclasses.dataclass(frozen=True)
class Maker:
    """Draws the statements of one kernel, in blocks or flat, for a CPU or a GPU."""

    space: Space
    blocks: bool
    gpu: bool
    outputs: dict[str, list[Any]]
    buffers: list[Any]
    """All that a block may access, workspaces too."""

    def output(self, dtype: str) -> Any:
        """A buffer that may be written."""
        return self.space.one(*self.outputs[dtype])

    def at(self, space: Space) -> Maker:
        """The maker at another point."""
        return dataclasses.replace(self, space=space)

    # Statements.

    def nest(self, depth: int = 2) -> Any:
        """A loop of any kind around statements."""
        space = self.space
        first = space.draw(st.integers(0, 1))
        extent = space.number(1, SIDE - first)
        var = ir.Var(f"i{len(space.variables)}", "int32")
        kinds = (tirx.ForKind.SERIAL,) if space.exact else _KINDS
        body = self.at(space.inside(var)).statement(depth - 1)
        return tirx.For(var, tirx.IntImm("int32", first), extent, space.one(*kinds), body)

    def statement(self, depth: int) -> Any:
        """A store, a choice between two, a sequence, or a loop."""
        kind = self.space.draw(st.integers(0, 6))
        if kind == 1 and depth:
            return self.nest(depth)
        if kind == 2 and depth:
            return self.guarded(depth)
        if kind == 3:
            first = self.simple()
            # What binds a variable cannot stand twice.
            twice = isinstance(first, tirx.BufferStore) and not isinstance(first.value, tirx.Let)
            twice = twice and self.space.chance(30)
            return tirx.SeqStmt([first, first if twice else self.simple()])
        return self.simple()

    def guarded(self, depth: int) -> Any:
        """An if, with or without else."""
        condition = self.space.condition()
        if self.space.chance(30) and not self.space.exact:
            condition = tirx.likely(condition)
        first = self.at(self.space.inside()).statement(depth - 1)
        other = None
        if self.space.chance(50):
            other = self.at(self.space.inside()).statement(depth - 1)
        return tirx.IfThenElse(condition, first, other)

    def simple(self) -> Any:
        """A store, in a block of its own or bare, perhaps of several lanes or of a named value."""
        space = self.space
        dtype = space.one(*self.outputs)
        if self.blocks and space.variables and space.chance(70):
            return self.block(dtype)
        buffer = self.output(dtype)
        if not self.blocks and space.variables and space.chance(25):
            return tirx.BufferStore(buffer, space.value(dtype, LANES), space.ramp(LANES))
        if space.chance(20):
            var = ir.Var("kept", dtype)
            bound, body = space.value(dtype), tirx.Add(var, var)
            if self.blocks:
                return tirx.BufferStore(buffer, tirx.Let(var, bound, body), space.index())
            return tirx.SeqStmt(
                [tirx.Bind(var, bound), tirx.BufferStore(buffer, body, space.index())]
            )
        return tirx.BufferStore(buffer, space.value(dtype), space.index())

    def block(self, dtype: str) -> Any:
        """A block whose axes are the loops' variables, under a predicate."""
        space = self.space
        axes, values = self.axes(space.variables)
        inner = dataclasses.replace(
            space.inside(), variables=tuple(axis.var for axis in axes), made={}
        )
        store = tirx.BufferStore(self.output(dtype), inner.value(dtype), inner.index())
        predicate = space.condition(depth=0) if space.chance(40) else tirx.IntImm("bool", 1)
        return self.realize(values, predicate, axes, store)

    def axes(self, variables: tuple[Any, ...], summed: int = 0) -> tuple[list[Any], list[Any]]:
        """Axes of a block over variables, the last ``summed`` of them summed, and their values."""
        kinds = [tirx.IterVar.DataPar] * (len(variables) - summed)
        kinds += [tirx.IterVar.CommReduce] * summed
        dom = ir.Range(0, SIDE)
        found = [
            tirx.IterVar(dom, ir.Var(f"v_{var.name}", "int32"), kind)
            for var, kind in zip(variables, kinds, strict=True)
        ]
        return found, list(variables)

    def realize(
        self, values: list[Any], predicate: Any, axes: list[Any], body: Any, init: Any = None
    ) -> Any:
        """A block with the regions that TVM detects, realised."""
        bare = s_tir.SBlock(axes, [], [], "block", body, init)
        visible = {buffer: buffer for buffer in self.buffers}
        try:
            reads, writes, _ = s_tir.analysis.get_sblock_access_region(bare, visible)
        except tvm.error.InternalError:  # It folds constants, and not all: `uint8(0) - uint8(3)`.
            reject()
        block = s_tir.SBlock(axes, reads, writes, "block", body, init)
        return s_tir.SBlockRealize(values, predicate, block)

    def loops(self, variables: tuple[Any, ...], body: Any) -> Any:
        """Serial loops around a body."""
        zero, side = tirx.IntImm("int32", 0), tirx.IntImm("int32", SIDE)
        for var in reversed(variables):
            body = tirx.For(var, zero, side, tirx.ForKind.SERIAL, body)
        return body

    # Larger pieces.

    def total(self) -> Any:
        """A sum, a product, a maximum or a minimum over one axis."""
        space = self.space
        dtype = space.one(*self.outputs)
        combine, start = space.one(*_COMBINERS)
        neutral = tirx.const(start, dtype)
        kept = tuple(ir.Var(name, "int32") for name in ("m", "n")[: len(space.shape)])
        summed = ir.Var("k", "int32")
        if not self.blocks:
            inner = space.inside(*kept, summed)
            place = [kept[0]] if len(space.shape) == 1 else list(kept)
            store = self.combining(dtype, combine, inner, place)
            first = tirx.BufferStore(store.buffer, neutral, place)
            body = tirx.SeqStmt([first, self.loops((summed,), store)])
            if space.chance(50):
                first = tirx.IfThenElse(tirx.EQ(summed, tirx.IntImm("int32", 0)), first, None)
                body = self.loops((summed,), tirx.SeqStmt([first, store]))
            return self.loops(kept, body)
        outside = space.inside(*kept, summed)
        axes, values = self.axes((*kept, summed), summed=1)
        inner = dataclasses.replace(outside, variables=tuple(axis.var for axis in axes), made={})
        place = [axis.var for axis in axes[:-1]]
        store = self.combining(dtype, combine, inner, place)
        init = tirx.BufferStore(store.buffer, neutral, place)
        realized = self.realize(values, tirx.IntImm("bool", 1), axes, store, init)
        return self.loops((*kept, summed), realized)

    def combining(self, dtype: str, combine: Any, inner: Space, place: list[Any]) -> Any:
        """One step of a sum."""
        buffer = self.output(dtype)
        kept = tirx.BufferLoad(buffer, place)
        return tirx.BufferStore(buffer, combine(kept, inner.value(dtype, depth=1)), place)

    def staged(self) -> tuple[Any, Any]:
        """A workspace: a copy into it and what reads it, with a barrier between on a GPU."""
        space = self.space
        dtype = space.one(*self.outputs)
        scope = space.one("shared", "local") if self.gpu else space.one("global", "local")
        work = tirx.decl_buffer([SIDE] * len(space.shape), dtype, "work", scope=scope)
        maker = dataclasses.replace(self, buffers=[*self.buffers, work])
        i, j = (tuple(ir.Var(f"{x}{n}", "int32") for n in range(len(space.shape))) for x in "st")
        parts = [maker.copy(i, work, space.buffer(dtype)), maker.copy(j, self.output(dtype), work)]
        if self.gpu and not self.blocks:
            barrier = tirx.call_intrin("void", "tirx.tvm_storage_sync", ir.StringImm("shared"))
            parts.insert(1, tirx.Evaluate(barrier))
        if not self.blocks:
            parts.insert(0, tirx.AllocBuffer(work))
        return tirx.SeqStmt(parts), work

    def copy(self, variables: tuple[Any, ...], target: Any, source: Any) -> Any:
        """A buffer copied to another, element by element; perhaps something is done to each."""
        dtype = str(source.dtype)
        used = variables
        axes: list[Any] = []
        if self.blocks:
            axes, values = self.axes(variables)
            used = tuple(axis.var for axis in axes)
        loaded = tirx.BufferLoad(source, list(used))
        if self.space.chance(30):
            loaded = tirx.Max(loaded, self.space.literal(dtype))
        store = tirx.BufferStore(target, loaded, list(used))
        if self.blocks:
            store = self.realize(values, tirx.IntImm("bool", 1), axes, store)
        return self.loops(variables, store)

    def bounded(self) -> Any:
        """What only some of the threads do, as where there are more of them than elements."""
        block, thread = self.space.variables[:2]
        number = tirx.Add(tirx.Mul(block, tirx.IntImm("int32", SIDE)), thread)
        bound = tirx.LT(number, self.space.number(1, SIDE * SIDE))
        return tirx.IfThenElse(bound, self.at(self.space.inside()).simple(), None)

    def atomic(self) -> Any:
        """An addition that other threads cannot disturb."""
        space = self.space
        buffer = self.output(space.one(*(d for d in self.outputs if d in ("float32", "int32"))))
        dtype = str(buffer.dtype)
        place = tirx.BufferLoad(buffer, space.index())
        pointer = tirx.call_intrin("handle", "tirx.address_of", place)
        name = space.one("tirx.atomic_add", "tirx.cuda.atomic_add")
        return tirx.Evaluate(tirx.call_intrin(dtype, name, pointer, space.value(dtype, depth=1)))


@st.composite
def prim_funcs(
    draw: st.DrawFn, stage: str, gpu: bool = False, exact: bool = False, name: str = "main"
) -> Any:
    """One kernel as it is drawn: in blocks at stage tensor, flat at stage kernel."""
    blocks = stage == "tensor"
    # Beyond the numbers of int8, too.
    side = draw(st.sampled_from([SIDE, SIDE, 75 * SIDE]))
    shape = (SIDE, side) if blocks else (SIDE * side,)
    dtypes = EXACT if exact else ("float32", *draw(st.sampled_from([*_PAIRS])))
    inputs = {d: [tirx.decl_buffer(shape, d, f"in_{d}")] for d in dtypes}
    outputs = {d: [tirx.decl_buffer(shape, d, f"out_{d}")] for d in dtypes}
    readable = {d: [*inputs[d], *outputs[d]] for d in dtypes}
    params = [buffer for d in dtypes for buffer in readable[d]]
    tags = _THREADS[: draw(st.integers(2, 3))] if gpu else ()
    threads = tuple(ir.Var(tag.replace(".", "_"), "int32") for tag in tags)
    space = Space(draw, readable, shape, threads, exact)
    maker = Maker(space, blocks, gpu, outputs, params)
    pieces: list[Callable[[], Any]] = [maker.nest, maker.total, lambda: maker.guarded(2)]
    pieces += [maker.bounded] if gpu else []
    pieces += [maker.atomic, maker.atomic] if gpu and not blocks else []
    body, works = [], []
    if space.chance(70):
        staged, work = maker.staged()
        body += staged.seq
        works.append(work)
    body += [draw(st.sampled_from(pieces))() for _ in range(draw(st.integers(1, 2)))]
    whole = body[0] if len(body) == 1 else tirx.SeqStmt(body)
    whole = _bound(threads, whole, blocks)
    if blocks:
        root = s_tir.SBlock([], [], [], "root", whole, alloc_buffers=works)
        whole = s_tir.SBlockRealize([], True, root)
    func = tirx.PrimFunc(params, whole).with_attr("global_symbol", name)
    func = func.with_attr("s_tir", True)
    return func if blocks else func.with_attr("target", _hosted(gpu))


def _hosted(gpu: bool) -> Any:
    target = parse_target(GPU if gpu else CPU)
    return target.with_host(target)


_PAIRS = [(), *((d,) for d in (*INTEGERS, *FLOATS[1:]))]


def _bound(threads: tuple[Any, ...], body: Any, blocks: bool) -> Any:
    """A body that each of some threads carries out."""
    zero, side = tirx.IntImm("int32", 0), tirx.IntImm("int32", SIDE)
    for var, tag in reversed(list(zip(threads, _THREADS, strict=False))):
        axis = tirx.IterVar(
            ir.Range(0, SIDE), ir.Var("", "int32") if blocks else var, tirx.IterVar.ThreadIndex, tag
        )
        if blocks:
            body = tirx.For(var, zero, side, tirx.ForKind.THREAD_BINDING, body, axis)
        else:
            body = tirx.AttrStmt(axis, "thread_extent", side, body)
    return body


@st.composite
def lowered(draw: st.DrawFn, gpu: bool = False, exact: bool = False, name: str = "main") -> Any:
    """One kernel that TVM has lowered from blocks."""
    func = draw(prim_funcs("tensor", gpu, exact, name))
    try:
        return lower_kernel(func, name, parse_target(GPU if gpu else CPU))
    except Exception:  # TVM raises whatever its passes meet: not every drawing can be lowered.
        reject()


@st.composite
def kernels(draw: st.DrawFn, stages: tuple[str, ...] = STAGES, exact: bool = False) -> Any:
    """A module of one kernel or two, at one of the stages."""
    stage = draw(st.sampled_from(stages))
    functions = {}
    for name in ("main", "other")[: draw(st.integers(1, 1 if exact else 2))]:
        gpu = not exact and draw(st.booleans())
        made: Any = prim_funcs(stage, gpu, exact, name)
        if stage == "kernel" and draw(st.integers(0, 2)) == 2:
            made = lowered(gpu, exact, name)
        functions[name] = draw(made)
    return tvm.IRModule(functions)
