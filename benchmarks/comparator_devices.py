"""Devices whose comparator is timed beside their own copy of a buffer."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any, Protocol

from numpy.typing import NDArray


class ComparatorDevice(Protocol):
    """A device that copies and compares; what it returns when called has ended by then."""

    @property
    def name(self) -> str:
        """As the command line has it, and what it is."""

    @property
    def size(self) -> int:
        """Bytes of a buffer that no cache holds, and that take long enough to be timed."""

    def cases(self, a: NDArray[Any], b: NDArray[Any]) -> dict[str, Callable[[], object]]:
        """``copy`` of golden to another buffer, and ``compare``: arrays of one type and size."""


class OpenClDevice:
    """The first device of the first OpenCL platform."""

    def __init__(self) -> None:
        import pyopencl as cl  # noqa: PLC0415

        device = cl.get_platforms()[0].get_devices()[0]
        self.name = f"opencl:0 ({device.name.strip()})"
        self.size = 1 << (26 if device.type & cl.device_type.CPU else 28)
        self._cl, self._context = cl, cl.Context([device])
        self._queue = cl.CommandQueue(self._context)

    def cases(self, a: NDArray[Any], b: NDArray[Any]) -> dict[str, Callable[[], object]]:
        """See `ComparatorDevice.cases`."""
        from mutatenn.device.portable.opencl_comparator import (  # noqa: PLC0415
            OpenClComparator,
        )

        cl, comparator = self._cl, OpenClComparator(self._context, self._queue)
        flags = cl.mem_flags.READ_WRITE | cl.mem_flags.COPY_HOST_PTR
        golden, mutant = (cl.Buffer(self._context, flags, hostbuf=each) for each in (a, b))
        copied = cl.Buffer(self._context, cl.mem_flags.READ_WRITE, a.nbytes)

        def copy() -> None:
            cl.enqueue_copy(self._queue, copied, golden)
            self._queue.finish()

        return {
            "copy": copy,
            "compare": lambda: comparator.record(golden, mutant, a.dtype, a.size),
        }


class CudaDevice:
    """CuPy's current device."""

    def __init__(self) -> None:
        import cupy  # noqa: PLC0415

        name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
        self.name, self._cupy, self.size = f"cuda:0 ({name})", cupy, 1 << 28

    def cases(self, a: NDArray[Any], b: NDArray[Any]) -> dict[str, Callable[[], object]]:
        """See `ComparatorDevice.cases`."""
        from mutatenn.device.portable.cuda_comparator import CudaComparator  # noqa: PLC0415

        cupy, comparator = self._cupy, CudaComparator()
        golden, mutant = cupy.asarray(a), cupy.asarray(b)
        copied = cupy.empty_like(golden)

        def copy() -> None:
            cupy.copyto(copied, golden)
            cupy.cuda.get_current_stream().synchronize()

        return {
            "copy": copy,
            "compare": lambda: comparator.record(golden, mutant, a.dtype, a.size),
        }


def devices() -> list[ComparatorDevice]:
    """``opencl:0`` and ``cuda:0``, each where its Python package is installed."""
    kinds: dict[str, type[OpenClDevice] | type[CudaDevice]] = {
        "pyopencl": OpenClDevice,
        "cupy": CudaDevice,
    }
    return [made() for package, made in kinds.items() if importlib.util.find_spec(package)]
