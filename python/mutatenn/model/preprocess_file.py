"""Reads the settings of a preprocessing from a TOML file and refuses what it does not know.

All keys may be left out: ``resize = 256`` or ``[256, 340]``, ``crop = 224`` or ``[224, 224]``,
``divide = 255``, ``mean = [0.485, 0.456, 0.406]``, ``std = 0.5``, ``layout = "NCHW"``,
``channels = "rgb"``. What they mean is told at `mutatenn.model.preprocess.Preprocess`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutatenn.errors import InputError
from mutatenn.model.toml_file import read_toml


def read_settings(path: Path) -> dict[str, Any]:
    """Returns the settings in the TOML file at ``path``, by field of ``Preprocess``, types checked.

    Raises:
        InputError: The file cannot be read, is not TOML, has an unknown key, or a value of the
            wrong type.
    """
    table = read_toml(path, "preprocessing")
    unknown = sorted(set(table) - set(_READERS))
    if unknown:
        raise InputError(
            f"{path} has the unknown key {unknown[0]!r}; the keys are {', '.join(_READERS)}"
        )
    try:
        return {key: _READERS[key](key, value) for key, value in table.items()}
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _number(key: str, value: Any) -> float:
    # In Python, true is an integer too.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"{key} is {value!r}, and must be a number")
    try:
        return float(value)
    except OverflowError as error:
        raise InputError(f"{key} holds a number that is not finite; give a finite one") from error


def _numbers(key: str, value: Any) -> tuple[float, ...]:
    if isinstance(value, list):
        return tuple(_number(f"each of {key}", item) for item in value)
    if isinstance(value, (str, dict)):
        raise InputError(f"{key} is {value!r}, and must be a number or a list of numbers")
    return (_number(key, value),)


def _pixels(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(
            f"{key} is {value!r}, and must be a whole number of pixels or a [height, width] pair"
        )
    return value


def _resize(key: str, value: Any) -> int | tuple[int, int]:
    if not isinstance(value, list):
        return _pixels(key, value)
    if len(value) != 2:
        raise InputError(f"{key} has {len(value)} numbers, and must be [height, width]")
    return _pixels(key, value[0]), _pixels(key, value[1])


def _crop(key: str, value: Any) -> tuple[int, int]:
    size = _resize(key, value)
    return size if isinstance(size, tuple) else (size, size)


def _word(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InputError(f"{key} is {value!r}, and must be a word in quotes")
    return value


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "resize": _resize,
    "crop": _crop,
    "divide": _number,
    "mean": _numbers,
    "std": _numbers,
    "layout": _word,
    "channels": _word,
}
