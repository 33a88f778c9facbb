"""An accelerator through PyOpenCL: any device of OpenCL 1.2 or later."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pyopencl as cl
from numpy.typing import NDArray

from mutatenn.device.portable.accelerator import (
    Extents,
    LaunchFailed,
    OutOfMemory,
    Place,
    Properties,
    Refused,
    Value,
    check_geometry,
    check_shared,
)
from mutatenn.device.portable.comparison import Comparison
from mutatenn.device.portable.opencl_comparator import OpenClComparator

_LOOK_SECONDS = 0.0005
_CORRECTLY_ROUNDED = "-cl-fp32-correctly-rounded-divide-sqrt"
_TOO_LARGE = {
    cl.status_code.INVALID_WORK_GROUP_SIZE,
    cl.status_code.INVALID_WORK_ITEM_SIZE,
    cl.status_code.INVALID_GLOBAL_WORK_SIZE,
    cl.status_code.INVALID_WORK_DIMENSION,
}
_NO_ROOM = {
    cl.status_code.MEM_OBJECT_ALLOCATION_FAILURE,
    cl.status_code.INVALID_BUFFER_SIZE,
    cl.status_code.OUT_OF_HOST_MEMORY,
}
_BUILT_WRONGLY = {cl.status_code.INVALID_KERNEL_ARGS, cl.status_code.INVALID_KERNEL_NAME}


def devices() -> list[Any]:
    """The devices of all platforms, in the platforms' order; ``opencl:N`` is the N-th."""
    try:
        return [device for platform in cl.get_platforms() for device in platform.get_devices()]
    except cl.Error:
        return []  # the loader raises when it has no platform


