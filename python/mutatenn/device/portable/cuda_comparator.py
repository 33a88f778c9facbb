"""Compares buffers on a CUDA device."""

from __future__ import annotations

from typing import Any

import cupy
import numpy as np

from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.comparison_record import (
    RECORD,
    element_bytes,
    element_type,
    require_part,
    require_request,
)
from mutatenn.device.portable.cuda_options import compile_options
from mutatenn.device.portable.kernel_source import kernel_source

CHUNK = 16
"""Bytes that a thread reads at a time."""
LEADER = 16
"""Bytes of a leader on the device."""
KERNELS = ("compare_parts", "compare_whole", "top_parts", "top_whole")


class CudaComparator:
    """Comparisons on the current device, in the order of one stream.

    The same as `OpenClComparator`, which says what the methods do. Buffers are ``cupy.ndarray`` of
    any type, contiguous.

    Args:
        stream: CuPy's current stream where None.
        groups: Blocks of a comparison at most; chosen by the device where None.
        items: Threads of each, a power of two up to 128.

    Raises:
        ValueError: ``groups`` or ``items`` is out of range.
    """

    def __init__(self, stream: Any = None, groups: int | None = None, items: int = 128) -> None:
        self._stream = stream or cupy.cuda.get_current_stream()
        self._items = items
        processors = cupy.cuda.Device().attributes["MultiProcessorCount"]
        # As many as run at the same time: they use 56 registers a thread, and 9 KiB.
        self._groups = groups or 8 * int(processors)
        if items not in (1, 2, 4, 8, 16, 32, 64, 128) or self._groups < 1:
            raise ValueError(
                f"{self._groups} blocks of {items} cannot be used; give 1 or more blocks of a "
                "power of two up to 128"
            )
        self._modules: dict[str, dict[str, Any]] = {}
        self._record = cupy.empty(RECORD.itemsize, cupy.uint8)
        self._parts = cupy.empty(RECORD.itemsize * self._groups, cupy.uint8)
        self._leaders = cupy.empty(LEADER * 16 * self._groups, cupy.uint8)

    def prepare(self, dtype: str | np.dtype[Any]) -> None:
        """See `OpenClComparator.prepare`."""
        self._module(element_type(dtype))

    def compare(
        self,
        a_buffer: Any,
        b_buffer: Any,
        dtype: str | np.dtype[Any],
        count: int,
        k: int = 0,
        *,
        a_begin: int = 0,
        b_begin: int = 0,
    ) -> Comparison:
        """See `OpenClComparator.compare`."""
        made = self.record(a_buffer, b_buffer, dtype, count, k, a_begin=a_begin, b_begin=b_begin)
        return Comparison.from_record(made, dtype)

    def record(
        self,
        a_buffer: Any,
        b_buffer: Any,
        dtype: str | np.dtype[Any],
        count: int,
        k: int = 0,
        *,
        a_begin: int = 0,
        b_begin: int = 0,
    ) -> np.void:
        """See `OpenClComparator.record`."""
        name = require_request(dtype, count, k)
        size = element_bytes(name)
        sides = ((a_buffer, np.uint64(a_begin)), (b_buffer, np.uint64(b_begin)))
        for buffer, begin in sides:
            require_part(int(begin), int(begin) + count * size, buffer.nbytes)
        module = self._module(name)
        chunks = -(-count * size // CHUNK)
        groups = max(1, min(self._groups, -(-chunks // self._items)))
        parts = (*sides[0], *sides[1], np.uint32(count), self._parts)
        self._run(module["compare_parts"], groups, *parts)
        whole = (self._parts, np.uint32(groups), np.uint32(count), self._record)
        self._run(module["compare_whole"], 1, *whole)
        if k:
            length = np.uint32(groups * k)
            for side, buffer in enumerate(sides):
                first = (*buffer, np.uint32(count), np.uint32(k), self._leaders)
                self._run(module["top_parts"], groups, *first)
                then = (self._leaders, length, np.uint32(k), np.uint32(side), self._record)
                self._run(module["top_whole"], 1, *then)
        return self._read()

    def _module(self, name: str) -> dict[str, Any]:
        """Kernels by name."""
        if name not in self._modules:
            made = cupy.RawModule(
                code=kernel_source("compare.cu"), options=compile_options(self._items, name)
            )
            self._modules[name] = {one: made.get_function(one) for one in KERNELS}
        return self._modules[name]

    def _run(self, kernel: Any, groups: int, *arguments: Any) -> None:
        kernel((groups,), (self._items,), arguments, stream=self._stream)

    def _read(self) -> np.void:
        host = self._record.get(stream=self._stream, blocking=True)
        return host.view(RECORD)[0]  # type: ignore[no-any-return]
