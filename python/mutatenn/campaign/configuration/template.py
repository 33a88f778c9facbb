"""Options as TOML: a value, and a whole ``mutatenn.toml`` of comments to begin from."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration.schema import properties, takes

WIDTH = 98
HEAD = """\
Options of `mutatenn-ir run`, which reads this file as mutatenn.toml in the working directory or as
--config FILE. What the command line says comes before it. Relative paths are relative to this
file. Take the # before an option away to set it; the values below are the defaults, or examples
where there is no default.
"""


def template() -> str:
    """A file with every option: its description, type and range, and its default in a comment."""
    parts = [textwrap.indent(HEAD, "# ")]
    for key, option in properties().items():
        text = f"{option['description']} Takes {takes(option)}."
        value = option["default"] if "default" in option else option["examples"][0]
        lines = [f"# {line}" for line in textwrap.wrap(text, WIDTH - 2)]
        parts.append("\n".join([*lines, f"#{key} = {value_as_toml(value)}\n"]))
    return "\n".join(parts)


def value_as_toml(value: Any) -> str:
    """A text, path, number, truth value, or list or tuple of them, as TOML writes it."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_as_toml(item) for item in value) + "]"
    if isinstance(value, Path):
        value = str(value)
    # JSON's scalars are TOML's, but for one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