class OpenClAccelerator:
    """One device, with a context and an ordered queue of its own."""

    language: Literal["opencl"] = "opencl"

    def __init__(self, index: int) -> None:
        """Open the device.

        Raises:
            LookupError: there is no such device.
        """
        found = devices()
        if index >= len(found):
            raise LookupError(f"there is no device opencl:{index}; OpenCL has {len(found)}")
        self._device = found[index]
        self._context = cl.Context([self._device])
        profiling = cl.command_queue_properties.PROFILING_ENABLE
        self._queue = cl.CommandQueue(self._context, properties=profiling)
        # In bits; parts of a buffer that are handed to kernels must begin at multiples of it.
        self._alignment = max(self._device.mem_base_addr_align // 8, 1)
        rounded = self._device.single_fp_config & cl.device_fp_config.CORRECTLY_ROUNDED_DIVIDE_SQRT
        self._options = [_CORRECTLY_ROUNDED] if rounded else []
        self._comparator: OpenClComparator | None = None
        self.properties = Properties(
            name=self._device.name.strip(),
            version=self._device.version.strip(),
            threads=self._device.max_work_group_size,
            block=tuple(self._device.max_work_item_sizes[:3]),
            shared_bytes=self._device.local_mem_size,
            memory_bytes=self._device.global_mem_size,
        )

    def allocate(self, nbytes: int) -> Any:
        """A buffer; the device may still refuse it when it is first used."""
        try:
            return cl.Buffer(self._context, cl.mem_flags.READ_WRITE, max(nbytes, 64))
        except (cl.MemoryError, cl.LogicError, cl.RuntimeError) as error:
            if error.code in _NO_ROOM:
                raise OutOfMemory(f"a buffer of {nbytes} bytes was refused") from error
            raise

    def upload(self, to: Place, data: NDArray[np.uint8]) -> None:
        """Copy bytes to the device."""
        if data.size:
            with _Named("a copy to the device"):
                cl.enqueue_copy(self._queue, to.block, data, dst_offset=to.offset, is_blocking=True)

    def download(self, source: Place, nbytes: int) -> NDArray[np.uint8]:
        """Wait, and fetch bytes."""
        data = np.empty(nbytes, np.uint8)
        if nbytes:
            with _Named("a copy from the device"):
                cl.enqueue_copy(
                    self._queue, data, source.block, src_offset=source.offset, is_blocking=True
                )
        return data

    def copy(self, to: Place, source: Place, nbytes: int) -> None:
        """Copy bytes on the device."""
        if nbytes:
            with _Named("a copy on the device"):
                cl.enqueue_copy(
                    self._queue,
                    to.block,
                    source.block,
                    byte_count=nbytes,
                    src_offset=source.offset,
                    dst_offset=to.offset,
                )

    def fill(self, to: Place, nbytes: int, value: int) -> None:
        """Let bytes hold a value."""
        if nbytes:
            cl.enqueue_fill_buffer(
                self._queue, to.block, np.full(1, value, np.uint8), to.offset, nbytes
            )

    def compare(self, golden: Place, mutant: Place, dtype: str, count: int) -> Comparison:
        """Compare elements where they lie."""
        if self._comparator is None:
            self._comparator = OpenClComparator(self._context, self._queue)
        self._comparator.prepare(dtype)  # that it does not compile would be no launch's failure
        blocks, begins = (golden.block, mutant.block), (golden.offset, mutant.offset)
        with _Named("a comparison"):
            return self._comparator.compare(
                *blocks, dtype, count, a_begin=begins[0], b_begin=begins[1]
            )

    def build(self, source: str) -> Any:
        """Compile a program; nothing that relaxes IEEE arithmetic is asked for."""
        try:
            program = cl.Program(self._context, source).build(self._options, [self._device])
        except cl.RuntimeError as error:
            raise Refused(f"its source does not compile: {_first_error(str(error))}") from error
        return _Module(program, self._device)

    def launch(
        self,
        module: Any,
        symbol: str,
        arguments: Sequence[Value],
        grid: Extents,
        block: Extents,
        shared_bytes: int = 0,
    ) -> Any:
        """Enqueue a kernel over ``grid * block`` work-items in groups of ``block``."""
        check_geometry(self.properties, symbol, grid, block)
        if shared_bytes:
            raise Refused(f"{symbol} asks for shared memory at its launch, which OpenCL has not")
        # `set_args` keeps no reference: `parts` are in the accelerator's, blocks in the caller's.
        parts = [
            self._part(argument) if isinstance(argument, Place) else argument
            for argument in arguments
        ]
        with _Named(symbol):
            kernel, shared = module.kernel(symbol, arguments)
            check_shared(self.properties, symbol, shared)
            kernel.set_args(*parts)
            total = tuple(blocks * threads for blocks, threads in zip(grid, block, strict=True))
            event = cl.enqueue_nd_range_kernel(self._queue, kernel, total, block)
            self._queue.flush()
        return symbol, event, parts

    def wait(self, launch: Any, started: Callable[[], None] | None = None) -> float:
        """Seconds between the launch's beginning and its end on the device."""
        symbol, event, *_ = launch
        with _Named(symbol):
            if started is not None:
                while event.command_execution_status > cl.command_execution_status.RUNNING:
                    time.sleep(_LOOK_SECONDS)
                started()
            event.wait()
            return float(event.profile.end - event.profile.start) * 1e-9

    def finish(self) -> None:
        """Wait for the queue."""
        with _Named("the queue"):
            self._queue.finish()

    def _part(self, place: Place) -> Any:
        """What a kernel is handed: the buffer, or its part from an offset on."""
        if place.offset == 0:
            return place.block
        if place.offset % self._alignment:
            raise Refused(
                f"a tensor begins {place.offset} bytes into a buffer; {self.properties.name} takes "
                f"multiples of {self._alignment}"
            )
        return place.block.get_sub_region(place.offset, place.block.size - place.offset)


class _Module:
    """A program, and its kernels that were asked for."""

    def __init__(self, program: Any, device: Any) -> None:
        self._program = program
        self._device = device
        self._kernels: dict[str, tuple[Any, int]] = {}

    def kernel(self, symbol: str, arguments: Sequence[Value]) -> tuple[Any, int]:
        """A kernel, and the bytes of local memory that one of its work-groups takes.

        Args:
            symbol: its name.
            arguments: of the types that it is always given.
        """
        if symbol not in self._kernels:
            kernel = cl.Kernel(self._program, symbol)
            # Untold, PyOpenCL looks for a buffer in each scalar and catches its own exception.
            types = [None if isinstance(one, Place) else one.dtype for one in arguments]
            kernel.set_arg_types(types)
            wanted = cl.kernel_work_group_info.LOCAL_MEM_SIZE
            shared: Any = kernel.get_work_group_info(wanted, self._device)
            self._kernels[symbol] = kernel, int(shared)
        return self._kernels[symbol]


class _Named:
    """Turns errors of OpenCL into this package's, with the name of what was done."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, cl.Error):
            return
        told = f"{self._what}: {str(error).splitlines()[0]}"
        if error.code in _TOO_LARGE | _BUILT_WRONGLY:
            raise Refused(told) from error
        if error.code in _NO_ROOM:
            raise OutOfMemory(told) from error
        raise LaunchFailed(told) from error


def _first_error(log: str) -> str:
    """The line of a build log that says most."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    wrong = [line for line in lines if "error" in line.lower()]
    return (wrong[-1] if wrong else lines[0])[:300]
