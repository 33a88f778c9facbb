"""Tensors with blocked channels: (N, C, H, W) held as (N, C / block, H, W, block)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from tvm import relax, te

from mutatenn.lowering.graph.rewriter import Emitter, array_of, static_shape

BLOCKS = (16, 8, 4)
"""Block sizes that are tried, the largest first."""


@dataclasses.dataclass(frozen=True)
class Blocked:
    """A variable that holds channels in blocks, and the size of a block."""

    var: Any
    block: int

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The shape of the tensor that it stands for: N, C, H, W."""
        batch, outer, height, width, inner = _known_shape(self.var)
        return batch, outer * inner, height, width


def block_of(channels: int, lanes: int) -> int | None:
    """The block for so many channels: the largest that fits a vector and leaves no rest.

    Args:
        channels: number of channels.
        lanes: float32 elements of a vector register.
    """
    fitting = (block for block in BLOCKS if block <= lanes and channels % block == 0)
    return next(fitting, None)


class Layouts:
    """Converts between plain and blocked tensors, each tensor at most once either way."""

    def __init__(self, emit: Emitter, lanes: int) -> None:
        self.emit = emit
        self.lanes = lanes
        self._plain: dict[Any, Any] = {}
        self._blocked: dict[tuple[Any, int], Blocked] = {}

    def plain(self, value: Any) -> Any:
        """A value in the layout that the model gave it."""
        if not isinstance(value, Blocked):
            return value
        if value.var not in self._plain:
            self._plain[value.var] = self._to_plain(value)
        return self._plain[value.var]

    def blocked(self, value: Any, block: int) -> Blocked:
        """A value with channels in blocks of ``block``, which divides their number."""
        if isinstance(value, Blocked) and value.block == block:
            return value
        plain = self.plain(value)
        if (plain, block) not in self._blocked:
            self._blocked[plain, block] = Blocked(self._to_blocked(plain, block), block)
        return self._blocked[plain, block]

    def _to_plain(self, value: Blocked) -> Any:
        shape, block = value.shape, value.block
        if shape[2] == shape[3] == 1:
            return self.emit.op(relax.op.reshape(value.var, shape))

        def unblock(data: Any) -> Any:
            return te.compute(
                shape,
                lambda n, c, h, w: data[n, c // block, h, w, c % block],
                name="unblock",
            )

        return self.emit.te(unblock, value.var, name="unblock_channels")

    def _to_blocked(self, plain: Any, block: int) -> Any:
        batch, channels, height, width = _known_shape(plain)
        shape = (batch, channels // block, height, width, block)
        if height == width == 1:
            return self.emit.op(relax.op.reshape(plain, shape))

        def to_blocks(data: Any) -> Any:
            return te.compute(
                shape,
                lambda n, co, h, w, ci: data[n, co * block + ci, h, w],
                name="to_blocks",
            )

        return self.emit.te(to_blocks, plain, name="block_channels")


def blocked_constant(constant: Any, block: int) -> Any | None:
    """A constant that broadcasts over (N, C, H, W), for blocked data; ``None`` if it does not."""
    array = array_of(constant)
    if array.size == 1:
        return relax.const(array.reshape(()))
    if array.ndim not in (3, 4):
        return None
    array = array.reshape((1,) * (4 - array.ndim) + array.shape)
    batch, channels, height, width = array.shape
    if channels == 1:
        return relax.const(np.ascontiguousarray(array.reshape(batch, 1, height, width, 1)))
    if channels % block:
        return None
    split = array.reshape(batch, channels // block, block, height, width)
    return relax.const(np.ascontiguousarray(split.transpose(0, 1, 3, 4, 2)))


def _known_shape(var: Any) -> tuple[int, ...]:
    shape = static_shape(var)
    assert shape is not None
    return shape


Handler = Callable[[Layouts, Any, list[Any]], "Blocked | None"]
"""Emits a call over blocked tensors: takes the call and its arguments, plain or ``Blocked``."""

HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register the handler of these Relax operators."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register
