"""The folder in which workers find a plan, its data and the golden outputs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.portable.archive import write_archive
from mutatenn.lowering.plan import Plan

Bytes = NDArray[np.uint8]


def as_bytes(array: NDArray[Any], rows: int = 1) -> Bytes:
    """An array's bytes in C order, ``[rows, bytes]``."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).reshape(rows, -1)


class Scratch:
    """A temporary folder that several workers share; it goes when the last has closed it."""

    def __init__(
        self,
        plan: Plan,
        weights: Mapping[int, NDArray[Any]],
        rows: Sequence[NDArray[Any]],
        drivers: Path | None = None,
    ) -> None:
        """Write everything down, with the archive that workers are started from.

        ``drivers`` is a folder that outlives this one, for the drivers' caches.
        """
        self.path = Path(tempfile.mkdtemp(prefix="mutatenn-"))
        self.drivers = drivers or self.path
        """Where the drivers of all its workers keep what they compiled."""
        self._users = 1
        try:
            self.archive = write_archive(self.path / "runtime.zip")
            (self.path / "plan.json").write_text(plan.to_json())
            for index, array in enumerate(rows):
                as_bytes(array, len(array)).tofile(self.path / f"input-{index}.bin")
            for buffer, array in weights.items():
                as_bytes(array).tofile(self.path / f"weight-{buffer}.bin")
        except BaseException:
            shutil.rmtree(self.path)
            raise

    def keep_golden(self, buffer: int, outputs: Bytes) -> None:
        """Write down a model output of the golden run, ``[rows, bytes]``."""
        outputs.tofile(self.path / f"golden-{buffer}.bin")

    def forget_golden(self) -> None:
        """Remove what ``keep_golden`` wrote, and what the worker kept of the golden run."""
        for path in self.path.glob("golden-*.bin"):
            path.unlink()

    def share(self) -> Scratch:
        """The same folder for one more user."""
        self._users += 1
        return self

    def close(self) -> None:
        """One user fewer."""
        self._users -= 1
        if not self._users:
            shutil.rmtree(self.path, ignore_errors=True)


def load_inputs(folder: Path, plan: Plan) -> list[Bytes]:
    """Per plan input ``[rows, bytes]``, mapped."""
    found = []
    for index, buffer in enumerate(plan.inputs):
        data = np.memmap(folder / f"input-{index}.bin", np.uint8, "r")
        found.append(data.reshape(-1, plan.buffers[buffer].nbytes))
    return found


def load_weights(folder: Path, plan: Plan) -> dict[int, Bytes]:
    """The bytes of each weight."""
    weights = [buffer.id for buffer in plan.buffers if buffer.role == "weight"]
    return {one: np.fromfile(folder / f"weight-{one}.bin", np.uint8) for one in weights}


def load_golden(folder: Path, plan: Plan, outputs: Sequence[int]) -> dict[int, Bytes]:
    """Per model output ``[rows, bytes]``; nothing before a golden run."""
    found = {}
    for buffer in outputs:
        path = folder / f"golden-{buffer}.bin"
        if path.exists():
            data = np.fromfile(path, np.uint8)
            found[buffer] = data.reshape(-1, plan.buffers[buffer].nbytes)
    return found


def rows_path(folder: Path) -> Path:
    """Where a golden run writes what it keeps of its rows, for other workers."""
    return folder / "golden-rows.bin"


def load_rows(folder: Path, count: int) -> Bytes | None:
    """What a golden run has kept of ``count`` rows, ``[rows, bytes]``; ``None``: nothing."""
    path = rows_path(folder)
    if not count or not path.exists():
        return None
    return np.memmap(path, np.uint8, "r").reshape(count, -1)
