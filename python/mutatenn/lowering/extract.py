"""From a fused module to its plan, its kernels and its weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import tvm
from tvm import relax, tirx

from mutatenn.errors import InputError
from mutatenn.lowering.fuse import fuse
from mutatenn.lowering.plan import Buffer, Launch, Plan, Role
from mutatenn.lowering.prepare import prepare
from mutatenn.lowering.schedule import Scheduler
from mutatenn.lowering.scheduling import schedule_kernels, scheduler_of
from mutatenn.model.layers import bindings, layers_of

Value = int | tuple["Value", ...]
"""What a Relax variable stands for: a buffer id, or a tuple of such."""


@dataclasses.dataclass(frozen=True)
class Lowered:
    """A model as a plan, the fused module that it came from, and its weights by buffer id.

    ``module`` holds the kernels before scheduling, where mutants of stage tensor are planted;
    ``scheduler`` makes of them the kernels that run. It is ``None`` where they run as they are.
    """

    module: Any
    plan: Plan
    weights: dict[int, np.ndarray]
    scheduler: Scheduler | None = None

    def kernel(self, name: str) -> Any:
        """The PrimFunc of that name, before scheduling."""
        return self.module[name]

    @cached_property
    def _scheduled(self) -> tuple[Any, dict[str, tuple[str, ...]]]:
        if self.scheduler is None:
            return self.module, {}
        return schedule_kernels(self.module, self.scheduler)

    @property
    def scheduled(self) -> Any:
        """The module with the kernels that run, made on first use."""
        return self._scheduled[0]

    @property
    def notes(self) -> dict[str, tuple[str, ...]]:
        """By kernel: why rules of its schedule did not apply, a sentence each."""
        return self._scheduled[1]


def lower(
    mod: Any,
    target: str,
    schedule: str = "none",
    threads: int = 1,
    lanes: int | None = None,
) -> Lowered:
    """Fuse a model, if it is not fused yet, and read its plan.

    Args:
        mod: an IRModule whose ``main`` is a Relax function; it is not changed.
        target: what the plan is for, as text; without schedules it is only recorded.
        schedule: ``none``, or ``default``: the graph is prepared for the target's vectors before it
            is fused, unless it was fused before, and each kernel has a schedule.
        threads: how many threads share a kernel's work; for schedules.
        lanes: float32 elements of the vectors that the graph is prepared for, so that several
            targets can share it; 0: it is not prepared. ``None``: those of the target's schedules.

    Raises:
        InputError: the module cannot be run kernel by kernel (the message names the operation), or
            there is no such schedule or target.
    """
    scheduler = scheduler_of(schedule, target, threads)
    if lanes is None:
        lanes = 0 if scheduler is None else scheduler.lanes
    fused = fuse(prepare(mod, lanes) if lanes else mod)
    reader = _Reader(fused)
    reader.read()
    plan = Plan(
        tuple(reader.buffers),
        tuple(reader.launches),
        tuple(reader.inputs),
        tuple(reader.outputs),
        target,
    )
    return Lowered(fused, plan, reader.weights, scheduler)


class _Reader:
    """Follows the bindings of ``main`` and gives every tensor a buffer."""

    def __init__(self, mod: Any) -> None:
        self._mod = mod
        self._values: dict[Any, Value] = {}
        self._constants: dict[Any, int] = {}
        self.buffers: list[Buffer] = []
        self.launches: list[Launch] = []
        self.inputs: list[int] = []
        self.outputs: list[int] = []
        self.weights: dict[int, np.ndarray] = {}

    def read(self) -> None:
        main = self._mod["main"]
        for param in main.params:
            buffer = self._new(str(param.name), "input", param.ty)
            self.inputs.append(buffer)
            self._values[param] = buffer
        for binding in bindings(main):
            self._values[binding.var] = self._bind(binding)
        self.outputs = _flat(self._value(main.body.body))

    def _bind(self, binding: Any) -> Value:
        value, name = binding.value, str(binding.var.name)
        if isinstance(binding, relax.MatchCast):
            raise _refused(name, "a match_cast (its shape is only known at run time)")
        if not isinstance(value, tvm.ir.Call):
            return self._value(value)
        called = value.op.name if isinstance(value.op, tvm.ir.Op) else str(value.op)
        if called != "relax.call_tir" or len(value.args) != 2:
            raise _refused(name, called)
        kernel = str(value.args[0].name_hint)
        if not isinstance(self._mod[kernel], tirx.PrimFunc):
            raise _refused(name, f"{called} of {kernel}, which is no TIR function")
        inputs = _flat(self._value(value.args[1]))
        types = _tensor_types(value.ty)
        outputs = [self._new(name, "activation", type_) for type_ in types]
        layers = layers_of(value)
        index = len(self.launches)
        self.launches.append(Launch(index, kernel, tuple(inputs), tuple(outputs), layers))
        return outputs[0] if isinstance(value.ty, relax.TensorType) else tuple(outputs)

    def _value(self, expr: Any) -> Value:
        if isinstance(expr, tvm.ir.GenericConst):
            return self._constant(expr)
        if isinstance(expr, relax.Tuple):
            return tuple(self._value(field) for field in expr.fields)
        if isinstance(expr, relax.TupleGetItem):
            whole = self._value(expr.tuple_value)
            if isinstance(whole, int):
                raise _refused(str(expr), "an item of something that is no tuple")
            return whole[int(expr.index)]
        if expr in self._values:
            return self._values[expr]
        raise _refused(str(expr), type(expr).__name__)

    def _constant(self, const: Any) -> int:
        if const not in self._constants:
            buffer = self._new(f"weight{len(self.weights)}", "weight", const.ty)
            # ascontiguousarray would give a scalar a dimension.
            self.weights[buffer] = np.asarray(const.value.numpy(), order="C")
            self._constants[const] = buffer
        return self._constants[const]

    def _new(self, name: str, role: Role, type_: Any) -> int:
        buffer = Buffer(len(self.buffers), name, role, _shape(name, type_), str(type_.dtype))
        self.buffers.append(buffer)
        return buffer.id


def _flat(value: Value) -> list[int]:
    if isinstance(value, int):
        return [value]
    return [buffer for item in value for buffer in _flat(item)]


def _tensor_types(type_: Any) -> Sequence[Any]:
    fields = type_.fields if isinstance(type_, relax.TupleType) else [type_]
    return list(fields)


def _shape(name: str, type_: Any) -> tuple[int, ...]:
    if not isinstance(type_, relax.TensorType) or type_.shape is None:
        raise _refused(name, "a value that is no tensor of known shape")
    sizes = list(type_.shape.values if hasattr(type_.shape, "values") else type_.shape)
    if not all(isinstance(size, tirx.IntImm) for size in sizes):
        raise InputError(
            f"{name} has the symbolic shape {tuple(map(str, sizes))}; fix the batch with --batch, "
            "or give the model static shapes"
        )
    return tuple(int(size) for size in sizes)


def _refused(name: str, what: str) -> InputError:
    return InputError(
        f"The model cannot be run kernel by kernel: {name} is {what}; "
        "only call_tir launches, tuples and constants of static shape are supported"
    )
