"""Plants the predecessor's 22 mutations in whole models, and says what their mutants answer.

    python scripts/icst2025.py MODEL [MODEL ...] --inputs PATH [PATH ...] [--preprocess NAME ...]
        [--positions FIRST:END] [--rows N ...] [--schedule default|none] [--limit N] [--json]

One of ``--inputs`` and ``--preprocess`` for each model, or one for all. A row is planted at all of
its places at once, or at those that ``--positions`` names, counted from 0, the last left out; it is
lowered and compiled in a process of its own, and run isolated on every image. The table says for
each row and model whether it applies, and the share of images to which the mutant gives another top
class than the original; a crash or a hang is an outcome too.
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mutatenn.campaign.icst2025.builder import Setup
from mutatenn.campaign.icst2025.study import Fed, RowResult, study
from mutatenn.errors import InputError, MutatennError
from mutatenn.model.preprocess import load_preprocess
from mutatenn.mutation.icst2025 import NAME, read_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; the exit code."""
    options = _options(arguments)
    try:
        results = dict(_studied(options))
    except MutatennError as error:
        print(f"error: {error}", file=sys.stderr)
        return int(error.exit_code)
    held = read_rows()
    if options.json:
        plain = {
            "schema": "mutatenn.icst2025/1",
            "preset": {"name": NAME, "version": held.version},
            "mode": "positions" if options.positions else "all",
            "positions": options.positions,
            "schedule": options.schedule,
            "models": {model: [row.to_dict() for row in rows] for model, rows in results.items()},
            "without_sites": _without_sites(results),
        }
        print(json.dumps(plain, indent=2))
    else:
        print("\n".join(_table(results)))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL")
    parser.add_argument("--inputs", nargs="+", type=Path, required=True)
    parser.add_argument("--preprocess", nargs="+", default=[])
    parser.add_argument("--positions", help="such as 0:1 for the first place of each row alone")
    parser.add_argument("--rows", nargs="+", type=int, default=[])
    parser.add_argument("--schedule", default="default")
    parser.add_argument("--target")
    parser.add_argument("--limit", type=int, help="at most so many images of each model")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _studied(options: argparse.Namespace) -> Iterable[tuple[str, list[RowResult]]]:
    models: list[Path] = options.models
    inputs = _each(options.inputs, models, "--inputs")
    names = _each(options.preprocess, models, "--preprocess") if options.preprocess else []
    positions = _range(options.positions)
    for index, model in enumerate(models):
        preprocess = load_preprocess(names[index]) if names else None
        with tempfile.TemporaryDirectory() as scratch:
            yield (
                model.stem,
                study(
                    Setup(model, options.schedule, options.target, Path(scratch)),
                    Fed(inputs[index], preprocess, options.limit),
                    positions,
                    functools.partial(_tell, model.stem),
                    options.rows,
                ),
            )


def _tell(model: str, line: str) -> None:
    print(f"{model}, {line}", file=sys.stderr)


def _each(given: list[Any], models: Sequence[Path], option: str) -> list[Any]:
    if len(given) not in (1, len(models)):
        raise InputError(f"give one {option} for each of the {len(models)} models, or one for all")
    return given if len(given) == len(models) else given * len(models)


def _range(text: str | None) -> range | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,7}):(\d{1,7})", text)
    if found is None or int(found[1]) >= int(found[2]):
        raise InputError(f"--positions {text!r} is no range such as 0:1")
    return range(int(found[1]), int(found[2]))


def _without_sites(results: dict[str, list[RowResult]]) -> list[int]:
    """Rows that have places in none of the models."""
    most: dict[int, int] = {}
    for rows in results.values():
        for row in rows:
            most[row.row] = max(most.get(row.row, 0), row.sites)
    return [number for number, sites in most.items() if sites == 0]


def _table(results: dict[str, list[RowResult]]) -> Iterable[str]:
    models = list(results)
    yield "| row | title | category | " + " | ".join(models) + " |"
    yield "| --: | --- | --- |" + " --- |" * len(models)
    for rows in zip(*results.values(), strict=True):
        head = f"| {rows[0].row} | {rows[0].title} | {rows[0].category} | "
        yield head + " | ".join(_cell(row) for row in rows) + " |"
    yield ""
    for model, several in results.items():
        for row in several:
            yield f"{model}, row {row.row}: {row.status}: {row.reason}{_detail(row)}"


def _cell(row: RowResult) -> str:
    status = f"duplicate of {row.duplicate_of}" if row.duplicate_of else row.status
    if row.outcome is None:
        return status
    share = row.outcome.share
    answer = row.outcome.ending if share is None else f"{100 * share:.0f} %"
    return f"{answer} ({status})" if row.duplicate_of else f"{answer} ({row.sites} sites)"


def _detail(row: RowResult) -> str:
    if row.outcome is None:
        return ""
    parts = [row.outcome.detail] if row.outcome.detail else []
    if row.outcome.share is not None:
        parts.append(f"{row.outcome.differing} of {row.outcome.images} answers differ")
    marks = {
        f"{row.outcome.nan} with NaN": row.outcome.nan,
        "one class for every image": row.outcome.classes == 1 and row.outcome.images > 1,
        "reads uninitialised memory": row.outcome.reads_uninitialised,
        "writes out of bounds": row.outcome.writes_out_of_bounds,
        "the same answers, bit for bit": row.confirmed is True,
        "other answers than the row it means": row.confirmed is False,
    }
    return "; " + ", ".join([*parts, *(text for text, holds in marks.items() if holds)])


if __name__ == "__main__":
    sys.exit(main())
