"""Rows of inputs for a bundle: from a NumPy file, or those that it holds."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.device.bundle.contents import Contents, typed
from mutatenn.device.rows import check_rows
from mutatenn.errors import InputError
from mutatenn.lowering.plan import Plan

_BESIDE = ("labels", "names")
"""Arrays that may stand beside the inputs, and say nothing to a device."""


def rows_of(contents: Contents, given: Path | None, limit: int | None) -> list[NDArray[Any]]:
    """The rows to run, one array ``[rows, *shape]`` per input of the plan.

    Args:
        contents: the bundle.
        given: a ``.npz`` or ``.npy`` file; ``None``: the rows in the bundle.
        limit: at most so many rows, from the first; ``None``: all.

    Raises:
        InputError: there are none, or they do not fit the plan.
    """
    if given is None:
        rows = contents.inputs()
        if rows is None:
            raise InputError("the bundle holds no inputs: give --inputs FILE.npz")
    else:
        rows = _read(given, contents.plan)
    rows = [np.ascontiguousarray(array[:limit]) for array in rows]
    check_rows(contents.plan, rows)
    return rows


def rows_sha256(plan: Plan, rows: Sequence[NDArray[Any]]) -> str:
    """Hash of rows with the names of their inputs, hexadecimal."""
    digest = hashlib.sha256()
    for buffer_id, array in zip(plan.inputs, rows, strict=True):
        buffer = plan.buffers[buffer_id]
        digest.update(f"{buffer.name}:{buffer.dtype}:{array.shape};".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _read(path: Path, plan: Plan) -> list[NDArray[Any]]:
    """The arrays of a file, by the names of the plan's inputs."""
    buffers = [plan.buffers[one] for one in plan.inputs]
    names = [buffer.name for buffer in buffers]
    try:
        stored = np.load(path, allow_pickle=False)
        if isinstance(stored, np.ndarray):
            found = {names[0]: stored}
        else:
            with stored:
                wanted = [one for one in stored.files if one in names or one not in _BESIDE]
                found = {name: stored[name] for name in wanted}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is no file of NumPy arrays: {error}") from error
    if len(names) == 1 and len(found) == 1:
        found = {names[0]: next(iter(found.values()))}
    odd = sorted(found.keys() ^ set(names))
    if odd:
        told = "holds the unknown array" if odd[0] in found else "lacks the array"
        raise InputError(f"{path} {told} {odd[0]!r}; give one per input: {', '.join(names)}")
    return [typed(found[buffer.name], buffer.dtype) for buffer in buffers]
