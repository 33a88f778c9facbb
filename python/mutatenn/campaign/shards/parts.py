"""The folders of shards, and why they are not all the parts of one campaign."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.folder import Folder
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.shards.shard import Shard
from mutatenn.errors import InputError, MismatchError

OF_A_MACHINE = (
    *("out", "shard", "jobs", "cache_mb"),
    *("model", "inputs", "input_list", "labels", "preprocess_given"),
)
"""Options in which shards may differ; what the files hold, hashes tell."""


@dataclasses.dataclass(frozen=True)
class Part:
    """A shard's folder, read."""

    folder: Folder
    manifest: Manifest
    shard: Shard
    facts: dict[str, Any]
    """What its journal keeps beside verdicts."""

    def __str__(self) -> str:
        return f"{self.folder.path} (shard {self.shard})"


def is_shard(folder: Path) -> bool:
    """Whether a folder holds a shard of a campaign, finished or not.

    Raises:
        InputError: its manifest cannot be read.
    """
    path = Folder(folder).manifest
    return path.is_file() and Manifest.read(path).shard is not None


def parts_of(folders: Sequence[Path]) -> list[Part]:
    """The parts of one campaign, in the order of the shards: each once, and none from elsewhere.

    Whether each is complete is asked of its journal by others.

    Raises:
        InputError: a manifest or journal cannot be read.
        MismatchError: a folder is no shard, one is of another campaign, one is there twice, or
            some are missing; the message names them.
    """
    found = [_part(folder) for folder in folders]
    first = found[0]
    for part in found[1:]:
        differs = difference(first.manifest, part.manifest)
        if differs:
            raise MismatchError(f"{part} is of another campaign than {first}: {differs}")
    by_index: dict[int, Part] = {}
    for part in found:
        twin = by_index.setdefault(part.shard.index, part)
        if twin is not part:
            raise MismatchError(
                f"{part.folder.path} and {twin.folder.path} are both shard {part.shard}; give each "
                "shard once"
            )
    count = first.shard.of
    missing = [str(Shard(index, count)) for index in range(count) if index not in by_index]
    if missing:
        raise MismatchError(
            f"{len(missing)} of {count} shards are missing: {', '.join(missing)}; give their "
            "folders too"
        )
    return [by_index[index] for index in range(count)]


def difference(one: Manifest, other: Manifest) -> str:
    """In what two shards' manifests are not of the same campaign, in words; empty if they are."""
    mine, others = _identity(one), _identity(other)
    for key in sorted(mine.keys() | others.keys()):
        here, there = mine.get(key), others.get(key)
        if here == there:
            continue
        if isinstance(here, dict) and isinstance(there, dict):
            name = next(k for k in [*here, *there] if here.get(k) != there.get(k))
            return f"{key}: {name} is {_short(there.get(name))}, not {_short(here.get(name))}"
        return f"{key} is {_short(there)}, not {_short(here)}"
    if [mutant.id for mutant in one.mutants] != [mutant.id for mutant in other.mutants]:
        return "it has other mutants, or in another order"
    return ""


def _part(folder: Path) -> Part:
    manifest = Manifest.read(Folder(folder).manifest)
    shard = manifest.shard
    if shard is None:
        raise MismatchError(f"{folder} holds a whole campaign, no shard; leave it out")
    if not Folder(folder).journal.is_file():
        raise MismatchError(
            f"{folder} (shard {shard}) has not begun; run it by mutatenn-ir run --resume {folder}"
        )
    with Journal(Folder(folder).journal, read_only=True) as journal:
        damage = journal.damage()
        if damage:
            raise InputError(f"the journal in {folder} (shard {shard}) is damaged: {damage}")
        return Part(Folder(folder), manifest, shard, journal.facts())


def _identity(manifest: Manifest) -> dict[str, Any]:
    """All that shards of one campaign have in common."""
    facts = {key: value for key, value in manifest.facts.items() if key != "shard"}
    options = {k: v for k, v in facts["options"].items() if k not in OF_A_MACHINE}
    split = {k: v for k, v in manifest.facts["shard"].items() if k != "index"}
    return {**facts, "options": options, "shards": split}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
