"""What the mutants that ran say of all: the score's interval, and how the sample came about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mutatenn.analysis.score import denominator, wilson_interval
from mutatenn.analysis.stratified import Estimate, estimated
from mutatenn.campaign.sampling import size_of
from mutatenn.campaign.strata import stratum_of
from mutatenn.campaign.until import Until
from mutatenn.campaign.verdict import AWAY
from mutatenn.report.record import Record


def interval_on(
    record: Record, device: str, found: Mapping[str, int]
) -> tuple[float, float] | None:
    """The 95 % interval of the score that all runnable mutants of a device would have.

    ``None`` where all have a verdict, and of a shard, whose mutants are no sample.

    Args:
        record: the campaign.
        device: one of its devices.
        found: verdicts on it, counted.
    """
    total = denominator(found)
    everything = len(record.rows_on(device)) >= record.population_of(device)
    if everything or not total or record.manifest.shard is not None:
        return None
    estimate = estimate_on(record, device)
    return wilson_interval(found["killed"], total) if estimate is None else estimate.interval


def estimate_on(record: Record, device: str) -> Estimate | None:
    """What a stratified sample says of all runnable mutants of a device; ``None`` without one."""
    by = record.facts["options"].get("stratify")
    if by is None or record.manifest.shard is not None:
        return None
    verdicts = {row["mutant"]: row["verdict"] for row in record.rows_on(device)}
    mutants = record.manifest.of(device)
    # Proved away mutants may have verdicts far beyond the sample's end.
    end = max(
        (at for at, one in enumerate(mutants) if verdicts.get(one.id, AWAY[0]) not in AWAY),
        default=-1,
    )
    taken = [
        (stratum_of(one, by), verdicts[one.id])
        for one in mutants[: end + 1]
        if one.id in verdicts and not one.semantics_preserving
    ]
    sizes = Counter(stratum_of(one, by) for one in mutants if not one.semantics_preserving)
    return estimated(taken, sizes)


def sampling_summary(record: Record) -> dict[str, Any]:
    """What the summary holds of how the sample came about, on the first device.

    ``shard`` is the part that ran, ``shards`` of how many the campaign was merged; ``stratified``
    is the estimate of a stratified sample; ``until`` says of sequential sampling how many ran, the
    half-width that was reached, and why it ended. Each is ``null`` where it does not apply.
    """
    shard, by = record.manifest.shard, record.facts["options"].get("stratify")
    estimate = estimate_on(record, record.devices[0])
    return {
        "shard": None if shard is None else str(shard),
        "shards": record.facts.get("shards"),
        "stratified": None
        if estimate is None
        else {
            "by": by,
            "strata": estimate.strata,
            "score": estimate.score,
            "effective": estimate.effective,
        },
        "until": _until(record),
    }


def _until(record: Record) -> dict[str, Any] | None:
    device, size = record.devices[0], size_of(record.facts["options"])
    if not isinstance(size, Until):
        return None
    rows = record.rows_on(device)
    known = record.scored_ids()
    found = Counter(row["verdict"] for row in rows if row["mutant"] in known)
    total = denominator(found)
    runnable = sum(row["verdict"] not in AWAY for row in rows)
    width = math.nan
    if total:
        low, high = wilson_interval(found["killed"], total)
        width = (high - low) / 2
    if record.pending_on(device):
        ended = "it has not ended"
    elif total and size.reached(found["killed"], total):
        ended = "the interval is narrow enough"
    elif size.most is not None and runnable >= size.most:
        ended = f"--sample allows no more than {size.most}"
    else:
        ended = "there are no more mutants"
    return {
        "half_width": size.half_width,
        "reached": width if total else None,
        "runnable": runnable,
        "ended": ended,
    }


def sampling_notes(body: Mapping[str, Any]) -> list[str]:
    """A sentence for each thing that a reader must know of the sample.

    Args:
        body: a summary.
    """
    told = []
    if body["shard"] is not None:
        told.append(
            f"this is shard {body['shard']}, {body['mutants']} mutants of {body['population']}: "
            "figures of the campaign come from mutatenn-ir merge"
        )
    if body["shards"] is not None:
        told.append(f"merged of {body['shards']} shards")
    found = body["stratified"]
    if found is not None:
        told.append(
            f"the sample has its share of each {found['by']} ({found['strata']} strata): weighted "
            f"by their sizes, the score of all runnable mutants is estimated at "
            f"{found['score']:.3f}, and the interval is that estimate's"
        )
    until = body["until"]
    if until is not None:
        reached = "unknown" if until["reached"] is None else f"±{100 * until['reached']:.2f} %"
        told.append(
            f"sampled until the score is known to ±{100 * until['half_width']:g} %: "
            f"{until['runnable']} runnable mutants ran, the interval is {reached}; {until['ended']}"
        )
    return told
