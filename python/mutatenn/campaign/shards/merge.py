"""Shards of a campaign made one again, in a new folder; theirs stay as they are."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.answers import Answers
from mutatenn.campaign.database import open_for_reading
from mutatenn.campaign.folder import Folder, made_whole
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.shards.parts import Part, parts_of
from mutatenn.campaign.shards.replay import Row, replayed
from mutatenn.errors import IncompleteError, InputError, MismatchError

Pending = Callable[[Path], int]
"""How many mutants of a campaign's folder have no verdict yet."""
SUMMED = ("seconds_by_phase",)
"""Facts of journals whose numbers add up."""
BY_DEVICE = ("steps_unknown", "reach_unknown")
"""Facts of journals that hold, by device and kernel, what could not be known."""


@dataclasses.dataclass(frozen=True)
class Joined:
    """What was merged: how many shards, their verdicts, and duplicates found across them."""

    shards: int
    verdicts: int
    across: int


def merge_shards(folders: Sequence[Path], out: Path, pending: Pending) -> Joined:
    """Write the campaign whose shards lie in ``folders``.

    Verdicts are those of an undivided run, times apart: see ``replayed``.

    Args:
        folders: one for each shard, in any order.
        out: a folder that is not there yet.
        pending: tells whether a shard is complete.

    Raises:
        InputError: a folder cannot be read or written.
        MismatchError: shards are missing, incomplete, given twice, or of another campaign.
    """
    if out.exists():
        raise InputError(f"{out} is there already; give -o a new folder")
    parts = parts_of(folders)
    for part in parts:
        _require_complete(part, pending(part.folder.path))
        _require_same_answers(parts[0], part)
    with made_whole(out) as partial:
        return _merged(parts, Folder(partial), out)


def _require_complete(part: Part, pending: int) -> None:
    with Journal(part.folder.journal, read_only=True) as journal:
        unsure = [name for device in _devices(part) for name in journal.unconfirmed(device)]
    if not pending and not unsure:
        return
    why = (
        f"{pending} mutants have no verdict"
        if pending
        else f"{len(unsure)} verdicts are not confirmed by a check of the original"
    )
    raise MismatchError(
        f"{part} is incomplete: {why}; go on with it by mutatenn-ir run --resume {part.folder.path}"
    )


def _require_same_answers(first: Part, part: Part) -> None:
    """The original must have answered alike, or verdicts of one are not those of the other."""
    for device in _devices(first):
        here, there = (one.facts["golden"][device]["outputs"] for one in (first, part))
        if here != there:
            raise MismatchError(
                f"the original answers otherwise on {device} in {part} than in {first}; run both "
                "on machines that compute alike"
            )


def _merged(parts: Sequence[Part], folder: Folder, out: Path) -> Joined:
    manifest = _whole(parts, out)
    manifest.write(folder.manifest)
    source = parts[0].folder.path
    for path in (*source.glob("plan*.json"), parts[0].folder.code):
        if path.exists():
            shutil.copyfile(path, folder.path / path.name)
    folder.compiler_log.parent.mkdir()
    for name in ("compiler_log", "mutants_log"):
        told = [getattr(part.folder, name) for part in parts]
        text = b"".join(path.read_bytes() for path in told if path.exists())
        getattr(folder, name).write_bytes(text)
    before = [_rows(part) for part in parts]
    rows: list[Row] = []
    for device in _devices(parts[0]):
        own = {row["mutant"]: row for some in before for row in some if row["device"] == device}
        rows += replayed(manifest.of(device), own).values()
    changed = {(row["mutant"], row["device"]): row["verdict"] for some in before for row in some}
    across = [
        (row["mutant"], row["device"])
        for row in rows
        if row["verdict"] != changed[row["mutant"], row["device"]]
    ]
    with Journal(folder.journal) as journal:
        journal.write_facts(_facts(parts, manifest, across))
    _fill(folder.journal, "verdicts", rows)
    for part in parts:
        _fill(folder.journal, "effort", _table(part.folder.journal, "effort"))
    if parts[0].folder.answers.exists():
        _merge_answers(parts, folder, set(across))
    return Joined(len(parts), len(rows), len(across))


def _whole(parts: Sequence[Part], out: Path) -> Manifest:
    """The manifest of the campaign that the shards are of."""
    stored = parts[0].manifest
    facts = {key: value for key, value in stored.facts.items() if key != "shard"}
    options = {**facts["options"], "shard": None, "out": str(out.absolute())}
    return Manifest({**facts, "options": options, "shards": len(parts)}, stored.mutants)


def _facts(
    parts: Sequence[Part], manifest: Manifest, across: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What the journal keeps beside verdicts, of all shards."""
    facts = {key: value for key, value in parts[0].facts.items() if key != "shard"}
    facts |= manifest.facts
    for key in SUMMED:
        told = [part.facts.get(key, {}) for part in parts]
        names = dict.fromkeys(name for one in told for name in one)
        facts[key] = {name: round(sum(one.get(name, 0.0) for one in told), 3) for name in names}
    for key in BY_DEVICE:
        facts[key] = {
            device: {
                name: why
                for part in parts
                for name, why in part.facts.get(key, {}).get(device, {}).items()
            }
            for device in _devices(parts[0])
        }
    partings = [part.facts["partings"] for part in parts if part.facts.get("partings")]
    if partings:
        dropped = {mutant for mutant, _ in across}
        found = [one for each in partings for one in each["found"] if one["mutant"] not in dropped]
        facts["partings"] = {
            "limit": sum(each["limit"] for each in partings),
            "candidates": sum(each["candidates"] for each in partings),
            "found": found,
        }
    return facts


def _merge_answers(parts: Sequence[Part], folder: Folder, dropped: set[tuple[str, str]]) -> None:
    with Answers(folder.answers):
        pass  # it makes the tables
    _fill(folder.answers, "golden", _table(parts[0].folder.answers, "golden"))
    for part in parts:
        for table in ("answers", "answers_b"):
            rows = _table(part.folder.answers, table)
            kept = (row for row in rows if (row["mutant"], row["device"]) not in dropped)
            _fill(folder.answers, table, kept)


def _rows(part: Part) -> list[Row]:
    """The verdicts of a shard, marks and evidence as JSON."""
    rows = list(_table(part.folder.journal, "verdicts"))
    foreign = [row["mutant"] for row in rows if row["mutant"] not in part.manifest.own]
    if foreign:
        raise MismatchError(f"{part} has a verdict on {foreign[0]}, which is another shard's")
    return rows


def _devices(part: Part) -> list[str]:
    devices: list[str] = part.manifest.facts["options"]["device"]
    return devices


def _table(path: Path, table: str) -> Iterator[Row]:
    """Rows of a table, in the order in which they were written.

    Raises:
        InputError: they cannot be read.
    """
    give_back: Callable[[], None] = lambda: None  # noqa: E731
    try:
        opened, give_back = open_for_reading(path, table)
        opened.row_factory = sqlite3.Row
        for row in opened.execute(f"SELECT * FROM {table} ORDER BY rowid"):
            yield dict(row)
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    finally:
        give_back()


def _fill(path: Path, table: str, rows: Iterator[Row] | Sequence[Row]) -> None:
    """Write rows of a table, all or none.

    Raises:
        IncompleteError: there is no room.
    """
    try:
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join("?" * len(row))
                database.execute(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values())
                )
    except sqlite3.Error as error:
        raise IncompleteError(f"{path} cannot be written: {error}") from error
