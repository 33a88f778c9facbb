"""An accelerator through CuPy: a CUDA device, its kernels compiled by NVRTC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import cupy
import numpy as np
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

_runtime = cupy.cuda.runtime

_OPTIONS = ("--std=c++17", "--fmad=true", "--prec-div=true", "--prec-sqrt=true", "--ftz=false")
"""Rounding is IEEE's; products and sums may be contracted, as in NVRTC's default."""
_STATIC_SHARED = 48 << 10
"""Bytes of shared memory that a block may take without being allowed more."""
# Named by the driver for a launch that no device state is spoilt by.
_TOO_LARGE = (
    "CUDA_ERROR_INVALID_VALUE",
    "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
    "CUDA_ERROR_NOT_FOUND",
    "cudaErrorInvalidConfiguration",
    "cudaErrorLaunchOutOfResources",
)
_ERRORS = (cupy.cuda.driver.CUDADriverError, _runtime.CUDARuntimeError)


class CudaAccelerator:
    """One device, with a stream of its own."""

    language: Literal["cuda"] = "cuda"

    def __init__(self, index: int) -> None:
        """Open the device.

        Raises:
            LookupError: there is no such device.
        """
        try:
            count = _runtime.getDeviceCount()
        except _runtime.CUDARuntimeError as error:
            raise LookupError(f"there is no device cuda:{index}: {error}") from error
        if index >= count:
            raise LookupError(f"there is no device cuda:{index}; CUDA has {count}")
        cupy.cuda.Device(index).use()
        self._stream = cupy.cuda.Stream(non_blocking=True)
        self._stream.use()
        told = _runtime.getDeviceProperties(index)
        self._most_shared = int(told["sharedMemPerBlockOptin"])
        self.properties = Properties(
            name=told["name"].decode(),
            version=f"sm_{told['major']}{told['minor']}, CUDA {_runtime.runtimeGetVersion()}",
            threads=int(told["maxThreadsPerBlock"]),
            block=tuple(told["maxThreadsDim"]),
            shared_bytes=self._most_shared,
            memory_bytes=int(told["totalGlobalMem"]),
        )

    def allocate(self, nbytes: int) -> Any:
        """A block straight from the driver: CuPy's pool would put blocks side by side."""
        try:
            return cupy.cuda.Memory(max(nbytes, 64))
        except (cupy.cuda.memory.OutOfMemoryError, _runtime.CUDARuntimeError) as error:
            raise OutOfMemory(f"a buffer of {nbytes} bytes was refused: {error}") from error

    def upload(self, to: Place, data: NDArray[np.uint8]) -> None:
        """Copy bytes to the device."""
        source = np.ascontiguousarray(data)
        with _Named("a copy to the device"):
            kind = _runtime.memcpyHostToDevice
            self._copy(_address(to), source.ctypes.data, source.size, kind)
            self._stream.synchronize()

    def download(self, source: Place, nbytes: int) -> NDArray[np.uint8]:
        """Wait, and fetch bytes."""
        data = np.empty(nbytes, np.uint8)
        with _Named("a copy from the device"):
            kind = _runtime.memcpyDeviceToHost
            self._copy(data.ctypes.data, _address(source), nbytes, kind)
            self._stream.synchronize()
        return data

    def copy(self, to: Place, source: Place, nbytes: int) -> None:
        """Copy bytes on the device."""
        with _Named("a copy on the device"):
            self._copy(_address(to), _address(source), nbytes, _runtime.memcpyDeviceToDevice)

    def fill(self, to: Place, nbytes: int, value: int) -> None:
        """Let bytes hold a value."""
        if nbytes:
            with _Named("a fill"):
                _runtime.memsetAsync(_address(to), value, nbytes, self._stream.ptr)

    def build(self, source: str) -> Any:
        """Compile a module."""
        module = cupy.RawModule(code=source, options=_OPTIONS, backend="nvrtc")
        try:
            module.compile()
        except cupy.cuda.compiler.CompileException as error:
            raise Refused(f"its source does not compile: {_first_error(str(error))}") from error
        except _ERRORS as error:
            raise Refused(f"the driver does not load it: {error}") from error
        return module

    def launch(
        self,
        module: Any,
        symbol: str,
        arguments: Sequence[Value],
        grid: Extents,
        block: Extents,
        shared_bytes: int = 0,
    ) -> Any:
        """Enqueue a kernel between two events."""
        check_geometry(self.properties, symbol, grid, block)
        values = tuple(
            np.uint64(_address(argument)) if isinstance(argument, Place) else argument
            for argument in arguments
        )
        begin, end = cupy.cuda.Event(), cupy.cuda.Event()
        try:
            function = module.get_function(symbol)
        except _ERRORS as error:
            raise Refused(f"{symbol} is not in the module: {error}") from error
        with _Named(symbol):
            check_shared(self.properties, symbol, function.shared_size_bytes + shared_bytes)
            if shared_bytes > _STATIC_SHARED - function.shared_size_bytes:
                function.max_dynamic_shared_size_bytes = shared_bytes
            begin.record(self._stream)
            function(grid, block, values, shared_mem=shared_bytes)
            end.record(self._stream)
        return symbol, begin, end

    def wait(self, launch: Any, started: Callable[[], None] | None = None) -> float:
        """Seconds between the two events; a launch begins at once, it was compiled before."""
        symbol, begin, end = launch
        if started is not None:
            started()
        with _Named(symbol):
            end.synchronize()
            return float(cupy.cuda.get_elapsed_time(begin, end)) * 1e-3

    def finish(self) -> None:
        """Wait for the stream."""
        with _Named("the stream"):
            self._stream.synchronize()

    def _copy(self, to: int, source: int, nbytes: int, kind: int) -> None:
        if nbytes:
            _runtime.memcpyAsync(to, source, nbytes, kind, self._stream.ptr)


class _Named:
    """Turns errors of CUDA into this package's, with the name of what was done."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if not isinstance(error, _ERRORS):
            return
        told = f"{self._what}: {error}"
        if str(error).partition(":")[0] in _TOO_LARGE:
            raise Refused(told) from error
        raise LaunchFailed(told) from error


def _address(place: Place) -> int:
    return int(place.block.ptr) + place.offset


def _first_error(log: str) -> str:
    """The first line of a compiler's log that tells of an error."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line), lines[0] if lines else "")[:300]
