"""The part of the summary that is about several devices."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from mutatenn.analysis.devices.noise import finite
from mutatenn.analysis.devices.vectors import Class, Vector, class_counts
from mutatenn.analysis.score import score
from mutatenn.analysis.tally import counts, funnel, kills, marks, ripr
from mutatenn.campaign.device_groups import CPU, lowering_of
from mutatenn.campaign.verdict import AWAY
from mutatenn.oracle.floors import Pair, pairs
from mutatenn.report.axes import Axes
from mutatenn.report.record import Record
from mutatenn.report.sampling import interval_on


def devices_summary(record: Record) -> dict[str, Any]:
    """What several devices say, beside the first one's score; nothing of a campaign with one.

    ``by_device`` holds verdicts and score of each. ``shared`` counts the mutants, without
    semantics-preserving ones, that belong to two devices or more; of these ``killed_everywhere``
    are killed on all their devices, ``killed_somewhere`` on one at least. ``classes`` are
    ``class_counts`` of all. ``agreement`` says for each pair of devices how their answers to the
    same mutants differ.
    """
    axes = record.axes
    if axes is None:
        return {}
    scored = record.scored_ids()
    found = [vector for vector in axes.vectors if vector.mutant in scored]
    shared = [vector for vector in found if len(vector.applicable) > 1]
    classes = class_counts(found)
    return {
        "by_device": {device: _standing(record, axes, device) for device in record.devices},
        "shared": len(shared),
        "killed_everywhere": classes[Class.KILLED_EVERYWHERE.key],
        "killed_somewhere": sum(bool(vector.killing) for vector in shared),
        "classes": classes,
        "device_dependent": _dependent(record, found),
        "noise_floor": {
            "pairs": axes.noise,
            "repeated": {device: _repeated(record, device) for device in record.devices},
        },
        "agreement": [_agreement(axes, found, pair) for pair in pairs(record.devices)],
        "partings": record.facts.get("partings"),
        "faults": list(axes.faults),
    }


def _standing(record: Record, axes: Axes, device: str) -> dict[str, Any]:
    """Verdicts and score of one device, as the summary gives them of the first.

    ``failing`` is, by oracle, the mean share of inputs on which the answers fail it, of the
    ``answered`` mutants that ran to the end.
    """
    rows, everything = record.scored_on(device), record.rows_on(device)
    found = counts(rows)
    population = record.population_of(device)
    interval = interval_on(record, device, found)
    answered = [
        axes.cells[row["mutant"]].failing[device]
        for row in rows
        if row["mutant"] in axes.cells and device in axes.cells[row["mutant"]].failing
    ]
    return {
        "mutants": len(everything) + record.pending_on(device),
        "runnable": sum(row["verdict"] not in AWAY for row in everything),
        "pending": record.pending_on(device),
        "population": population,
        "counts": found,
        "kills": kills(rows),
        "ripr": ripr(rows),
        "funnel": funnel(rows),
        "marks": marks(everything),
        "score": score(found),
        "score_interval": None if interval is None else list(interval),
        "golden": record.facts["golden"].get(device),
        "answered": len(answered),
        "failing": {name: _mean(each[name] for each in answered) for name in axes.oracles},
    }


def _dependent(record: Record, found: Sequence[Vector]) -> list[dict[str, Any]]:
    """The device-dependent mutants, with what may explain them; ``null`` where nobody looked."""
    poison = record.facts["options"]["poison"]
    return [
        {
            "mutant": vector.mutant,
            "verdicts": vector.told_everywhere,
            "uninitialised_memory": vector.uninitialised if poison else None,
            "out_of_bounds": vector.out_of_bounds,
            "parting": record.parting(vector.mutant),
        }
        for vector in found
        if vector.of_class is Class.DEVICE_DEPENDENT
    ]


def _repeated(record: Record, device: str) -> str:
    """What is known of the original on one device twice: a golden run that differs ends it all."""
    if device not in record.facts["golden"]:
        return "not run yet"
    if record.facts["options"]["poison"]:
        return "bit for bit the same under a second fill pattern"
    if lowering_of(device) == CPU:
        return "bit for bit the same when run again"
    return "not run twice"


def _agreement(axes: Axes, found: Sequence[Vector], pair: Pair) -> dict[str, Any]:
    """How far two devices' answers to the same mutants agree, over mutants that ran on both.

    ``unanswered`` counts mutants that belong to both and that one of them at least has not run to
    the end: they crashed, hung, were not runnable there, or never ran. ``mean`` is a share of
    inputs, ``mutants`` counts those with any such input. ``beyond_noise`` are the inputs that
    differ by more than the original's answers do.
    """
    both = [v.mutant for v in found if {*pair} <= {*v.applicable} and {*pair} <= {*v.rows}]
    cells = [
        axes.cells[mutant].between[pair]
        for mutant in both
        if mutant in axes.cells and pair in axes.cells[mutant].between
    ]
    top1 = [cell.top1 for cell in cells if cell.top1 is not None]
    return {
        "devices": list(pair),
        "mutants": len(cells),
        "unanswered": len(both) - len(cells),
        "oracles": {
            name: _shares([cell.disputed[name] for cell in cells]) for name in axes.oracles
        },
        "top1": _shares(top1) if len(top1) == len(cells) else None,
        "beyond_noise": _shares([cell.beyond for cell in cells]),
        "largest_absolute": finite(max((cell.absolute for cell in cells), default=0.0)),
    }


def _shares(shares: Sequence[float]) -> dict[str, Any]:
    return {"mean": _mean(shares), "mutants": sum(share > 0 for share in shares)}


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return statistics.fmean(known) if known else None
