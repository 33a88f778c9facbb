"""What all runners of one plan share: the plan, its inputs and weights, and the golden cache."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.evidence import Golden
from mutatenn.device.memory_file import MemoryFile
from mutatenn.device.plan_text import PlanText
from mutatenn.lowering.plan import np_dtype


class SharedData:
    """Memory files for the runners of one plan; ``close`` leaves the files of a twin alone."""

    def __init__(
        self,
        plan: PlanText,
        rows: Sequence[NDArray[Any]],
        weights: Mapping[int, NDArray[Any]],
    ) -> None:
        """Write everything down."""
        self.text = plan
        self.plan = plan.plan
        self.layout = layout = plan.layout
        self._rows = [np.ascontiguousarray(array) for array in rows]
        self._weights = dict(weights)
        plan_bytes = np.frombuffer(plan.text().encode(), np.uint8)
        sizes = {
            "plan": plan_bytes.size,
            "inputs": layout.inputs_size,
            "weights": layout.weights_size,
            "cache": layout.cache_size,
        }
        with contextlib.ExitStack() as stack:
            files = {name: _closed_by(stack, MemoryFile(name, sizes[name])) for name in sizes}
            files["plan"].write(0, plan_bytes)
            for buffer_id, array in zip(self.plan.inputs, self._rows, strict=True):
                files["inputs"].write(layout.buffers[buffer_id], array)
            for buffer_id, array in self._weights.items():
                files["weights"].write(layout.buffers[buffer_id], array)
            self._files = files
            self._stack = stack.pop_all()

    @property
    def files(self) -> list[MemoryFile]:
        """Plan, inputs, weights and cache, in the runner's order."""
        return list(self._files.values())

    def share(self) -> SharedData:
        """A twin: the same memory, closed on its own."""
        twin = SharedData.__new__(SharedData)
        twin.text, twin.plan, twin.layout = self.text, self.plan, self.layout
        twin._rows, twin._weights = self._rows, self._weights
        with contextlib.ExitStack() as stack:
            twin._files = {
                name: _closed_by(stack, file.share()) for name, file in self._files.items()
            }
            twin._stack = stack.pop_all()
        return twin

    def extended_weights(self, size: int) -> MemoryFile:
        """A copy of the weights of ``size`` bytes, with room behind them."""
        known = self.layout.weights_size
        file = MemoryFile("weights", size)
        file.write(0, self._files["weights"].array(0, (known,), np.dtype(np.uint8)))
        return file

    def golden(self) -> Golden:
        """Copies of what a golden run has left in the cache."""
        launches = len(self.plan.launches)
        seconds = self._files["cache"].array(
            self.layout.seconds, (self.layout.rows, launches), np.dtype(np.float64)
        )
        outputs = [self._output(buffer_id) for buffer_id in self.plan.outputs]
        return Golden(outputs, seconds.copy(), self.layout.rows_cached)

    def close(self) -> None:
        """Give the descriptors back."""
        self._stack.close()

    def _output(self, buffer_id: int) -> NDArray[Any]:
        buffer = self.plan.buffers[buffer_id]
        shape = (self.layout.rows, *buffer.shape)
        if buffer.role == "input":
            array = self._rows[self.plan.inputs.index(buffer_id)].copy()
        elif buffer.role == "weight":
            array = np.broadcast_to(self._weights[buffer_id], shape).copy()
        else:
            place = next(place for place in self.layout.outputs if place.buffer == buffer_id)
            array = self._files["cache"].array(place.golden, shape, np_dtype(buffer.dtype)).copy()
        array.setflags(write=False)
        return array


def _closed_by(stack: contextlib.ExitStack, file: MemoryFile) -> MemoryFile:
    stack.callback(file.close)
    return file
