"""Draws samples from a full campaign and says how often the score's interval holds its score.

    python scripts/interval_coverage.py CAMPAIGN [--draws 2000] [--seed 0] [--sizes N ...] [--json]

CAMPAIGN is the folder of a campaign in which every mutant has a verdict. Samples are drawn as
`mutatenn-ir run --sample` draws them, by as many seeds as there are draws. For each size the table
gives the share of intervals at a nominal 95 % that hold the score of all, and their mean width:
Wilson's as reports have it, and corrected for a sample that is a large share of all.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.analysis.interval_coverage import corrected, coverage, plain
from mutatenn.analysis.score import score
from mutatenn.analysis.tally import counts
from mutatenn.campaign.verdict import AWAY
from mutatenn.errors import InputError, MutatennError
from mutatenn.report.record import Record

SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.98)
"""Sizes of samples, of all runnable mutants, unless others are given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; the exit code."""
    options = _options(arguments)
    try:
        body = simulated(options.campaign, options.draws, options.seed, options.sizes)
    except MutatennError as error:
        print(f"error: {error}", file=sys.stderr)
        return int(error.exit_code)
    print(json.dumps(body, indent=1) if options.json else _table(body))
    return 0


def simulated(folder: Path, draws: int, seed: int, sizes: Sequence[int] | None) -> dict[str, Any]:
    """The shares for a campaign's folder.

    Raises:
        InputError: it is no campaign's, or not every mutant has a verdict that says something.
    """
    record = Record.read(folder)
    rows = [row for row in record.scored() if row["verdict"] not in AWAY]
    if record.pending or not rows or record.facts["options"]["sample"] is not None:
        raise InputError(f"{folder} is no full campaign: run it to its end, without --sample")
    verdicts = {row["mutant"]: row["verdict"] for row in rows}
    asked = list(sizes or sorted({max(2, round(share * len(rows))) for share in SHARES}))
    if not 1 <= min(asked) <= max(asked) <= len(rows):
        raise InputError(f"{folder} has {len(rows)} runnable mutants; give sizes from 1 to that")
    ways = {
        name: coverage(verdicts, asked, interval, draws, seed)
        for name, interval in (("plain", plain), ("corrected", corrected))
    }
    return {
        "schema": "mutatenn.interval_coverage/1",
        "campaign": str(folder),
        "runnable": len(rows),
        "score": score(counts(rows)),
        "draws": draws,
        "seed": seed,
        "sizes": [
            {
                "size": size,
                **{
                    name: {"held": found[index].held, "width": found[index].width}
                    for name, found in ways.items()
                },
            }
            for index, size in enumerate(asked)
        ],
    }


def _table(body: dict[str, Any]) -> str:
    lines = [
        f"{body['runnable']} runnable mutants, score {body['score']:.4f}, {body['draws']} samples "
        f"of each size, seeds from {body['seed']}",
        "",
        f"{'size':>7} {'share':>6} {'Wilson':>8} {'width':>7} {'corrected':>10} {'width':>7}",
    ]
    for row in body["sizes"]:
        cells = [f"{row['size']:>7}", f"{row['size'] / body['runnable']:>6.0%}"]
        for name, room in (("plain", 8), ("corrected", 10)):
            cells += [f"{row[name]['held']:>{room}.1%}", f"{row[name]['width']:>7.3f}"]
        lines.append(" ".join(cells))
    return "\n".join(lines)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("campaign", type=Path, metavar="CAMPAIGN")
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
