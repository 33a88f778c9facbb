"""The options of a campaign put together from several sources, each value with its origin."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration.model import Configuration

COMMAND_LINE = "command line"
DEFAULT = "default"


@dataclasses.dataclass(frozen=True)
class Resolved:
    """A configuration; ``origins`` says of each key where its value came from.

    An origin is ``command line``, ``default`` or the file's path, as it was given.
    """

    configuration: Configuration
    origins: dict[str, str]
    file: Path | None


def resolve(
    given: Configuration, stored: Configuration | None = None, file: Path | None = None
) -> Resolved:
    """What was given on the command line, else what the file says, else the default.

    Args:
        given: the options of the command line.
        stored: the options of the file, where there is one.
        file: its path.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(given.values(), DEFAULT)
    sources = [(str(file), stored.given())] if stored is not None else []
    for origin, part in (*sources, (COMMAND_LINE, given.given())):
        values |= part
        origins |= dict.fromkeys(part, origin)
    return Resolved(Configuration.model_validate(values), origins, file)
