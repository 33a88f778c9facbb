"""The manifest: everything that determines a campaign, written before anything runs."""

from __future__ import annotations

import dataclasses
import functools
import importlib.metadata
import json
import platform
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.shards.shard import Shard
from mutatenn.errors import InputError, MismatchError
from mutatenn.mutation.mutant import Mutant

SCHEMA = "mutatenn.manifest/1"


@dataclasses.dataclass(frozen=True)
class Manifest:
    """The mutants of a campaign, in the order in which they are taken, and what determines them.

    A sample is a beginning of them, as long as it takes to find so many that are runnable.
    ``facts`` holds versions, the target string, seed, options, and hashes of model, plan and
    inputs, as plain JSON values; with ``prove`` being ``all`` also ``static_verdicts``, by mutant.
    The manifest of a shard has the whole campaign's mutants; ``shard`` says which of them are its
    own, and is all that tells it from the other shards' manifests, machines' ways apart.
    """

    facts: dict[str, Any]
    mutants: tuple[Mutant, ...]

    def of(self, device: str) -> tuple[Mutant, ...]:
        """The mutants of the lowering that a device runs, in the order in which they are taken."""
        ranges = self._lowering(device).get("mutants")
        if ranges is None:
            return self.mutants
        return tuple(m for first, end in ranges for m in self.mutants[first:end])

    @property
    def shard(self) -> Shard | None:
        """The shard that this is the manifest of; ``None``: the whole campaign."""
        told = self.facts.get("shard")
        return None if told is None else Shard(told["index"], told["of"])

    @functools.cached_property
    def own(self) -> frozenset[str]:
        """The mutants that run here, by their ids: all, or those of the shard."""
        shard = self.shard
        if shard is None:
            return frozenset(mutant.id for mutant in self.mutants)
        owners = map(int, self.facts["shard"]["owners"].split())
        pairs = zip(self.mutants, owners, strict=True)
        return frozenset(mutant.id for mutant, owner in pairs if owner == shard.index)

    def own_of(self, device: str) -> tuple[Mutant, ...]:
        """``of`` a device, as far as they run here."""
        return tuple(mutant for mutant in self.of(device) if mutant.id in self.own)

    def population(self, device: str) -> int | None:
        """How many mutants those of a device were drawn from; ``None``: as ``facts`` says."""
        found: int | None = self._lowering(device).get("population")
        return found

    def leader(self, device: str) -> str:
        """The first device with the same mutants: it draws the sample that the others run too."""
        same = [one for one in self.facts["options"]["device"] if self._shares(one, device)]
        return str(same[0])

    def _shares(self, one: str, other: str) -> bool:
        mine, others = self._lowering(one), self._lowering(other)
        return mine is others or mine.get("mutants") == others.get("mutants")

    def _lowering(self, device: str) -> dict[str, Any]:
        """What the facts say of a device's lowering; nothing in those of an earlier version."""
        found: dict[str, Any] = {}
        for lowering in self.facts.get("lowerings", {}).values():
            if device in lowering["devices"]:
                found = lowering
        return found

    def write(self, path: Path) -> None:
        """Write the manifest as JSON, whole or not at all."""
        head = json.dumps({"schema": SCHEMA, **self.facts}, indent=1).removesuffix("\n}")
        # A line each: the manifest of a large model has tens of thousands.
        rows = ",\n".join(json.dumps(mutant.to_dict()) for mutant in self.mutants)
        write_atomically(path, f'{head},\n "mutants": [\n{rows}\n ]\n}}\n')

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
    for group in ("versions", "operators", "hashes", "lowerings"):
        old, new = stored.facts.get(group, {}), fresh.facts[group]
        if group == "lowerings" and not old:
            continue  # a campaign of a version with one device
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                raise MismatchError(
                    f"the campaign was begun with other {group}: {key} was {old.get(key)}, it is "
                    f"{new.get(key)} now; restore it, or begin a new campaign"
                )
    if stored.facts.get("shard") != fresh.facts.get("shard"):
        raise MismatchError(
            f"the same options split the campaign otherwise now than when shard {stored.shard} was "
            "begun; begin all shards anew"
        )
    if stored.mutants != fresh.mutants:
        raise MismatchError("the same options give other mutants now; begin a new campaign")


def in_order(mutants: Sequence[Mutant], size: int | None, seed: int) -> tuple[Mutant, ...]:
    """All mutants in the order in which they are taken.

    With a sample's size: one seeded permutation, whatever the size, so that a larger sample
    contains the smaller; it depends on the mutants' ids and the seed alone. Without: as given.

    Raises:
        InputError: the size is below one.
    """
    if size is None:
        return tuple(mutants)
    if size < 1:
        raise InputError(f"a sample of {size} mutants is empty: give --sample 1 or more")
    order = sorted(mutants, key=lambda mutant: mutant.id)
    random.Random(seed).shuffle(order)
    return tuple(order)


def versions() -> dict[str, str]:
    """Versions of everything that a verdict depends on."""
    packages = ("mutatenn", "apache-tvm", "apache-tvm-ffi", "numpy", "onnx")
    found = {name: importlib.metadata.version(name) for name in packages}
    return found | {"python": platform.python_version(), "machine": platform.machine()}
