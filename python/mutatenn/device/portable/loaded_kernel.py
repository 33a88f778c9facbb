"""A kernel on an accelerator: its module, its workspaces, and its launches one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mutatenn.device.portable.accelerator import Accelerator, OutOfMemory, Place, Refused, Value
from mutatenn.device.portable.guarded_buffer import GuardedBuffer
from mutatenn.lowering.device_kernel import Argument, DeviceKernel, DeviceLaunch


class LoadedKernel:
    """What computes one PrimFunc, ready to run."""

    def __init__(
        self, accelerator: Accelerator, kernel: DeviceKernel, guard_bytes: int, memory_mb: int
    ) -> None:
        """Build it, and allocate its workspaces.

        Raises:
            OutOfMemory: its workspaces have no room, or take more than ``memory_mb`` MiB.
            Refused: it does not compile, or is for another kind of device.
        """
        if kernel.language != accelerator.language:
            raise Refused(f"it is written for {kernel.language}, not for {accelerator.language}")
        if sum(kernel.workspaces) > memory_mb << 20:
            raise OutOfMemory(f"its workspaces take {sum(kernel.workspaces)} bytes")
        self._accelerator = accelerator
        self._launches = kernel.launches
        self._module = accelerator.build(kernel.source)
        self._begun: set[DeviceLaunch] = set()
        self.parameters = kernel.parameters
        self.workspaces = [
            GuardedBuffer(accelerator, nbytes, guard_bytes) for nbytes in kernel.workspaces
        ]

    def run(self, tensors: Sequence[Place], enter: Callable[[bool], None]) -> float:
        """Run all launches; the seconds that the device spent in them.

        Args:
            tensors: the data of the kernel's parameters.
            enter: called when a launch is handed to the device, with whether the device may still
                have to compile it, and again, with ``False``, when such a one begins to run.

        Raises:
            LaunchFailed: the device reported an error.
            Refused: the device cannot run a launch.
        """
        if len(tensors) != self.parameters:
            raise Refused(f"it has {self.parameters} parameters; the plan gives {len(tensors)}")
        seconds = 0.0
        for launch in self._launches:
            # Some drivers compile a kernel for each geometry that it is launched with.
            fresh = launch not in self._begun
            arguments = [self._value(argument, tensors) for argument in launch.arguments]
            enter(fresh)
            begun = self._accelerator.launch(
                self._module,
                launch.symbol,
                arguments,
                launch.grid,
                launch.block,
                launch.shared_bytes,
            )
            started = (lambda: enter(False)) if fresh else None
            seconds += self._accelerator.wait(begun, started)
            self._begun.add(launch)
        return seconds

    def _value(self, argument: Argument, tensors: Sequence[Place]) -> Value:
        if argument.kind == "scalar":
            scalar: np.generic[Any] = np.dtype(argument.dtype).type(argument.value)
            return scalar
        if argument.kind == "workspace":
            return self.workspaces[argument.index].data + argument.offset
        return tensors[argument.index] + argument.offset
