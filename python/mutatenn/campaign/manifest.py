"""The manifest: everything that determines a campaign, written before anything runs."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import platform
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.errors import InputError, MismatchError
from mutatenn.mutation.mutant import Mutant

SCHEMA = "mutatenn.manifest/1"


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The mutants of a campaign, in the order in which they run, and all that determines them.

    ``facts`` holds versions, the target string, seed, options, and hashes of model, plan and
    inputs, as plain JSON values.
    """

    facts: dict[str, Any]
    mutants: tuple[Mutant, ...]

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, whole or not at all."""
        body = {"schema": SCHEMA, **self.facts, "mutants": [m.to_dict() for m in self.mutants]}
        write_atomically(path, json.dumps(body, indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read what ``write`` wrote.

        Raises:
            InputError: there is no manifest, or it is not one.
        """
        try:
            body = json.loads(path.read_text())
            if body.pop("schema") != SCHEMA:
                raise InputError(f"{path} is not a manifest of this version ({SCHEMA})")
            mutants = tuple(Mutant.from_dict(row) for row in body.pop("mutants"))
        except FileNotFoundError as error:
            raise InputError(f"{path} is not there: give the folder of a campaign") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path} is not a manifest: {error}") from error
        return cls(body, mutants)


def require_same(stored: Manifest, fresh: Manifest) -> None:
    """Refuse to go on with a campaign whose ground has moved.

    Args:
        stored: the campaign's manifest.
        fresh: the manifest that the same options give now.

    Raises:
        MismatchError: versions, hashes or mutants differ; the message names the first.
    """
    for group in ("versions", "operators", "hashes"):
        old, new = stored.facts[group], fresh.facts[group]
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                raise MismatchError(
                    f"the campaign was begun with other {group}: {key} was {old.get(key)}, it is "
                    f"{new.get(key)} now; restore it, or begin a new campaign"
                )
    if stored.mutants != fresh.mutants:
        raise MismatchError("the same options give other mutants now; begin a new campaign")


def sample(mutants: Sequence[Mutant], size: int | None, seed: int) -> tuple[Mutant, ...]:
    """``size`` mutants of one seeded permutation; a larger sample contains the smaller.

    Without a size: all mutants, in the order given. The permutation depends on the mutants' ids
    and the seed alone.

    Raises:
        InputError: the size is below one.
    """
    if size is None:
        return tuple(mutants)
    if size < 1:
        raise InputError(f"a sample of {size} mutants is empty: give --sample 1 or more")
    order = sorted(mutants, key=lambda mutant: mutant.id)
    random.Random(seed).shuffle(order)
    return tuple(order[:size])


def versions() -> dict[str, str]:
    """Versions of everything that a verdict depends on."""
    packages = ("mutatenn", "apache-tvm", "apache-tvm-ffi", "numpy", "onnx")
    found = {name: importlib.metadata.version(name) for name in packages}
    return found | {"python": platform.python_version(), "machine": platform.machine()}
