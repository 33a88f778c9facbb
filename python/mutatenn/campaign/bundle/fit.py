"""Whether the results of a bundle belong to a campaign, told before anything is lowered."""

from __future__ import annotations

from pathlib import Path

from mutatenn.campaign.bundle.ground import lead_of, require_same_ground
from mutatenn.campaign.bundle.recording import Recording
from mutatenn.campaign.device_groups import lowering_of
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.errors import MismatchError

_VERSIONS = ("mutatenn", "apache-tvm")
_SETTINGS = ("oob", "poison", "repeat", "limits")
"""What decides verdicts; how much is kept in memory does not."""


def require_fit(campaign: Path, stored: Manifest, device: str, recording: Recording) -> None:
    """Refuse results that do not belong to a campaign.

    Args:
        campaign: the campaign's folder.
        stored: its manifest.
        device: what the results' device is to be called.
        recording: the results.

    Raises:
        InputError: the campaign has no mutants for such a device, or has not begun.
        MismatchError: something differs, or is missing; the message says what.
    """
    where = recording.results.folder
    lead = lead_of(stored, device)
    require_same_ground(stored, recording.head["hashes"], lowering_of(device))
    for name in _VERSIONS:
        ours, theirs = stored.facts["versions"][name], recording.head["versions"][name]
        if ours != theirs:
            raise MismatchError(f"{where} was built with {name} {theirs}, the campaign with {ours}")
    options = stored.facts["options"]
    for name in _SETTINGS:
        ours, theirs = options[name], recording.head["settings"][name]
        if ours != theirs:
            raise MismatchError(f"{where} ran with {name} {theirs}, the campaign with {ours}")
    _require_rows(stored, recording)
    _require_mutants(campaign, stored, lead, recording)


def _require_rows(stored: Manifest, recording: Recording) -> None:
    """The rows that were run must be those in the bundle, whose hash is the campaign's."""
    wanted = recording.head["rows_sha256"]
    if recording.facts["inputs"] != wanted:
        raise MismatchError(
            f"{recording.results.folder} ran on other inputs than the campaign's: leave --inputs "
            "and --limit out"
        )


def _require_mutants(campaign: Path, stored: Manifest, lead: str, recording: Recording) -> None:
    where = recording.results.folder
    known = {mutant.id: mutant for mutant in stored.of(lead)}
    foreign = [one.id for one in recording.mutants if known.get(one.id) != one]
    if foreign:
        raise MismatchError(
            f"{where} has {len(foreign)} mutants that are not the campaign's, {foreign[0]} among "
            "them"
        )
    leader = stored.leader(lead)
    with Journal(campaign / "journal.sqlite", read_only=True) as journal:
        taken = [row["mutant"] for row in journal.rows() if row["device"] == leader]
    missing = [one for one in taken if one not in recording.has_line]
    if missing:
        raise MismatchError(
            f"{where} lacks {len(missing)} of the {len(taken)} mutants that the campaign has "
            f"verdicts on, {missing[0]} among them: run the bundle to its end, or build it from "
            "this campaign's manifest"
        )
    unsure = len(recording.has_line) - recording.facts["confirmed"]
    if unsure:
        raise MismatchError(
            f"{where} has {unsure} mutants after which the original was not checked: run the "
            "bundle again, it goes on"
        )
