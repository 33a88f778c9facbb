"""What a user decides about a campaign, resolved: defaults filled in, names turned into values."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any, get_args

from mutatenn.device import Limits, Oob
from mutatenn.errors import InputError, MissingToolError
from mutatenn.lowering.stage import STAGES
from mutatenn.model.preprocess import Preprocess


def default_jobs() -> int:
    """Mutants to run at once: a core is left for compiling."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


@dataclasses.dataclass(frozen=True)
class Options:
    """Everything that decides verdicts; units in the names. Stored in the manifest.

    ``preprocess_given`` is the preset or file that the user named, for commands that repeat.
    """

    model: Path
    inputs: Path
    out: Path
    labels: Path | None = None
    preprocess: Preprocess | None = None
    preprocess_given: str | None = None
    oracles: tuple[str, ...] = ("top1",)
    device: str = "llvm"
    target: str = "llvm"
    stage: str = "kernel"
    operators: tuple[str, ...] = ()
    sample: int | None = None
    only: tuple[str, ...] = ()
    seed: int = 0
    batch: int | None = None
    trust: bool = False
    threads: int = 1
    cache_mb: int = 1024
    limits: Limits = dataclasses.field(default_factory=Limits)
    oob: Oob = "contain"
    repeat: int = 1
    recheck_every: int = 50
    jobs: int = dataclasses.field(default_factory=default_jobs)

    def check(self, *, resumed: bool = False) -> None:
        """Refuse what cannot be carried out, before anything is read or written.

        Args:
            resumed: whether the campaign that is in the output folder is to go on.

        Raises:
            InputError: the output folder holds a campaign, or a number is out of range.
            MissingToolError: the device is not one of this version's.
        """
        if self.device != "llvm":
            raise MissingToolError(f"there is no device {self.device!r}; this version runs: llvm")
        if self.stage not in STAGES:
            raise InputError(
                f"there is no stage {self.stage!r}; choose one of: {', '.join(STAGES)}"
            )
        if self.oob not in get_args(Oob):
            raise InputError(f"--oob is {self.oob!r}; give contain or trap")
        for name in ("threads", "batch", "sample", "repeat", "recheck_every", "jobs"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"--{name.replace('_', '-')} is {value}; give 1 or more")
        if self.cache_mb < 0:
            raise InputError(f"--cache-mb is {self.cache_mb}; give 0 or more")
        if self.out.exists() and not self.out.is_dir():
            raise InputError(f"{self.out} is a file; give --out a folder")
        held = any((self.out / name).exists() for name in ("manifest.json", "journal.sqlite"))
        if held and not resumed:
            raise InputError(
                f"{self.out} holds a campaign already; give --out another folder, or go on with it "
                f"by mutatenn-ir run --resume {self.out}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest; paths as they were given."""
        plain = dataclasses.asdict(self)
        for name in ("model", "inputs", "out", "labels"):
            plain[name] = None if plain[name] is None else str(plain[name])
        plain["preprocess"] = None if self.preprocess is None else self.preprocess.to_dict()
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any], out: Path) -> Options:
        """The inverse of ``to_dict``, for a folder that may have been moved to ``out``.

        Raises:
            TypeError: ``plain`` holds a name that is no option.
        """
        values = dict(plain)
        for name in ("model", "inputs", "labels"):
            values[name] = None if values[name] is None else Path(values[name])
        if values["preprocess"] is not None:
            values["preprocess"] = Preprocess.from_dict(values["preprocess"])
        for name in ("operators", "oracles", "only"):
            values[name] = tuple(values[name])
        values["limits"] = Limits(**values["limits"])
        return cls(**values | {"out": out})
