"""Reads which class each input belongs to from a CSV file with the columns file and class_index."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mutatenn.errors import InputError

HEADER = ["file", "class_index"]
_LARGEST = int(np.iinfo(np.int64).max)


def read_labels(path: Path, names: Sequence[str]) -> NDArray[np.int64]:
    """Returns the class index of each of ``names``, in their order.

    Args:
        path: A CSV file in UTF-8 whose first line is ``file,class_index``.
        names: The inputs that must be labelled, each of them once, and no others.

    Returns:
        int64 of shape [len(names)], no element negative.

    Raises:
        InputError: The file cannot be read, a line is malformed, a file is labelled twice, a label
            names an absent input, or an input has no label.
    """
    labels = _read(path)
    known = set(names)
    for name in labels:
        if name not in known:
            raise InputError(
                f"{path} labels {name!r}, which is not among the {len(known)} inputs; remove the "
                "line or add the file"
            )
    for name in names:
        if name not in labels:
            raise InputError(f"{path} has no label for {name!r}; add a line for it")
    return np.array([labels[name] for name in names], dtype=np.int64)


def _read(path: Path) -> dict[str, int]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            if next(lines, None) != HEADER:
                raise InputError(
                    f"the first line of {path} is not {','.join(HEADER)!r}; write this header "
                    "above the labels"
                )
            labels: dict[str, int] = {}
            for line in lines:
                if line:
                    _add(labels, line, f"line {lines.line_num} of {path}")
            return labels
    except OSError as error:
        raise InputError(
            f"the labels file {path} cannot be read ({error.strerror}); give a CSV file with the "
            f"columns {','.join(HEADER)}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the labels file {path} is not CSV in UTF-8 ({error}); write it anew"
        ) from error


def _add(labels: dict[str, int], line: list[str], where: str) -> None:
    if len(line) != len(HEADER):
        raise InputError(f"{where} has {len(line)} columns; write a file and a class index")
    name, index = line
    if name in labels:
        raise InputError(f"{where} labels {name!r} a second time; remove one of the two lines")
    # int() would also take " 3", "+3", "1_0" and digits of other scripts.
    if not (index.isascii() and index.isdigit() and len(index) < 20 and int(index) <= _LARGEST):
        raise InputError(
            f"{where} gives {name!r} the class index {index!r}; it must be a whole number from 0"
        )
    labels[name] = int(index)
