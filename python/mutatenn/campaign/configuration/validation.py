"""Values as a user gave them to a configuration, or one sentence on the first that is wrong."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mutatenn.campaign.configuration.model import Configuration
from mutatenn.campaign.configuration.schema import properties, takes
from mutatenn.errors import InputError


def validate(
    values: Mapping[str, Any], named: Callable[[str], str], place: str = "the configuration"
) -> Configuration:
    """The configuration that holds ``values`` and, for the rest, defaults.

    Args:
        values: by key, as in ``mutatenn.toml``.
        named: how a key is called where the values come from: ``--threads`` on a command line.
        place: what is to be said to hold an unknown key.

    Raises:
        InputError: a key is unknown, or a value is of the wrong type or out of range.
    """
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        raise InputError(_sentence(error.errors()[0], values, named, place)) from error


def _sentence(
    error: ErrorDetails, values: Mapping[str, Any], named: Callable[[str], str], place: str
) -> str:
    key = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, properties(), 1)
        advice = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(properties())}"
        return f"{place} has the unknown key {key!r}; {advice}"
    if error["type"] == "value_error":
        return f"{named(key)}: {error['ctx']['error']}"
    return f"{named(key)} is {reprlib.repr(values[key])}; give {takes(properties()[key])}"
