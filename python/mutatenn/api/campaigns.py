"""Campaigns from options, manifests and folders to their reports; nothing of a command line."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.campaign import Campaign
from mutatenn.campaign.device_groups import is_elsewhere
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest, require_same
from mutatenn.campaign.options import Options
from mutatenn.campaign.shards.merge import Joined, merge_shards
from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.subject import Subject
from mutatenn.campaign.timed import Timed
from mutatenn.campaign.verdict import VERDICTS
from mutatenn.campaign.watcher import Phase, Silent, Watcher
from mutatenn.device.survey import require_present
from mutatenn.errors import InputError, MismatchError, MutatennError
from mutatenn.report.dry_run import dry_run_report
from mutatenn.report.gates import Gates
from mutatenn.report.markdown import write_markdown
from mutatenn.report.record import Record
from mutatenn.report.summary import write_summary

NO_GATES = Gates()


def run_options(
    options: Options, watcher: Watcher | None = None, gates: Gates = NO_GATES
) -> dict[str, Any]:
    """Run the campaign that ``options`` describe and write its reports; see ``run``."""
    gates.check()
    timed = Timed(watcher or Silent())
    subject = _prepared(options, timed)
    return _finish(Campaign(subject, subject.manifest()), timed, gates)


def dry_run(options: Options, watcher: Watcher | None = None) -> dict[str, Any]:
    """Write the manifest of a campaign, run none of its mutants, and estimate its time.

    The folder then holds a campaign that has not begun: ``resume_folder`` runs it there,
    ``repeat_manifest`` elsewhere.

    Raises:
        InputError, BaselineError, MissingToolError: as ``run``.
    """
    timed = Timed(watcher or Silent())
    subject = _prepared(options, timed)
    manifest = subject.manifest(proofs=False)
    timed.phase(Phase.PROOFS)
    manifest = subject.with_proofs(manifest)
    estimates = Campaign(subject, manifest).rehearse(timed)
    return dry_run_report(manifest, options.out, estimates)


def merge_folders(folders: Sequence[Path], out: Path) -> Joined:
    """Make one campaign, without reports, of all of its shards; see ``merge_shards``."""
    return merge_shards(folders, out, lambda folder: Record.read(folder).pending)


def resume_folder(
    folder: Path,
    *,
    retry: Sequence[str] = (),
    shard: str | None = None,
    watcher: Watcher | None = None,
    gates: Gates = NO_GATES,
) -> dict[str, Any]:
    """Go on with the campaign in ``folder`` and write its reports; see ``resume``.

    Without gates, those that it was begun with stand. ``shard`` is the one that the folder is
    thought to hold.

    Raises:
        MismatchError: it holds another one, or else as ``resume``.
    """
    gates.check()
    stored = Manifest.read(folder / "manifest.json")
    if shard is not None:
        _require_shard(folder, stored, shard)
    unknown = [verdict for verdict in retry if verdict not in VERDICTS]
    if unknown:
        raise InputError(f"there is no verdict {unknown[0]!r}; choose from: {', '.join(VERDICTS)}")
    _require_sound_journal(folder)
    timed = Timed(watcher or Silent())
    options = Options.from_dict(stored.facts["options"], folder)
    subject = _prepared(options, timed, resumed=True)
    require_same(stored, subject.manifest(proofs=False))
    return _finish(Campaign(subject, stored, resumed=True, retry=tuple(retry)), timed, gates)


def repeat_manifest(
    manifest: Path,
    out: Path,
    watcher: Watcher | None = None,
    gates: Gates = NO_GATES,
    *,
    shard: str | None = None,
) -> dict[str, Any]:
    """Run a manifest's campaign into another folder and write its reports; see ``repeat``.

    ``shard`` is the part of a whole campaign that is to run.
    """
    gates.check()
    stored = Manifest.read(manifest)
    if shard is not None and stored.shard is not None:
        _require_shard(manifest, stored, shard)
    timed = Timed(watcher or Silent())
    options = Options.from_dict(stored.facts["options"], out)
    if shard is not None:
        options = dataclasses.replace(options, shard=str(Shard.parse(shard)))
    subject = _prepared(options, timed)
    if stored.shard is None:
        stored = subject.with_shard(stored)
    require_same(stored, subject.manifest(proofs=False))
    facts = {**stored.facts, "options": subject.options.to_dict()}
    facts.pop("shards", None)  # this one is not merged
    return _finish(Campaign(subject, Manifest(facts, stored.mutants)), timed, gates)


def _prepared(options: Options, timed: Timed, *, resumed: bool = False) -> Subject:
    """Lower the model, once all devices are known to be there."""
    timed.phase(Phase.LOWERING)
    options.check(resumed=resumed)
    elsewhere = [device for device in options.device if is_elsewhere(device)]
    if elsewhere and not resumed:
        raise InputError(
            f"{elsewhere[0]} ran a bundle elsewhere and cannot be asked for more: run on the "
            "devices that are here"
        )
    require_present(device for device in options.device if device not in elsewhere)
    subject = Subject.prepare(options, resumed=resumed)
    timed.lowered(subject.lowered.plan.target, subject.lowered.notes)
    return subject


def _require_shard(place: Path, stored: Manifest, shard: str) -> None:
    asked = Shard.parse(shard)
    if stored.shard is None:
        raise MismatchError(f"{place} is of a whole campaign, not of shard {asked}")
    if stored.shard != asked:
        raise MismatchError(f"{place} is of shard {stored.shard}, not of shard {asked}")


def _require_sound_journal(folder: Path) -> None:
    path = folder / "journal.sqlite"
    if not path.exists():
        return  # stopped before its first mutant: everything is still to be done
    with Journal(path, read_only=True) as journal:
        damage = journal.damage()
    if damage:
        raise InputError(
            f"{path} is damaged ({damage}); `mutatenn-ir report {folder}` tells what is still "
            "readable"
        )


def _finish(campaign: Campaign, timed: Timed, gates: Gates) -> dict[str, Any]:
    """Run a campaign; however it ends, there is a report of what there is."""
    try:
        campaign.run(timed)
    except InputError:
        raise  # nothing was run, and the folder may be somebody else's
    except BaseException:
        # A full disk that ended the run refuses the report too; `write_reports` makes it later.
        with contextlib.suppress(MutatennError):
            _add_facts(campaign, timed, gates)
            write_reports(campaign.folder.path)
        raise
    _add_facts(campaign, timed, gates)
    return write_reports(campaign.folder.path)


def _add_facts(campaign: Campaign, timed: Timed, gates: Gates) -> None:
    """Keep how long it took, and what it was asked for beside verdicts."""
    if not campaign.folder.journal.exists():
        return  # it ended before its first mutant
    with Journal(campaign.folder.journal) as journal:
        before = journal.facts().get("seconds_by_phase", {})
        seconds = {key: round(before.get(key, 0.0) + n, 3) for key, n in timed.seconds().items()}
        journal.write_facts({"seconds_by_phase": {**before, **seconds}})
        if gates.any:
            journal.write_facts({"gates": gates.to_dict()})


def write_reports(folder: Path) -> dict[str, Any]:
    """Write every report of a campaign's folder; returns the summary."""
    record = Record.read(folder)
    write_markdown(record)
    return write_summary(record)
