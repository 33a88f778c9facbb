"""``mutatenn.toml``: what a campaign's options are where the command line says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration.model import Configuration
from mutatenn.campaign.configuration.schema import properties
from mutatenn.campaign.configuration.validation import validate
from mutatenn.model.preprocess import is_file
from mutatenn.model.toml_file import read_toml

FILE_NAME = "mutatenn.toml"
"""The file that is read in the working directory."""


def read_file(path: Path) -> Configuration:
    """The options in a file; relative paths in it are relative to its folder.

    Raises:
        InputError: the file cannot be read, is not TOML, has an unknown key, or a value of the
            wrong type or out of range; the sentence names file and key.
    """
    values = read_toml(path, "configuration")
    for key, value in values.items():
        if isinstance(value, str) and _is_path(key, value):
            values[key] = str(path.parent / value)
    return validate(values, lambda key: f"{path}: {key}", str(path))


def _is_path(key: str, value: str) -> bool:
    option: dict[str, Any] = properties().get(key, {})
    return option.get("format") == "path" or (key == "preprocess" and is_file(value))
