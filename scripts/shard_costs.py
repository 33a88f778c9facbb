"""Compares what shards of a campaign are predicted to cost with what they do cost.

    python scripts/shard_costs.py MODEL --inputs FOLDER [--preprocess P] [--sample N] --out OUT
        [--shards 4] [--seed 0] [--undivided] [--json]

Every shard is run here, one after another, into a folder in OUT; those that are there already are
not run again. Real seconds are those of compiling and running a shard's own mutants, as its journal
has them. With --undivided the campaign runs whole, and the seconds of each mutant count for its
shard: so all shards see the same load where a machine has other work too.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mutatenn.api import run_options
from mutatenn.campaign.configuration import validate
from mutatenn.campaign.options import Options
from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.subject import Subject
from mutatenn.errors import MutatennError
from mutatenn.report.record import Record

Row = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; the exit code."""
    given = _arguments(arguments)
    try:
        found = compared(_options(given), given.out, given.shards, undivided=given.undivided)
    except MutatennError as error:
        print(f"error: {error}", file=sys.stderr)
        return int(error.exit_code)
    worst = max(abs(one["deviation"]) for one in found)
    if given.json:
        print(json.dumps({"shards": found, "worst": worst}, indent=1))
        return 0
    for one in found:
        print(
            f"shard {one['shard']}: {one['mutants']} mutants, predicted "
            f"{one['predicted_share']:.1%}, real {one['real_share']:.1%} ({one['real']:.1f} s): "
            f"{one['deviation']:+.1%}"
        )
    print(f"largest deviation {worst:.1%}")
    return 0


def compared(options: Options, out: Path, count: int, *, undivided: bool) -> list[dict[str, Any]]:
    """Run what is not there yet, and tell of each shard what ``shares`` does.

    Args:
        options: of the campaign; its folder and its shard are not read.
        out: where the folders lie.
        count: how many shards there are.
        undivided: whether the campaign runs whole.

    Raises:
        MutatennError: as a campaign.
    """
    shards = [str(Shard(index, count)) for index in range(count)]
    folders = [out / ("whole" if undivided else f"shard-{index}") for index in range(count)]
    for shard, folder in zip(shards, folders, strict=True):
        if not (folder / "journal.sqlite").exists():
            asked = None if undivided else shard
            run_options(dataclasses.replace(options, out=folder, shard=asked))
    rows = []
    subject = Subject.prepare(dataclasses.replace(options, out=out / "none", shard=shards[0]))
    manifest = subject.with_shard(Record.read(folders[0]).manifest)
    owners = manifest.facts["shard"]["owners"].split()
    of_shard = dict(zip((one.id for one in manifest.mutants), owners, strict=True))
    for index, folder in enumerate(folders):
        told = Record.read(folder).all_rows
        rows.append([row for row in told if of_shard[row["mutant"]] == str(index)])
    return shares(shards, rows, subject.costs(manifest))


def shares(
    shards: Sequence[str], rows: Sequence[Sequence[Row]], costs: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Of each shard: mutants, predicted and real seconds, their shares, and how these differ.

    ``deviation`` is the real share divided by the predicted one, less 1.

    Args:
        shards: what each is called.
        rows: the verdicts of each.
        costs: what each mutant is predicted to cost, by its id.
    """
    found: list[dict[str, Any]] = []
    for shard, some in zip(shards, rows, strict=True):
        mutants = {row["mutant"] for row in some}
        predicted = sum(costs[mutant] for mutant in mutants)
        real = sum(row["seconds_compile"] + row["seconds_run"] for row in some)
        one = {"shard": shard, "mutants": len(mutants), "predicted": predicted, "real": real}
        found.append(one)
    for key in ("predicted", "real"):
        total = sum(one[key] for one in found)
        for one in found:
            one[f"{key}_share"] = one[key] / total
    for one in found:
        one["deviation"] = one["real_share"] / one["predicted_share"] - 1
    return found


def _options(given: argparse.Namespace) -> Options:
    values = {"model": str(given.model), "inputs": str(given.inputs), "seed": given.seed}
    asked = {"preprocess": given.preprocess, "sample": given.sample}
    values |= {key: value for key, value in asked.items() if value is not None}
    return Options.from_configuration(validate(values, lambda key: f"--{key}"))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare predicted and real costs of shards.")
    parser.add_argument("model", type=Path, metavar="MODEL")
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--preprocess")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--undivided", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
