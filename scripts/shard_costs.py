"""Run every shard of a campaign here, one after another, and compare predicted with real costs.

    python scripts/shard_costs.py MODEL --inputs FOLDER [--preprocess P] [--sample N] --out OUT

Real seconds are those of compiling and running a shard's own mutants, as its journal has them.
Shards that are in OUT already are not run again.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from mutatenn.api import run_options
from mutatenn.campaign.configuration import validate
from mutatenn.campaign.options import Options
from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.subject import Subject
from mutatenn.report.record import Record


def shares(folders: list[Path], costs: dict[str, float]) -> list[dict[str, Any]]:
    """Of each shard: mutants, predicted and real seconds, their shares, and how these differ.

    ``deviation`` is the real share divided by the predicted one, less 1.

    Args:
        folders: a finished shard each.
        costs: what each mutant is predicted to cost, by its id.
    """
    found = []
    for folder in folders:
        rows = Record.read(folder).all_rows
        mutants = {row["mutant"] for row in rows}
        found.append(
            {
                "shard": str(Record.read(folder).manifest.shard),
                "mutants": len(mutants),
                "predicted": sum(costs[mutant] for mutant in mutants),
                "real": sum(row["seconds_compile"] + row["seconds_run"] for row in rows),
            }
        )
    predicted, real = (sum(one[key] for one in found) for key in ("predicted", "real"))
    for one in found:
        one["predicted_share"] = one["predicted"] / predicted
        one["real_share"] = one["real"] / real
        one["deviation"] = one["real_share"] / one["predicted_share"] - 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preprocess")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    values = {"model": str(given.model), "inputs": str(given.inputs), "seed": given.seed}
    values |= {k: getattr(given, k) for k in ("preprocess", "sample") if getattr(given, k)}
    options = Options.from_configuration(validate(values, lambda key: f"--{key}"))
    folders = [given.out / f"shard-{index}" for index in range(given.shards)]
    for index, folder in enumerate(folders):
        if not (folder / "journal.sqlite").exists():
            shard = str(Shard(index, given.shards))
            run_options(dataclasses.replace(options, out=folder, shard=shard))
    subject = Subject.prepare(dataclasses.replace(options, out=given.out / "none"))
    found = shares(folders, subject.costs(Record.read(folders[0]).manifest))
    worst = max(abs(one["deviation"]) for one in found)
    if given.json:
        print(json.dumps({"shards": found, "worst": worst}, indent=1))
        return
    for one in found:
        print(
            f"shard {one['shard']}: {one['mutants']} mutants, predicted "
            f"{one['predicted_share']:.1%}, real {one['real_share']:.1%} ({one['real']:.1f} s): "
            f"{one['deviation']:+.1%}"
        )
    print(f"largest deviation {worst:.1%}")


if __name__ == "__main__":
    main()
