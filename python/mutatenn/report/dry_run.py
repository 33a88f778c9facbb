"""What a campaign would be: its mutants with static verdicts, and how long it is likely to take."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutatenn.campaign.estimate import Estimate
from mutatenn.campaign.manifest import Manifest

SCHEMA = "mutatenn.dry_run/1"
RESTS_ON = (
    "mutants of all places that were compiled and timed",
    "a golden run that was timed launch by launch: a mutant is taken to run its kernel twice and "
    "every later launch once",
    "lowering, original kernels, crashes, hangs and what only compiling proves are not in it",
)
"""What an estimate rests on, and what it leaves out."""


def dry_run_report(
    manifest: Manifest, out: Path, estimates: Mapping[str, Estimate]
) -> dict[str, Any]:
    """The manifest counted, and the estimates, as plain values.

    Args:
        manifest: with ``static_verdicts``, where those can be had.
        out: the campaign's folder.
        estimates: by device.
    """
    proved = manifest.facts.get("static_verdicts", {})
    static = Counter(one["verdict"] for one in proved.values())
    return {
        "schema": SCHEMA,
        "manifest": str(out / "manifest.json"),
        "mutants": len(manifest.mutants),
        "sample": manifest.facts["options"]["sample"],
        "shard": None if manifest.shard is None else str(manifest.shard),
        "own": len(manifest.own),
        "static": {
            "equivalent": static["equivalent"],
            "invalid": static["invalid"],
            "undecided": len(manifest.mutants) - len(proved),
        },
        "operators": dict(Counter(mutant.operator for mutant in manifest.mutants).most_common()),
        "devices": {device: dataclasses.asdict(found) for device, found in estimates.items()},
        "seconds": sum(found.seconds for found in estimates.values()),
        "rests_on": list(RESTS_ON),
    }


def dry_run_lines(body: Mapping[str, Any]) -> list[str]:
    """The report for people."""
    static = ", ".join(f"{n} {name}" for name, n in body["static"].items())
    operators = ", ".join(f"{name} {n}" for name, n in body["operators"].items())
    lines = [f"{body['mutants']} mutants: {static}", f"operators: {operators}"]
    if body["shard"] is not None:
        lines.append(f"shard {body['shard']} has {body['own']} of them")
    for device, found in body["devices"].items():
        lines.append(
            f"{device}: {found['compiled']} to compile at {found['compile_seconds']:.3f} s, "
            f"{found['run']} to run at {found['run_seconds']:.3f} s: about {found['seconds']:.0f} s"
        )
    lines += [f"the estimate rests on {RESTS_ON[0]}, and {RESTS_ON[1]}", RESTS_ON[2]]
    return [*lines, f"the manifest is {body['manifest']}"]
