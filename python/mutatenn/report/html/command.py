"""The command line that a campaign was, or could have been, begun with."""

from __future__ import annotations

import shlex
from typing import Any

from mutatenn.campaign.configuration import Configuration, properties
from mutatenn.campaign.options import configured


def campaign_command(stored: dict[str, Any]) -> str:
    """A shell command that runs the campaign again; it reads no configuration file.

    Args:
        stored: the campaign's options, as its manifest holds them.

    Raises:
        KeyError: an option is missing: the campaign is of an earlier version.
    """
    values = configured(stored)
    words = ["mutatenn-ir", "run", str(values["model"])]
    default = Configuration.model_validate({}).model_dump(mode="json", by_alias=True)
    for key in properties():
        value = values.get(key)
        if key in ("model", "out") or value is None or value == default[key]:
            continue
        if isinstance(value, bool):
            words.append(f"--{key}" if value else f"--no-{key}")
            continue
        for item in value if isinstance(value, list) else [value]:
            words += [f"--{key}", str(item)]
    return shlex.join([*words, "--no-config", "--out", "again"])
