"""What a campaign that goes on keeps of the mutants that were tried before it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.journal import Journal
from mutatenn.campaign.verdict import AWAY
from mutatenn.mutation.mutant import Mutant


def kept(journal: Journal, device: str, retry: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a device; those whose verdict is to be tried again are taken back first."""
    rows = [row for row in journal.rows() if row["device"] == device]
    journal.take_back((row["mutant"] for row in rows if row["verdict"] in retry), device)
    return [row for row in rows if row["verdict"] not in retry]


def elsewhere(journal: Journal, device: str) -> list[dict[str, Any]]:
    """What is known of other shards' mutants on a device; rows with some of a verdict's columns."""
    return [row for row in journal.elsewhere() if row["device"] == device]


def artifacts(
    rows: Sequence[dict[str, Any]], mutants: Sequence[Mutant]
) -> list[tuple[str, str, str]]:
    """Kernel, artefact and id of the mutants that were compiled and are runnable.

    Args:
        rows: the journal's.
        mutants: the manifest's.
    """
    kernels = {mutant.id: mutant.program for mutant in mutants}
    return [
        (kernels[row["mutant"]], row["artifact"], row["mutant"])
        for row in rows
        if row["artifact"] and row["verdict"] not in AWAY
    ]


def lowered(
    journal: Path, device: str, mutants: Sequence[Mutant], retry: Sequence[str]
) -> list[tuple[Mutant, str]]:
    """The mutants that were compiled and are runnable, with the hashes of their lowered code.

    Args:
        journal: the journal's file; of a new campaign there is none yet.
        device: the one they were compiled for.
        mutants: the manifest's; the answer is in their order.
        retry: verdicts that are to be taken back.
    """
    if not journal.exists():
        return []
    with Journal(journal, read_only=True) as opened:
        codes = {
            row["mutant"]: row["lowered"]
            for row in (*opened.rows(), *opened.elsewhere())
            if row["device"] == device and row["lowered"] and row["verdict"] not in (*AWAY, *retry)
        }
    return [(mutant, codes[mutant.id]) for mutant in mutants if mutant.id in codes]
