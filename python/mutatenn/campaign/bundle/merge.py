"""Results of bundles as devices of a campaign, in a new folder; the old one stays as it is."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mutatenn.campaign.answers import Answers
from mutatenn.campaign.atomic_file import write_atomically
from mutatenn.campaign.bundle.fit import require_fit
from mutatenn.campaign.bundle.recording import Recording
from mutatenn.campaign.bundle.replay import RecordedLeg
from mutatenn.campaign.compiler import Compiler
from mutatenn.campaign.database import open_for_reading
from mutatenn.campaign.device_groups import lowering_of
from mutatenn.campaign.folder import Folder, made_whole
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.watcher import Watcher
from mutatenn.errors import InputError, MismatchError
from mutatenn.oracle import predictions


@dataclasses.dataclass(frozen=True)
class Merged:
    """A device that was added.

    ``agreement`` says how its golden answers stand to those of the campaign's first device; empty
    where these were not kept.
    """

    device: str
    mutants: int
    agreement: str


def merge(
    campaign: Path, folders: Sequence[Path], out: Path, name: str | None, watcher: Watcher
) -> list[Merged]:
    """Write a campaign anew, with each bundle's results as one device more.

    Args:
        campaign: the campaign's folder.
        folders: what runs of bundles left.
        out: a folder that is not there yet.
        name: what the device is called, for one folder alone; ``None``: device and host.
        watcher: told of verdicts.

    Raises:
        InputError: a folder cannot be read or written, or ``name`` is given for several.
        MismatchError: results do not belong to the campaign; the message says what differs.
    """
    if name is not None and len(folders) > 1:
        raise InputError("--name is for one folder of results; leave it out for several")
    if out.exists():
        raise InputError(f"{out} is there already; give -o a new folder")
    stored = Manifest.read(campaign / "manifest.json")
    recordings: dict[str, Recording] = {}
    for folder in folders:
        recording = Recording(folder)
        called = _called(name or default_name(recording), recording)
        if called in (*stored.facts["options"]["device"], *recordings):
            raise MismatchError(f"the campaign has a device {called} already; give another --name")
        recordings[called] = recording
    options = Options.from_dict(stored.facts["options"], out)
    options = dataclasses.replace(options, device=(*options.device, *recordings))
    for called, recording in recordings.items():
        require_fit(campaign, stored, called, recording)
    subject = Subject.prepare(options)
    for called, recording in recordings.items():
        _require_ground(subject.of(called), recording)
    manifest = _extended(stored, subject, recordings)
    with made_whole(out) as partial:
        return _merged(campaign, partial, manifest, subject, recordings, watcher)


def default_name(recording: Recording) -> str:
    """What a device is called if nothing else is asked for: ``opencl:0@HOST``."""
    return f"{recording.facts['device']}@{recording.facts['host']['name']}"


def _called(name: str, recording: Recording) -> str:
    device, at, place = name.partition("@")
    family = recording.head["family"]
    if lowering_of(device) != family or not at or not place:
        raise InputError(f"{name!r} names no device elsewhere; give --name {family}:N@PLACE")
    return name


def _require_ground(subject: Subject, recording: Recording) -> None:
    """Refuse results of another program than the files of the campaign give now.

    Raises:
        MismatchError: the message names what differs.
    """
    now = subject.hashes()
    for key, value in recording.head["hashes"].items():
        if key != "inputs" and now[key] != value:
            raise MismatchError(
                f"{recording.results.folder} is of another {key} than the campaign's files give now"
            )


def _extended(stored: Manifest, subject: Subject, recordings: dict[str, Recording]) -> Manifest:
    """The manifest with the devices added."""
    facts: dict[str, Any] = {**stored.facts, "options": subject.options.to_dict()}
    facts["options"]["target"] = stored.facts["options"]["target"]
    lowerings = {name: dict(one) for name, one in facts.get("lowerings", {}).items()}
    for called in recordings:
        own = subject.of(called)
        entry: dict[str, Any] = {
            "devices": [],
            "target": own.group.target,
            "schedule": own.schedule,
            "hashes": own.hashes(),
            "population": None,
            "mutants": None,
        }
        lowering = lowerings.setdefault(own.group.lowering, entry)
        lowering["devices"] = [*lowering["devices"], called]
    facts["lowerings"] = lowerings
    told = {
        called: {key: one.facts[key] for key in ("device_name", "host", "versions", "bundle")}
        for called, one in recordings.items()
    }
    facts["merged"] = {**facts.get("merged", {}), **told}
    return Manifest(facts, stored.mutants)


def _merged(
    campaign: Path,
    partial: Path,
    manifest: Manifest,
    subject: Subject,
    recordings: dict[str, Recording],
    watcher: Watcher,
) -> list[Merged]:
    before, folder = Folder(campaign), Folder(partial)
    manifest.write(folder.manifest)
    write_atomically(folder.plan, subject.lowered.plan.to_json())
    for other in subject.others:
        path = folder.plan_of(other.group.lowering)
        write_atomically(path, other.lowered.plan.to_json())
    folder.compiler_log.parent.mkdir()
    _copy(before.journal, folder.journal, "verdicts")
    if before.answers.exists():
        _copy(before.answers, folder.answers, "golden")
    found = []
    for called, recording in recordings.items():
        watcher.device(called)
        own = subject.of(called)
        leg = RecordedLeg(called, own, manifest, folder, Compiler, (), recording=recording)
        with folder.scratch() as scratch:
            leg.run(scratch, watcher)
        told = _agreement(folder.answers, subject.options.device[0], called)
        found.append(Merged(called, len(recording.has_line), told))
    return found


def _agreement(path: Path, first: str, device: str) -> str:
    """How the golden answers of two devices differ."""
    with Answers(path, read_only=True) as answers:
        ours, theirs = answers.golden(first), answers.golden(device)
    if ours is None or theirs is None:
        return ""
    wide = [(a.astype(np.float64), b.astype(np.float64)) for a, b in zip(ours, theirs, strict=True)]
    gap = max(float(np.max(np.abs(a - b))) for a, b in wide)
    most = max(float(np.max(np.abs(a))) for a, _ in wide)
    told = f"largest difference from {first} {gap:.3g} (largest answer {most:.3g})"
    if ours[0].ndim < 2:
        return told
    same = predictions(ours[0]) == predictions(theirs[0])
    rows = len(ours[0])
    return f"{told}, top-1 the same on {int(same.reshape(rows, -1).all(axis=1).sum())} of {rows}"


def _copy(source: Path, to: Path, table: str) -> None:
    """Copy a database as it stands, with what is in its write-ahead log.

    Raises:
        InputError: it cannot be read.
    """
    try:
        opened, give_back = open_for_reading(source, table)
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"{source} cannot be read: {error}") from error
    try:
        with contextlib.closing(sqlite3.connect(to)) as copy:
            opened.backup(copy)
    finally:
        give_back()
