"""What an accelerator does for plans: memory, kernels from source, and launches, one at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.comparison import Comparison
from mutatenn.lowering.device_kernel import Language

Extents = tuple[int, int, int]


class Refused(Exception):
    """The device cannot run a kernel, whatever it would compute; the message says why."""


class LaunchFailed(Exception):
    """The device reported an error in a launch; its context may be dead."""


class OutOfMemory(Exception):
    """The device has no room for a buffer."""


@dataclasses.dataclass(frozen=True)
class Properties:
    """What a device is, and the most that it takes."""

    name: str
    version: str
    threads: int
    """Threads of one block."""
    block: Extents
    """Threads of one block along x, y and z."""
    shared_bytes: int
    """Shared (local) memory of one block."""
    memory_bytes: int


@dataclasses.dataclass(frozen=True)
class Place:
    """A byte of the device's memory: ``offset`` bytes into the allocation ``block``."""

    block: Any
    offset: int

    def __add__(self, distance: int) -> Place:
        return Place(self.block, self.offset + distance)


Value: TypeAlias = "Place | np.generic[Any]"
"""An argument of a launch: memory from a place on, or a scalar."""


class Accelerator(Protocol):
    """One device, used from one thread; what it is told to do happens in that order."""

    @property
    def language(self) -> Language:
        """What its kernels are written in."""
        ...

    @property
    def properties(self) -> Properties:
        """What the device is, and the most that it takes."""
        ...

    def allocate(self, nbytes: int) -> Any:
        """A block of memory, aligned to 64 bytes at least; it lives as long as it is referred to.

        Raises:
            OutOfMemory: there is no room.
        """
        ...

    def upload(self, to: Place, data: NDArray[np.uint8]) -> None:
        """Copy bytes to the device; they are there when it returns."""
        ...

    def download(self, source: Place, nbytes: int) -> NDArray[np.uint8]:
        """Wait for all that was told before, and fetch bytes."""
        ...

    def copy(self, to: Place, source: Place, nbytes: int) -> None:
        """Copy bytes on the device."""
        ...

    def fill(self, to: Place, nbytes: int, value: int) -> None:
        """Let bytes hold ``value``, 0 to 255."""
        ...

    def compare(self, golden: Place, mutant: Place, dtype: str, count: int) -> Comparison:
        """How ``count`` elements differ, compared where they lie: only the summary is fetched.

        The kernels that do it are built when a type is first compared.

        Raises:
            Incomparable: the device does not compare elements of the type, or so many.
            LaunchFailed: the device reported an error.
        """
        ...

    def build(self, source: str) -> Any:
        """A module of kernels.

        Raises:
            Refused: the source does not compile.
        """
        ...

    def launch(
        self,
        module: Any,
        symbol: str,
        arguments: Sequence[Value],
        grid: Extents,
        block: Extents,
        shared_bytes: int = 0,
    ) -> Any:
        """Begin a launch; what comes back is for ``wait``.

        Raises:
            Refused: the device cannot run it.
            LaunchFailed: the device reported an error.
        """
        ...

    def wait(self, launch: Any, started: Callable[[], None] | None = None) -> float:
        """Seconds that a launch took, once it has ended.

        Args:
            launch: what ``launch`` gave.
            started: called when the launch begins to run, as far as the device says so: some
                compile a kernel when it is launched for the first time.

        Raises:
            LaunchFailed: the device reported an error.
        """
        ...

    def finish(self) -> None:
        """Wait for all that was told before.

        Raises:
            LaunchFailed: the device reported an error.
        """
        ...


def check_geometry(properties: Properties, symbol: str, grid: Extents, block: Extents) -> None:
    """Refuse a launch that is larger than the device takes, or empty.

    Raises:
        Refused: with the sizes.
    """
    if min(*grid, *block) < 1:
        raise Refused(f"{symbol} is launched with {list(grid)} blocks of {list(block)} threads")
    threads = block[0] * block[1] * block[2]
    if threads > properties.threads:
        raise Refused(
            f"{symbol} is launched with {threads} threads in a block; "
            f"{properties.name} takes {properties.threads}"
        )
    if any(asked > most for asked, most in zip(block, properties.block, strict=True)):
        raise Refused(
            f"{symbol} is launched with blocks of {list(block)} threads; "
            f"{properties.name} takes {list(properties.block)}"
        )


def check_shared(properties: Properties, symbol: str, nbytes: int) -> None:
    """Refuse a kernel that wants more shared memory than the device has.

    Raises:
        Refused: with the sizes.
    """
    if nbytes > properties.shared_bytes:
        raise Refused(
            f"{symbol} wants {nbytes} bytes of shared memory in a block; "
            f"{properties.name} has {properties.shared_bytes}"
        )
