"""Compares buffers on an OpenCL device."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyopencl as cl
from numpy.typing import NDArray

from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.comparison_record import (
    RECORD,
    Incomparable,
    element_bytes,
    element_type,
    require_part,
    require_request,
)
from mutatenn.device.portable.kernel_source import kernel_source

CHUNK = 16
"""Bytes that a work-item reads at a time."""
LEADER = 16
"""Bytes of a leader on the device."""


class OpenClComparator:
    """Comparisons on one device, in the order of one queue.

    Answers depend on the buffers alone, not on the device, ``groups`` or ``items``.

    Args:
        context: Where the buffers are.
        queue: Of the device that compares.
        groups: Work-groups of a comparison at most; chosen by the device where None.
        items: Work-items of each, a power of two up to 128; chosen by the device where None.

    Raises:
        Incomparable: the device rounds otherwise than to nearest.
        ValueError: ``groups`` or ``items`` is out of range.
    """

    def __init__(
        self,
        context: cl.Context,
        queue: cl.CommandQueue,
        groups: int | None = None,
        items: int | None = None,
    ) -> None:
        self._context, self._queue, self._device = context, queue, queue.device
        self._items = items or _items(self._device)
        self._groups = groups or _groups(self._device)
        if self._items not in (1, 2, 4, 8, 16, 32, 64, 128) or self._groups < 1:
            raise ValueError(
                f"{self._groups} work-groups of {self._items} cannot be used; give 1 or more "
                "groups of a power of two up to 128"
            )
        if not self._device.single_fp_config & cl.device_fp_config.ROUND_TO_NEAREST:
            raise Incomparable(
                f"{self._device.name} does not round to nearest; compare on the host"
            )
        self._programs: dict[str, dict[str, cl.Kernel]] = {}
        self._record = self._buffer(RECORD.itemsize)
        self._parts = self._buffer(RECORD.itemsize * self._groups)
        self._leaders = self._buffer(LEADER * 16 * self._groups)

    def prepare(self, dtype: str | np.dtype[Any]) -> None:
        """Build the kernels for elements of a type, once.

        Raises:
            Incomparable: the device does not compare such elements.
        """
        self._program(element_type(dtype))

    def compare(
        self,
        a_buffer: cl.Buffer,
        b_buffer: cl.Buffer,
        dtype: str | np.dtype[Any],
        count: int,
        k: int = 0,
        *,
        a_begin: int = 0,
        b_begin: int = 0,
    ) -> Comparison:
        """What `record` says, read."""
        made = self.record(a_buffer, b_buffer, dtype, count, k, a_begin=a_begin, b_begin=b_begin)
        return Comparison.from_record(made, dtype)

    def record(
        self,
        a_buffer: cl.Buffer,
        b_buffer: cl.Buffer,
        dtype: str | np.dtype[Any],
        count: int,
        k: int = 0,
        *,
        a_begin: int = 0,
        b_begin: int = 0,
    ) -> np.void:
        """Compare ``count`` elements of two buffers where they are: a scalar of dtype `RECORD`.

        Args:
            a_buffer: Golden's.
            b_buffer: The mutant's.
            dtype: Element type of both.
            count: Elements.
            k: How many leaders to name, up to 16; each buffer is read once more for them.
            a_begin: Where golden's elements begin, in bytes; multiples of 16 are fast.
            b_begin: Where the mutant's begin.

        Raises:
            Incomparable: the device does not compare elements of the type, or so many.
            ValueError: the buffers are too small, or ``k`` is out of range.
        """
        name = require_request(dtype, count, k)
        size = element_bytes(name)
        for buffer, begin in ((a_buffer, a_begin), (b_buffer, b_begin)):
            require_part(begin, begin + count * size, buffer.size)
        program = self._program(name)
        chunks = -(-count * size // CHUNK)
        groups = max(1, min(self._groups, -(-chunks // self._items)))
        self._run(
            program["compare_parts"], groups, a_buffer, np.uint64(a_begin), b_buffer,
            np.uint64(b_begin), np.uint32(count), self._parts,
        )  # fmt: skip
        self._run(
            program["compare_whole"], 1, self._parts, np.uint32(groups), np.uint32(count),
            self._record,
        )  # fmt: skip
        for side, (buffer, begin) in enumerate(((a_buffer, a_begin), (b_buffer, b_begin))):
            if k:
                self._rank(program, buffer, begin, count, k, side, groups)
        return self._read()

    def _rank(
        self,
        program: dict[str, cl.Kernel],
        buffer: cl.Buffer,
        begin: int,
        count: int,
        k: int,
        side: int,
        groups: int,
    ) -> None:
        self._run(
            program["top_parts"], groups, buffer, np.uint64(begin), np.uint32(count),
            np.uint32(k), self._leaders,
        )  # fmt: skip
        self._run(
            program["top_whole"], 1, self._leaders, np.uint32(groups * k), np.uint32(k),
            np.uint32(side), self._record,
        )  # fmt: skip

    def _program(self, name: str) -> dict[str, cl.Kernel]:
        """Kernels by name; made once, since making one costs as much as a launch."""
        if name == "float64" and "cl_khr_fp64" not in self._device.extensions.split():
            raise Incomparable(f"{self._device.name} has no float64; compare on the host")
        if name not in self._programs:
            program = cl.Program(self._context, kernel_source("compare.cl"))
            options = ["-cl-std=CL1.2", f"-DITEMS={self._items}", f"-DELEMENT_{name.upper()}"]
            program.build(options, [self._device])
            self._programs[name] = {one.function_name: one for one in program.all_kernels()}
        return self._programs[name]

    def _run(self, kernel: cl.Kernel, groups: int, *arguments: Any) -> None:
        kernel(self._queue, (groups * self._items,), (self._items,), *arguments)

    def _buffer(self, size: int) -> cl.Buffer:
        return cl.Buffer(self._context, cl.mem_flags.READ_WRITE, size)

    def _read(self) -> np.void:
        host: NDArray[Any] = np.empty(1, RECORD)
        cl.enqueue_copy(self._queue, host, self._record)
        return host[0]  # type: ignore[no-any-return]


def _items(device: cl.Device) -> int:
    """A processor runs a work-group on one core: one work-item has no barriers to wait at."""
    if device.type & cl.device_type.CPU:
        return 1
    most = min(128, device.max_work_group_size)
    return 1 << (most.bit_length() - 1)


def _groups(device: cl.Device) -> int:
    """On a processor enough that no core waits long; else as many as run at the same time."""
    return int(device.max_compute_units) * (4 if device.type & cl.device_type.CPU else 8)
