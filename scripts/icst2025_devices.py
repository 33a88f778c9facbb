"""Plants the predecessor's mutations on several devices, and says where these disagree.

    python scripts/icst2025_devices.py MODEL --inputs PATH [--preprocess NAME] --device NAME ...
        [--category BEGINNING] [--align] [--no-poison] [--schedule default|none] [--limit N]
        [--json]

A row is planted at all of its places at once, in the code of each device; with ``--align`` at the
places that all devices share, before kernels are scheduled. The table gives for each row how its
mutant ended on each device, and the share of images whose top class depends on the device.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutatenn.campaign.icst2025.across import Across, across
from mutatenn.campaign.icst2025.builder import Setup
from mutatenn.campaign.icst2025.study import Fed, RowResult, study
from mutatenn.errors import InputError, MutatennError
from mutatenn.model.preprocess import load_preprocess
from mutatenn.mutation.icst2025 import NAME, read_rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; the exit code."""
    options = _options(arguments)
    try:
        numbers = _rows(options.category)
        results = {device: _studied(options, device, numbers) for device in options.device}
    except MutatennError as error:
        print(f"error: {error}", file=sys.stderr)
        return int(error.exit_code)
    found = across(results)
    if options.json:
        plain = {
            "schema": "mutatenn.icst2025-devices/1",
            "preset": {"name": NAME, "version": read_rows().version},
            "model": options.model.stem,
            "align": options.align,
            "poison": options.poison,
            "schedule": options.schedule,
            "rows": [each.to_dict() for each in found],
            "by_device": {name: [row.to_dict() for row in rows] for name, rows in results.items()},
        }
        print(json.dumps(plain, indent=2))
    else:
        print("\n".join(_table(found, options.device)))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--preprocess")
    parser.add_argument("--device", action="append", required=True)
    parser.add_argument(
        "--category", help="how its name begins, such as conditional; rows of all if not given"
    )
    parser.add_argument("--align", action="store_true")
    parser.add_argument("--no-poison", dest="poison", action="store_false")
    parser.add_argument("--schedule", default="default")
    parser.add_argument("--target")
    parser.add_argument("--limit", type=int, help="at most so many images")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _rows(category: str | None) -> list[int]:
    rows = read_rows().rows
    if category is None:
        return [row.number for row in rows]
    found = [row.number for row in rows if row.category.lower().startswith(category.lower())]
    if not found:
        known = ", ".join(dict.fromkeys(row.category for row in rows))
        raise InputError(f"there is no category {category!r} of rows; there are: {known}")
    return found


def _studied(
    options: argparse.Namespace, device: str, numbers: Sequence[int]
) -> Sequence[RowResult]:
    preprocess = None if options.preprocess is None else load_preprocess(options.preprocess)
    with tempfile.TemporaryDirectory() as scratch:
        return study(
            Setup(
                options.model,
                options.schedule,
                options.target,
                Path(scratch),
                device=device,
                align=options.align,
            ),
            Fed(options.inputs, preprocess, options.limit),
            tell=functools.partial(_tell, device),
            rows=numbers,
            poison=options.poison,
        )


def _tell(device: str, line: str) -> None:
    print(f"{device}, {line}", file=sys.stderr)


def _table(found: Sequence[Across], devices: Sequence[str]) -> Iterable[str]:
    yield "| row | title | " + " | ".join(devices) + " | top class depends on the device |"
    yield "| --: | --- |" + " --- |" * len(devices) + " --: |"
    for each in found:
        share = "" if each.share is None else f"{100 * each.share:.0f} %"
        marks = " (reads uninitialised memory)" if each.uninitialised else ""
        ends = " | ".join(each.endings[device] for device in devices)
        yield f"| {each.row} | {each.title} | {ends} | {share}{marks} |"
    compared = [each for each in found if each.differing is not None]
    if compared:
        images = sum(each.images for each in compared)
        differing = sum(each.differing or 0 for each in compared)
        yield ""
        yield (
            f"{len(compared)} rows answered on two devices or more: the top class depends on the "
            f"device for {differing} of {images} images ({100 * differing / images:.1f} %)"
        )


if __name__ == "__main__":
    sys.exit(main())
