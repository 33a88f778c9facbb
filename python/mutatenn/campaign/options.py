"""What a user decides about a campaign, resolved: defaults filled in, names turned into values."""

from __future__ import annotations

import dataclasses
import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutatenn.campaign.configuration import GATES, Configuration, properties, validate
from mutatenn.campaign.sampling import require_together
from mutatenn.device import Limits, Oob
from mutatenn.errors import InputError
from mutatenn.model.preprocess import Preprocess, is_file, load_preprocess
from mutatenn.mutation.presets import stage_of

ALIGNED = ("tensor", "graph", "weight")
"""Stages at which devices of every lowering can share mutants."""
LIMITS = {
    "memory": "memory_mb",
    "timeout": "factor",
    "floor-ms": "floor_ms",
    "golden-ms": "golden_ms",
    "total-ms": "total_ms",
}
"""The field of ``Limits`` that holds the value of a key."""
RENAMED = {"oracle": "oracles", "preprocess": "preprocess_given"}
"""The field of ``Options`` that holds the value of a key, where it is called otherwise."""


def default_jobs() -> int:
    """Mutants to run at once: a core is left for compiling."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


@dataclasses.dataclass(frozen=True)
class Options:
    """Everything that decides verdicts; units in the names. Stored in the manifest.

    ``preprocess_given`` is the preset or file that the user named, for commands that repeat.
    ``target`` may be ``host`` or, for the schedule's default, ``None``; ``Subject.prepare`` puts
    the target itself in its place.
    """

    model: Path
    inputs: Path
    out: Path
    input_list: Path | None = None
    labels: Path | None = None
    preprocess: Preprocess | None = None
    preprocess_given: str | None = None
    oracles: tuple[str, ...] = ("top1",)
    device: tuple[str, ...] = ("llvm",)
    target: str | None = None
    schedule: str = "default"
    align: bool = False
    stage: str = "kernel"
    preset: str | None = None
    operators: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    function: tuple[str, ...] = ()
    layer: tuple[str, ...] = ()
    positions: str | None = None
    order: int = 1
    all: bool = False
    expect: str = "any"
    sample: int | None = None
    stratify: str | None = None
    until: str | None = None
    shard: str | None = None
    prove: str = "turn"
    only: tuple[str, ...] = ()
    seed: int = 0
    batch: int | None = None
    trust: bool = False
    threads: int = 1
    cache_mb: int = 1024
    limits: Limits = dataclasses.field(default_factory=Limits)
    oob: Oob = "contain"
    poison: bool = True
    repeat: int = 1
    recheck_every: int = 50
    jobs: int = dataclasses.field(default_factory=default_jobs)

    def check(self, *, resumed: bool = False) -> None:
        """Refuse what cannot be carried out, before anything is read or written.

        Args:
            resumed: whether the campaign that is in the output folder is to go on.

        Raises:
            InputError: the output folder holds a campaign, or a number is out of range.
        """
        values = configured(self.to_dict())
        del values["preprocess"]  # its file is read already, and may be gone since
        validate({k: v for k, v in values.items() if v is not None}, lambda key: key)
        if self.align and self.stage not in ALIGNED:
            raise InputError(
                f"--align plants mutants at stage tensor, --stage asks for {self.stage}: give one "
                "of the two"
            )
        require_together(self)
        if self.out.exists() and not self.out.is_dir():
            raise InputError(f"{self.out} is a file; give --out a folder")
        held = any((self.out / name).exists() for name in ("manifest.json", "journal.sqlite"))
        if held and not resumed:
            raise InputError(
                f"{self.out} holds a campaign already; give --out another folder, or go on with it "
                f"by mutatenn-ir run --resume {shlex.quote(str(self.out))}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest; paths are absolute, so that any directory will do."""
        plain = dataclasses.asdict(self)
        for name in ("model", "inputs", "input_list", "out", "labels"):
            plain[name] = None if plain[name] is None else str(plain[name].absolute())
        if self.preprocess_given is not None and is_file(self.preprocess_given):
            plain["preprocess_given"] = str(Path(self.preprocess_given).absolute())
        plain["preprocess"] = None if self.preprocess is None else self.preprocess.to_dict()
        return plain

    @classmethod
    def from_configuration(cls, configuration: Configuration) -> Options:
        """The options that a user's configuration stands for.

        Raises:
            InputError: model or inputs are not given, or the preprocessing cannot be used.
        """
        values = configuration.values()
        for key in ("model", "inputs"):
            if values[key] is None:
                raise InputError(f"no {key} given: a campaign needs a model and its inputs")
        if values["stage"] is None and values["align"]:
            values["stage"] = "tensor"
        if values["stage"] is None:
            values["stage"] = stage_of(values["preset"], values["operators"])
        if values["jobs"] is None:
            values["jobs"] = default_jobs()
        limits = Limits(**{field: values.pop(key) for key, field in LIMITS.items()})
        preprocess = None if values["preprocess"] is None else load_preprocess(values["preprocess"])
        fields = {_field(key): value for key, value in values.items() if key not in GATES}
        return cls(**fields, limits=limits, preprocess=preprocess)

    @classmethod
    def from_dict(cls, plain: dict[str, Any], out: Path) -> Options:
        """The inverse of ``to_dict``, for a folder that may have been moved to ``out``.

        Raises:
            TypeError: ``plain`` holds a name that is no option.
        """
        values = dict(plain)
        for name in ("model", "inputs", "input_list", "labels"):
            # Campaigns of earlier versions ran on all inputs.
            values[name] = None if values.get(name) is None else Path(values[name])
        if values["preprocess"] is not None:
            values["preprocess"] = Preprocess.from_dict(values["preprocess"])
        for name in ("device", "operators", "exclude", "function", "layer", "oracles", "only"):
            values[name] = tuple(values[name])
        values["limits"] = Limits(**values["limits"])
        return cls(**values | {"out": out})


def configured(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a configuration, by key, that options in a manifest were made from."""
    return {
        key: stored["limits"][LIMITS[key]] if key in LIMITS else stored[_field(key)]
        for key in properties()
        if key not in GATES
    }


def _field(key: str) -> str:
    return RENAMED.get(key, key.replace("-", "_"))
