"""The command line that repeats one mutant of a campaign alone."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration import Configuration, properties
from mutatenn.campaign.device_groups import is_elsewhere
from mutatenn.campaign.options import configured
from mutatenn.model.preprocess import is_file
from mutatenn.mutation.higher_order import JOINT
from mutatenn.mutation.mutant import Mutant

# Told in another way below, or of no use for a single mutant.
LEFT_OUT = {
    "model",
    "inputs",
    "out",
    "only",
    "preset",
    "operators",
    "exclude",
    "function",
    "layer",
    "positions",
    "order",
    "sample",
    "stratify",
    "until",
    "shard",
    "seed",
    "jobs",
    "prove",
}


def repeat_command(stored: dict[str, Any], mutant: Mutant) -> str:
    """A shell command that runs a mutant again, with the options of its campaign.

    Paths below the working directory are relative to it. No configuration file is read: the
    command says everything.

    Args:
        stored: the campaign's options, as its manifest holds them.
        mutant: one of the campaign's.
    """
    values = configured(stored)
    words = ["mutatenn-ir", "run", _near(values["model"]), "--inputs", _near(values["inputs"])]
    default = Configuration.model_validate({}).model_dump(mode="json", by_alias=True)
    for key, option in properties().items():
        value = values.get(key)  # gates are not stored, and a single mutant asks for none
        if key in LEFT_OUT or value is None or value == default[key]:
            continue
        if option.get("format") == "path" or (key == "preprocess" and is_file(value)):
            value = _near(value)
        if isinstance(value, bool):
            words.append(f"--{key}" if value else f"--no-{key}")
            continue
        for item in value if isinstance(value, list) else [value]:
            if key == "device" and is_elsewhere(item):
                continue  # a bundle ran there; no command here does
            words += [f"--{key}", str(item)]
    named = JOINT.join(part.id for part in mutant.first_order)
    words += ["--only", named, "--no-config", "--out", f"{mutant.id}.out"]
    return shlex.join(words)


def _near(path: str) -> str:
    """A path relative to the working directory where it lies below that, else as it is."""
    here = Path.cwd()
    if not Path(path).is_relative_to(here):
        return path
    near = str(Path(path).relative_to(here))
    return path if near.startswith("-") else near  # which would be an option
