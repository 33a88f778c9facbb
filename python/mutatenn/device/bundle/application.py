"""The application that a bundle is: it runs what it holds on a device, and keeps the results."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutatenn.device.bundle.contents import INPUTS, Contents
from mutatenn.device.bundle.inputs import rows_of, rows_sha256
from mutatenn.device.bundle.machine import host, versions, visible_devices
from mutatenn.device.bundle.results import Results, median_seconds
from mutatenn.device.bundle.session import Session
from mutatenn.device.portable.devices import MissingDevice, split_name
from mutatenn.errors import InputError, MutatennError
from mutatenn.exit_codes import ExitCode

TIMED_RUNS = 5
"""Golden runs that times are taken from, if nothing else is asked for."""


def main(bundle: Path) -> None:
    """Do what the command line asks of the bundle at a path; exits with a code of ``ExitCode``."""
    arguments = _parser(bundle).parse_args()
    try:
        arguments.work(Contents(bundle), arguments)
    except MutatennError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"error: {error}; make room, the same command goes on", file=sys.stderr)
        sys.exit(ExitCode.INCOMPLETE)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on", file=sys.stderr)
        sys.exit(ExitCode.INCOMPLETE)


def _parser(bundle: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python {bundle.name}",
        description="A model lowered for accelerators, and mutants of it, ready to run.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    info = commands.add_parser("info", help="say what is in the bundle, as JSON")
    info.set_defaults(work=_info)
    devices = commands.add_parser("devices", help="say which devices are seen here, as JSON")
    devices.set_defaults(work=_devices)
    run = commands.add_parser("run", help="run the original and the mutants on a device")
    run.set_defaults(work=_run)
    run.add_argument("--inputs", type=Path, help=".npz with an array per input, or .npy of one")
    run.add_argument("--device", help="such as opencl:0; the first of its family if not given")
    run.add_argument("--out", type=Path, required=True, help="folder for everything written")
    run.add_argument("--mutants", default="all", help="all, none, or ids joined by commas")
    run.add_argument("--limit", type=_positive, help="use only so many rows, from the first")
    run.add_argument("--time", action="store_true", help="take the launches' times too")
    run.add_argument(
        "--repeat", type=_positive, default=TIMED_RUNS, help="with --time: runs to take them from"
    )
    return parser


def _info(contents: Contents, _: argparse.Namespace) -> None:
    head, plan = contents.head, contents.plan
    verdicts = [entry["verdict"] or "to run" for entry in contents.mutants]
    told = {
        **{key: value for key, value in head.items() if key not in ("kernels", "originals")},
        "sha256": contents.sha256,
        "inputs": {b.name: [b.dtype, *b.shape] for b in map(plan.buffers.__getitem__, plan.inputs)},
        "rows": None if (rows := contents.inputs()) is None else len(rows[0]),
        "rows_in": INPUTS if rows is not None else None,
        "launches": len(plan.launches),
        "kernels": len(plan.kernels),
        "mutants": {one: verdicts.count(one) for one in sorted(set(verdicts))},
    }
    _say(told)


def _devices(_: Contents, __: argparse.Namespace) -> None:
    _say(visible_devices())


def _run(contents: Contents, arguments: argparse.Namespace) -> None:
    device = _device(contents, arguments.device)
    mutants = _chosen(contents, arguments.mutants)
    rows = rows_of(contents, arguments.inputs, arguments.limit)
    results = Results(arguments.out)
    ground = {
        "device": device,
        "bundle": contents.sha256,
        "inputs": rows_sha256(contents.plan, rows),
        "rows": len(rows[0]),
    }
    results.begin(contents, ground)
    results.note(host=host(), versions=versions(), complete=False)
    with tempfile.TemporaryDirectory(prefix="mutatenn-bundle-") as scratch:
        session = Session(contents, device, rows, results, Path(scratch), _tell)
        golden = session.run(mutants)
        if arguments.time:
            _keep_times(contents, results, session.seconds(arguments.repeat), arguments.repeat)
        elif not results.facts.get("timed_runs"):
            _keep_times(contents, results, [golden.seconds], 0)
    everything = all(entry["id"] in results.lines for entry in contents.mutants)
    results.note(complete=everything)
    fates = [line["fate"] for line in results.lines.values()]
    _say(
        {
            "device": results.facts["device_name"],
            "rows": len(rows[0]),
            "mutants": {one: fates.count(one) for one in sorted(set(fates))},
            "complete": everything,
            "ms_per_row": results.facts.get("ms_per_row"),
            "out": str(arguments.out),
        }
    )


def _keep_times(contents: Contents, results: Results, seconds: list[Any], runs: int) -> None:
    """Keep the median of each launch; ``runs`` were made for that alone, 0: the golden run was."""
    medians = median_seconds(seconds).tolist()
    launches = contents.plan.launches
    per_row = [float(one) for run in seconds for one in run.sum(axis=1)]
    results.note(
        timed_runs=runs,
        launch_seconds=[
            {"launch": launch.index, "kernel": launch.kernel, "seconds": median}
            for launch, median in zip(launches, medians, strict=True)
        ],
        ms_per_row=1000 * statistics.median(per_row),
    )


def _device(contents: Contents, given: str | None) -> str:
    try:
        kind, index = split_name(given or contents.family)
    except MissingDevice as error:
        raise InputError(str(error)) from error
    if kind != contents.family:
        raise InputError(
            f"the bundle was made for {contents.family}, and {given} is none: give --device "
            f"{contents.family}:0, or build one with --device {kind}"
        )
    return f"{kind}:{index}"


def _chosen(contents: Contents, text: str) -> Sequence[dict[str, Any]]:
    if text == "none":
        return []
    if text == "all":
        return contents.mutants
    wanted = text.split(",")
    known = {entry["id"]: entry for entry in contents.mutants}
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise InputError(f"the bundle has no mutant {unknown[0]!r}; it has {len(known)} others")
    return [known[one] for one in wanted]


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told, indent=1))
