"""A block of memory that a child process can map: an anonymous file."""

from __future__ import annotations

import copy
import mmap
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray


class MemoryFile:
    """An anonymous file of fixed size, mapped here for reading and writing.

    Its pages take memory only once they are written.
    """

    def __init__(self, name: str, size: int) -> None:
        """Create ``size`` zero bytes; ``name`` shows in ``/proc/PID/maps``."""
        self.fd = os.memfd_create(f"mutatenn-{name}")
        try:
            os.ftruncate(self.fd, max(size, 1))
            self._map = mmap.mmap(self.fd, max(size, 1))
        except BaseException:
            os.close(self.fd)
            raise

    def share(self) -> MemoryFile:
        """The same memory behind a descriptor of its own."""
        twin = copy.copy(self)
        twin.fd = os.dup(self.fd)
        return twin

    def write(self, offset: int, data: NDArray[Any]) -> None:
        """Copy an array's bytes in, in C order."""
        flat = np.ascontiguousarray(data).reshape(-1).view(np.uint8)
        self.array(offset, (flat.size,), np.dtype(np.uint8))[:] = flat

    def array(self, offset: int, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        """A view of the memory; ``close`` does nothing to the views that exist."""
        return np.ndarray(shape, dtype, self._map, offset)

    def close(self) -> None:
        """Close the descriptor; the memory goes with the last view."""
        os.close(self.fd)
