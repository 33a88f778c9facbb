"""The command line that repeats one mutant of a campaign alone."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import Any

from mutatenn.campaign.options import Options

# Told in another way below, or of no use for a single mutant.
_LEFT_OUT = {"model", "inputs", "out", "only", "sample", "seed", "oracles", "operators", "limits"}
_LEFT_OUT |= {"preprocess", "preprocess_given", "jobs"}


def repeat_command(stored: dict[str, Any], mutant: str) -> str:
    """A shell command that runs a mutant again, with the options of its campaign.

    Args:
        stored: the campaign's options, as its manifest holds them.
        mutant: the mutant's id.
    """
    words = ["mutatenn-ir", "run", stored["model"], "--inputs", stored["inputs"]]
    for oracle in stored["oracles"]:
        words += ["--oracle", oracle]
    default = Options(model=Path(), inputs=Path(), out=Path()).to_dict()
    for field in dataclasses.fields(Options):
        name, value = field.name, stored[field.name]
        if name in _LEFT_OUT or value == default[name] or value is None:
            continue
        flag = "--" + name.replace("_", "-")
        words += [flag] if value is True else [flag, str(value)]
    if stored["preprocess_given"] is not None:
        words += ["--preprocess", stored["preprocess_given"]]
    if stored["limits"] != default["limits"]:
        words += ["--memory", str(stored["limits"]["memory_mb"])]
        words += ["--timeout", str(stored["limits"]["factor"])]
    return shlex.join([*words, "--only", mutant, "--out", f"{mutant}.out"])
