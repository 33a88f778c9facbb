"""What lies in a bundle, and how it is read."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.lowering.plan import Plan, np_dtype

SCHEMA = "mutatenn.bundle/1"
HEAD = "bundle.json"
PLAN = "plan.json"
MUTANTS = "mutants.json"
PROBES = "probes.json"
WEIGHTS = "weights.npz"
INPUTS = "inputs.npz"
KERNELS = "kernels/"
"""The folder of kernels, each named by the hash of what it does."""


class Contents:
    """The data of a bundle."""

    def __init__(self, path: Path) -> None:
        """Open the bundle at ``path``.

        Raises:
            InputError: it is no bundle of this version.
        """
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
            self.head: dict[str, Any] = json.loads(self._archive.read(HEAD))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise InputError(f"{path} is no bundle: {error}") from error
        if self.head.get("schema") != SCHEMA:
            raise InputError(f"{path} is no bundle of this version ({SCHEMA})")

    @property
    def family(self) -> str:
        """What its kernels are written for: ``opencl`` or ``cuda``."""
        return str(self.head["family"])

    @cached_property
    def sha256(self) -> str:
        """Hash of the whole file, hexadecimal."""
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    @cached_property
    def plan(self) -> Plan:
        """The launches of the original."""
        return Plan.from_json(self.text(PLAN))

    @cached_property
    def mutants(self) -> list[dict[str, Any]]:
        """The mutants, in order, as ``campaign.bundle.entries`` writes them."""
        return list(json.loads(self.text(MUTANTS)))

    @cached_property
    def probes(self) -> list[dict[str, Any]]:
        """Instrumented originals: ``function``, ``places``, and ``kernel`` or a ``reason``."""
        return list(json.loads(self.text(PROBES)))

    def text(self, member: str) -> str:
        """A member as it stands."""
        return self._archive.read(member).decode()

    def weights(self) -> dict[int, NDArray[Any]]:
        """By buffer id, each of its buffer's shape and dtype."""
        found = self._arrays(WEIGHTS)
        buffers = self.plan.buffers
        return {int(one): typed(array, buffers[int(one)].dtype) for one, array in found.items()}

    def inputs(self) -> list[NDArray[Any]] | None:
        """Per plan input ``[rows, *shape]``; ``None`` where there are none in the bundle."""
        if INPUTS not in self._archive.namelist():
            return None
        found = self._arrays(INPUTS)
        buffers = [self.plan.buffers[one] for one in self.plan.inputs]
        return [typed(found[str(one.id)], one.dtype) for one in buffers]

    def unpack(self, kernel: str, folder: Path) -> Path:
        """Write the file of a kernel into a folder, if it is not there."""
        path = folder / Path(kernel).name
        if not path.exists():
            path.write_bytes(self._archive.read(kernel))
        return path

    def _arrays(self, member: str) -> dict[str, NDArray[Any]]:
        with self._archive.open(member) as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}


def packed(arrays: Mapping[int, NDArray[Any]]) -> bytes:
    """Arrays by buffer id, as the bytes of an ``.npz`` file."""
    file = io.BytesIO()
    named: dict[str, Any] = {str(one): np.ascontiguousarray(a) for one, a in arrays.items()}
    np.savez(file, **named)
    return file.getvalue()


def typed(array: NDArray[Any], dtype: str) -> NDArray[Any]:
    """An array that was read from a file: NumPy forgets the names of bfloat16 and its like."""
    wanted = np_dtype(dtype)
    return array.view(wanted) if array.dtype.kind == "V" else array
