"""Golden contents of the buffers on an accelerator, for one row at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.accelerator import Accelerator, OutOfMemory, Place
from mutatenn.device.portable.seals import Seals
from mutatenn.lowering.plan import Plan

ALIGNMENT = 64

Bytes = NDArray[np.uint8]


def model_outputs(plan: Plan) -> tuple[int, ...]:
    """The distinct outputs that are activations: others never change."""
    ids = dict.fromkeys(plan.outputs)
    return tuple(buffer for buffer in ids if plan.buffers[buffer].role == "activation")


class GoldenData:
    """Inputs and activations of the leading rows, kept; those of a later row, one at a time.

    No kernel is ever handed any of it.
    """

    def __init__(
        self,
        accelerator: Accelerator,
        plan: Plan,
        inputs: Sequence[Bytes],
        weights: Mapping[int, Bytes],
        cache_bytes: int,
        seals: Seals,
    ) -> None:
        """Copy the weights to the device.

        Args:
            accelerator: the device.
            plan: the plan.
            inputs: per plan input ``[rows, bytes]``.
            weights: per weight its bytes.
            cache_bytes: the most that is kept.
            seals: told of what is there, once it is complete.

        Raises:
            OutOfMemory: the device has no room.
        """
        self._accelerator = accelerator
        self._plan = plan
        self._inputs = dict(zip(plan.inputs, inputs, strict=True))
        self._offsets: dict[int, int] = {}
        stride = 0
        for buffer in plan.buffers:
            if buffer.role in ("input", "activation"):
                self._offsets[buffer.id] = stride
                stride += -(-buffer.nbytes // ALIGNMENT) * ALIGNMENT
        self._stride = stride
        self.rows = len(inputs[0])
        self.rows_cached = min(self.rows, cache_bytes // stride)
        self._seals = seals
        self._weights: dict[int, Place] = {}
        self.add_weights(weights)
        for one, place in self._weights.items():
            seals.seal(f"the weight in buffer {one}", place.block, weights[one].size // 4 * 4)
        self._cached: dict[int, Place] = {}
        self._private: Place | None = None
        self._filled: set[int] = set()
        self._known: set[int] = set()
        self.outputs: dict[int, Bytes] = {}
        """Per model output ``[rows, bytes]``, once the golden run has been."""
        self.kept_rows: Bytes | None = None
        """``row_bytes`` of the golden run, row by row, where another worker has made that run."""
        self.row = -1

    @property
    def cached(self) -> bool:
        """Whether the selected row is one of those that are kept."""
        return self.row < self.rows_cached

    def row_bytes(self) -> Bytes:
        """All inputs and activations of the selected row, which is one of those that are kept."""
        return self._accelerator.download(self._cached[self.row], self._stride)

    def restore_row(self, data: Bytes) -> None:
        """Let the selected row hold what ``row_bytes`` gave."""
        self._accelerator.upload(self._cached[self.row], data)
        self.fill()

    @property
    def filled(self) -> bool:
        """Whether all activations of the selected row are there."""
        return self.row in self._filled

    def select(self, row: int) -> None:
        """Turn to a row; of one that is not kept, no activation is known."""
        if row != self.row or not self.cached:
            self._known.clear()
        self.row = row
        if self.cached and row not in self._cached:
            self._cached[row] = self._begin(row)
        elif not self.cached:
            self._private = self._private or Place(self._accelerator.allocate(self._stride), 0)
            self._load_inputs(self._private, row)

    def fill(self) -> None:
        """All activations of the selected row have been stored."""
        if self.cached:
            self._filled.add(self.row)
            block = self._cached[self.row].block
            self._seals.seal(f"golden data of row {self.row}", block, self._stride)

    def forget(self) -> None:
        """No activation of any row is known any more."""
        self._filled.clear()
        self._known.clear()
        self.outputs.clear()
        self.kept_rows = None

    def knows(self, buffer: int) -> bool:
        """Whether golden data of a buffer is there."""
        role = self._plan.buffers[buffer].role if buffer < len(self._plan.buffers) else ""
        if role == "activation":
            return self.filled or buffer in self._known
        return role == "input" or buffer in self._weights

    def find(self, buffer: int) -> Place | None:
        """Where golden data of a buffer lies; ``None`` where there is none."""
        if buffer in self._weights:
            return self._weights[buffer]
        if self.knows(buffer):
            return self.store(buffer)
        if buffer in self.outputs:
            self._accelerator.upload(self.store(buffer), self.outputs[buffer][self.row])
            self._known.add(buffer)
            return self.store(buffer)
        return None

    def store(self, buffer: int) -> Place:
        """Where the selected row keeps a buffer."""
        begin = self._cached[self.row] if self.cached else self._private
        assert begin is not None
        return begin + self._offsets[buffer]

    def learn(self, buffer: int) -> None:
        """An activation of the selected row has been stored."""
        self._known.add(buffer)

    def add_weights(self, weights: Mapping[int, Bytes]) -> None:
        """Weights of another program, until ``drop_weights``."""
        for buffer, data in weights.items():
            self._weights[buffer] = Place(self._accelerator.allocate(data.size), 0)
            self._accelerator.upload(self._weights[buffer], data)

    def drop_weights(self, weights: Mapping[int, Bytes]) -> None:
        """Forget what ``add_weights`` was given."""
        for buffer in weights:
            del self._weights[buffer]

    def _begin(self, row: int) -> Place:
        begin = Place(self._accelerator.allocate(self._stride), 0)
        self._load_inputs(begin, row)
        return begin

    def _load_inputs(self, begin: Place, row: int) -> None:
        for buffer, rows in self._inputs.items():
            self._accelerator.upload(begin + self._offsets[buffer], rows[row])


def require_cache(golden: GoldenData) -> None:
    """Allocate all rows that are kept, so that no run finds the device full.

    Raises:
        OutOfMemory: there is no room; keep less.
    """
    try:
        for row in range(golden.rows_cached):
            golden.select(row)
    except OutOfMemory as error:
        raise OutOfMemory(
            f"the device has no room for the activations of {golden.rows_cached} rows; keep less "
            "of them (cache_mb)"
        ) from error
