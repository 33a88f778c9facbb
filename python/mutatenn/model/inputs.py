"""Loads what a model is run on, and its labels, from a folder of pictures or a NumPy file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError
from mutatenn.model.arrays import Arrays, read_npy, read_npz
from mutatenn.model.casting import cast
from mutatenn.model.input_list import indices_of
from mutatenn.model.input_spec import InputSpec
from mutatenn.model.labels import read_labels
from mutatenn.model.pictures import decode, list_pictures
from mutatenn.model.preprocess import Preprocess

__all__ = ["InputSpec", "Inputs", "load_inputs"]

LABELS_FILE = "labels.csv"
"""The file beside the pictures that is read where no other labels are given."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """Rows to run a model on; a row is one call of the model. The arrays are read-only.

    Attributes:
        rows: For each input of the model, in its order, an array of shape [rows, *input shape] and
            of the input's element type.
        names: What each row is called: its file, the name in the ``.npz``, or its number.
        labels: The class index of each row, int64 of shape [rows], or None.
        sha256: A hash, in hexadecimal, over names, rows and labels, independent of the byte order
            of the machine.
    """

    rows: tuple[NDArray[Any], ...]
    names: tuple[str, ...]
    labels: NDArray[np.int64] | None
    sha256: str

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.names)


def load_inputs(
    path: Path,
    specs: Sequence[InputSpec],
    preprocess: Preprocess | None,
    labels: Path | None = None,
    limit: int | None = None,
    only: Sequence[str] | None = None,
) -> Inputs:
    """Loads the inputs at ``path`` for a model with the inputs ``specs``.

    A folder gives a row for each picture (.png, .jpg, .jpeg, .bmp) right in it, sorted by name; its
    ``labels.csv`` is used where it exists and ``labels`` is not given. A ``.npy`` or ``.npz`` file
    is read as `mutatenn.model.arrays` says, its values taken as they are; a ``preprocess`` with
    arithmetic is applied to them as to pictures that have the model's size and layout already.

    Args:
        path: A folder, a ``.npy`` file or a ``.npz`` file.
        specs: The model's inputs, in its order; one of four dimensions for pictures.
        preprocess: How pictures become arrays; None is for arrays only.
        labels: A CSV file with the columns ``file,class_index``, where ``file`` is the row's name;
            it outranks labels found at ``path``, and must label all rows, those past ``limit`` too.
        limit: At most so many rows, from the first; None: all. Pictures past it are not decoded.
        only: Names of the rows to take, in any order; None: all. Other pictures are not decoded.

    Raises:
        InputError: Something cannot be read or does not fit the model; the message names it.
    """
    if limit is not None and limit < 1:
        raise InputError(f"the limit of inputs is {limit}, and must be at least 1")
    if not specs:
        raise InputError("the model has no inputs, so there is nothing to run it on")
    if path.is_dir():
        return _frozen(_from_folder(path, specs, preprocess, labels, limit, only), limit)
    arrays = _from_file(path, specs, preprocess)
    if labels is not None:
        arrays = Arrays(arrays.rows, arrays.names, read_labels(labels, arrays.names))
    if only is not None:
        arrays = _taken(arrays, indices_of(only, arrays.names, path))
    return _frozen(arrays, limit)


def _from_file(path: Path, specs: Sequence[InputSpec], preprocess: Preprocess | None) -> Arrays:
    if not path.exists():
        raise InputError(f"the inputs {path} do not exist; give a folder, a .npy or a .npz file")
    readers = {".npy": read_npy, ".npz": read_npz}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"the inputs {path} are neither a folder of pictures nor a .npy or .npz file; give one"
        )
    return _prepared(reader(path, specs), specs, preprocess, path)


def _from_folder(
    folder: Path,
    specs: Sequence[InputSpec],
    preprocess: Preprocess | None,
    labels: Path | None,
    limit: int | None,
    only: Sequence[str] | None,
) -> Arrays:
    # First of all: what is not there is not to be preprocessed either.
    pictures = list_pictures(folder)
    if len(specs) != 1:
        raise InputError(
            f"{folder} holds pictures and the model has {len(specs)} inputs; give a .npz file with "
            f"the arrays {', '.join(repr(spec.name) for spec in specs)}"
        )
    if preprocess is None:
        raise InputError(
            f"{folder} holds pictures, and how they become inputs is not said; give --preprocess "
            "imagenet, cifar10, mnist, raw or a .toml file"
        )
    (spec,) = specs
    preprocess.target(spec.shape)
    names = tuple(picture.name for picture in pictures)
    beside = folder / LABELS_FILE
    source = labels or (beside if beside.exists() else None)
    classes = None if source is None else read_labels(source, names)
    dtype = spec.numpy_dtype()
    chosen = indices_of(only, names, folder)[:limit]
    rows = np.empty((len(chosen), *spec.shape), dtype)
    for row, picture in zip(rows, (pictures[index] for index in chosen), strict=True):
        values = preprocess.apply(decode(picture), spec.shape, str(picture))
        row[...] = cast(values, dtype, f"the preprocessed picture {picture}")
    kept = None if classes is None else classes[chosen]
    return Arrays((rows,), tuple(names[index] for index in chosen), kept)


def _taken(arrays: Arrays, chosen: list[int]) -> Arrays:
    labels = None if arrays.labels is None else arrays.labels[chosen]
    names = tuple(arrays.names[index] for index in chosen)
    return Arrays(tuple(array[chosen] for array in arrays.rows), names, labels)


def _prepared(
    arrays: Arrays, specs: Sequence[InputSpec], preprocess: Preprocess | None, path: Path
) -> Arrays:
    rows = arrays.rows
    if preprocess is not None and preprocess.changes_geometry:
        raise InputError(
            f"{path} holds arrays, which are neither resized nor cropped; leave resize and crop "
            "out of the --preprocess file"
        )
    if preprocess is not None and preprocess.changes_values:
        if len(specs) != 1:
            raise InputError(
                f"the model has {len(specs)} inputs, which no --preprocess fits; give {path} as "
                "the model takes it, without that option"
            )
        target = preprocess.target(specs[0].shape)
        values = cast(rows[0], np.dtype(np.float32), str(path))
        rows = (preprocess.scale(values, 1 + target.channel_axis),)
    where = f"the array for {{!r}} in {path}"
    cast_rows = tuple(
        cast(array, spec.numpy_dtype(), where.format(spec.name))
        for array, spec in zip(rows, specs, strict=True)
    )
    return Arrays(cast_rows, arrays.names, arrays.labels)


def _frozen(arrays: Arrays, limit: int | None) -> Inputs:
    rows = tuple(np.ascontiguousarray(array[:limit]) for array in arrays.rows)
    names = arrays.names[:limit]
    labels = None if arrays.labels is None else np.ascontiguousarray(arrays.labels[:limit])
    for array in (*rows, *(() if labels is None else (labels,))):
        array.flags.writeable = False
    return Inputs(rows, names, labels, _sha256(rows, names, labels))


def _sha256(
    rows: tuple[NDArray[Any], ...], names: tuple[str, ...], labels: NDArray[np.int64] | None
) -> str:
    digest = hashlib.sha256()
    for name in names:
        encoded = name.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%b" % (len(encoded), encoded))
    for array in (*rows, *(() if labels is None else (labels,))):
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        header = f"{little.dtype.str}{little.shape}".encode()
        digest.update(b"%d:%b" % (len(header), header))
        digest.update(np.ascontiguousarray(little).data)
    return digest.hexdigest()
