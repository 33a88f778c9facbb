"""Kernels as data on the first OpenCL device: PoCL in CI, whose Debian package is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyopencl as cl
from tvm import relax, tirx

from mutatenn.lowering.accelerator import accelerator_target
from mutatenn.lowering.accelerator_code import AcceleratorBackend
from mutatenn.lowering.backends.opencl import opencl_backend
from mutatenn.lowering.device_kernel import Argument, DeviceKernel
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import with_own_host
from mutatenn.lowering.scheduling import schedule_kernel, scheduler_of
from mutatenn.lowering.tensor_stage import with_kernels

TARGET = accelerator_target("opencl")


def backend() -> AcceleratorBackend:
    made: AcceleratorBackend = opencl_backend("opencl:0", parse_target(TARGET))
    return made


def device_kernel(func: Any) -> DeviceKernel:
    """A PrimFunc of either stage as OpenCL."""
    made = backend()
    return made.kernel(made.lower(func))


def scheduled(func: Any, target: str = TARGET) -> Any:
    """A PrimFunc at stage tensor under its schedule."""
    scheduler = scheduler_of("default", target, 1)
    assert scheduler is not None
    return schedule_kernel(func, scheduler).func


def flat(module: Any, target: str = TARGET) -> Any:
    """The kernel ``main`` of a module of flat TIR, bound to a target."""
    bound = tirx.transform.BindTarget(with_own_host(parse_target(target)))(module)
    return bound["main"]


def only_kernel(build: Any, *shapes: tuple[int, ...]) -> Any:
    """The one PrimFunc of a Relax graph that ``build`` makes of float32 tensors."""
    builder = relax.BlockBuilder()
    inputs = [
        relax.Var(f"input{index}", relax.TensorType(shape, "float32"))
        for index, shape in enumerate(shapes)
    ]
    with builder.function("main", inputs):
        with builder.dataflow():
            result = builder.emit_output(build(*inputs))
        builder.emit_func_output(result)
    kernels, _ = with_kernels(builder.get())
    (func,) = (each for each in kernels.functions.values() if isinstance(each, tirx.PrimFunc))
    return func


def run(kernel: DeviceKernel, *tensors: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    """All parameters of a kernel after its launches, given what they held before."""
    context = cl.Context([cl.get_platforms()[0].get_devices()[0]])
    queue = cl.CommandQueue(context)
    copy = cl.mem_flags.READ_WRITE | cl.mem_flags.COPY_HOST_PTR
    buffers = {
        "parameter": [cl.Buffer(context, copy, hostbuf=each) for each in tensors],
        "workspace": [cl.Buffer(context, cl.mem_flags.READ_WRITE, n) for n in kernel.workspaces],
    }
    regions: list[Any] = []  # OpenCL does not keep them

    def value(argument: Argument) -> Any:
        if argument.kind == "scalar":
            return np.dtype(argument.dtype).type(argument.value)
        buffer = buffers[argument.kind][argument.index]
        if argument.offset:
            regions.append(buffer.get_sub_region(argument.offset, buffer.size - argument.offset))
            return regions[-1]
        return buffer

    assert kernel.parameters == len(tensors)
    program = cl.Program(context, kernel.source).build()
    for launch in kernel.launches:
        function = cl.Kernel(program, launch.symbol)
        function.set_args(*map(value, launch.arguments))
        pairs = zip(launch.grid, launch.block, strict=True)
        sizes = tuple(grid * block for grid, block in pairs)
        cl.enqueue_nd_range_kernel(queue, function, sizes, launch.block).wait()
    results = [np.empty_like(each) for each in tensors]
    for result, buffer in zip(results, buffers["parameter"], strict=True):
        cl.enqueue_copy(queue, result, buffer)
    return results
