"""Reads inputs from NumPy files: one array of rows for each input of the model."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.model.input_spec import InputSpec

_DAMAGE = (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, SyntaxError)


@dataclass(frozen=True, eq=False)
class Arrays:
    """What a NumPy file holds, shapes checked, element types as stored.

    Attributes:
        rows: For each input of the model an array of shape [rows, *input shape].
        names: The name of each row; by default its number, from ``"0"``.
        labels: int64 of shape [rows], or None.
    """

    rows: tuple[NDArray[Any], ...]
    names: tuple[str, ...]
    labels: NDArray[np.int64] | None


def read_npy(path: Path, specs: Sequence[InputSpec]) -> Arrays:
    """Reads the only input of a model from a ``.npy`` file.

    Its shape is [rows, *input shape]; [rows, ...] without the input's batch dimension of 1; or the
    input's own, which is one row.

    Raises:
        InputError: The model has several inputs, or the file is damaged or of another shape.
    """
    if len(specs) != 1:
        raise InputError(
            f"{path} holds one array and the model has {len(specs)} inputs; give a .npz file with "
            f"the arrays {_listed(specs)}"
        )
    array = _load(path)
    if not isinstance(array, np.ndarray):
        array.close()
        raise InputError(f"{path} is a .npz archive; give it this suffix")
    rows = _as_rows(array, specs[0], str(path))
    return Arrays((rows,), _numbered(len(rows)), None)


def read_npz(path: Path, specs: Sequence[InputSpec]) -> Arrays:
    """Reads all inputs of a model from a ``.npz`` file.

    It holds one array per input under the input's name, or, for a model with one input, a single
    array under any name; shapes as for `read_npy`. ``labels`` (integers, [rows]) and ``names``
    (text, [rows]) may stand beside them, unless the model has inputs of these names.

    Raises:
        InputError: The file is damaged; an array is missing, unknown or of the wrong shape; or the
            arrays have different numbers of rows.
    """
    stored = _members(path)
    wanted = {spec.name for spec in specs}
    extras = {key: stored.pop(key) for key in ("labels", "names") if key in stored.keys() - wanted}
    if len(specs) == 1 and len(stored) == 1:
        stored = {specs[0].name: next(iter(stored.values()))}
    unknown, missing = sorted(stored.keys() - wanted), sorted(wanted - stored.keys())
    if unknown or missing:
        fault = f"the unknown array {unknown[0]!r}" if unknown else f"no array {missing[0]!r}"
        raise InputError(f"{path} holds {fault}; give just the model's inputs, {_listed(specs)}")
    rows = tuple(_as_rows(stored[s.name], s, f"the array for {s.name!r} in {path}") for s in specs)
    counts = {len(array) for array in rows}
    if len(counts) > 1:
        raise InputError(
            f"the arrays in {path} have different numbers of rows ({sorted(counts)}); give each "
            "input the same number"
        )
    count = len(rows[0])
    names = _names(extras["names"], count, path) if "names" in extras else _numbered(count)
    labels = _labels(extras["labels"], count, path) if "labels" in extras else None
    return Arrays(rows, names, labels)


def _load(path: Path) -> Any:
    try:
        # Pickled objects would run code.
        return np.load(path, allow_pickle=False)
    except _DAMAGE as error:
        raise InputError(
            f"{path} is damaged or not a NumPy file of numbers ({type(error).__name__}); save it "
            "anew with numpy.save or numpy.savez"
        ) from error


def _members(path: Path) -> dict[str, NDArray[Any]]:
    archive = _load(path)
    if isinstance(archive, np.ndarray):
        raise InputError(f"{path} holds one array and is no archive; give it the suffix .npy")
    members = {}
    with archive:
        for key in archive.files:
            try:
                member = archive[key]
            except _DAMAGE as error:
                raise InputError(
                    f"the array {key!r} in {path} is damaged or not of numbers "
                    f"({type(error).__name__}); save it anew with numpy.savez"
                ) from error
            if not isinstance(member, np.ndarray):
                raise InputError(f"{path} holds {key!r}, which is not an array; remove it")
            members[key] = member
    return members


def _as_rows(array: NDArray[Any], spec: InputSpec, where: str) -> NDArray[Any]:
    shape = spec.shape
    if array.shape == shape:
        return array[np.newaxis]
    if array.ndim == len(shape) and shape[:1] == (1,) and array.shape[1:] == shape[1:]:
        array = array[:, np.newaxis]
    if array.ndim == 0 or array.shape[1:] != shape:
        raise InputError(
            f"{where} has shape {list(array.shape)}, and {spec.described()} needs "
            f"[{', '.join(map(str, ('rows', *shape)))}]; reshape it"
        )
    if len(array) == 0:
        raise InputError(f"{where} has no rows; give at least one")
    return array


def _names(array: NDArray[Any], count: int, path: Path) -> tuple[str, ...]:
    names = tuple(str(name) for name in array.ravel())
    if array.dtype.kind != "U" or array.shape != (count,) or "" in names or len(set(names)) < count:
        raise InputError(
            f"'names' in {path} must be {count} different texts, one for each row, and is "
            f"{array.dtype} of shape {list(array.shape)}"
        )
    return names


def _labels(array: NDArray[Any], count: int, path: Path) -> NDArray[np.int64]:
    fits = array.dtype.kind in "iu" and array.shape == (count,)
    if not fits or array.min() < 0 or int(array.max()) > np.iinfo(np.int64).max:
        raise InputError(
            f"'labels' in {path} must be {count} class indices from 0, one for each row, and is "
            f"{array.dtype} of shape {list(array.shape)}"
        )
    return array.astype(np.int64)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(row) for row in range(count))


def _listed(specs: Sequence[InputSpec]) -> str:
    return ", ".join(repr(spec.name) for spec in specs)
