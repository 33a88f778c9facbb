"""``mutatenn-ir build --bundle``: a model and mutants as one file for devices elsewhere."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from mutatenn.campaign.bundle.build import build_bundle
from mutatenn.campaign.bundle.cargo import cargo_of_campaign, cargo_of_model, device_of
from mutatenn.campaign.configuration import validate
from mutatenn.campaign.options import Options
from mutatenn.cli.campaign_options import written
from mutatenn.cli.console import note, say
from mutatenn.errors import InputError


@dataclasses.dataclass(frozen=True)
class BundleRequest:
    """The options of ``build`` that a bundle is made from, as they were given."""

    model: Path
    path: Path
    device: str
    target: str | None
    stage: str | None
    batch: int | None
    trust: bool
    mutants: str | None
    seed: int | None
    preset: str | None
    operators: str | None
    inputs: Path | None
    preprocess: str | None


def write_bundle_file(request: BundleRequest) -> None:
    """Make the bundle that is asked for, and say what is in it.

    Raises:
        InputError: an option or a file cannot be used.
    """
    device = device_of(request.device)
    if request.path.is_dir():
        raise InputError(f"{request.path} is a folder; give --bundle a file, such as m.pyz")
    if request.mutants is not None and not request.mutants.isdecimal():
        cargo = _of_campaign(request, Path(request.mutants), device)
    else:
        cargo = cargo_of_model(_options(request, device), request.inputs)
    rows = len(cargo.subject.inputs)
    note(f"{len(cargo.subject.lowered.plan.kernels)} kernels for {cargo.subject.group.target}")
    counts = build_bundle(cargo, request.path)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "none"
    held = f"{rows} rows of inputs" if rows else "no inputs"
    say(f"wrote {request.path}: mutants: {told}; {held}")


def _of_campaign(request: BundleRequest, manifest: Path, device: str) -> Any:
    decided = {
        "--target": request.target,
        "--stage": request.stage,
        "--batch": request.batch,
        "--seed": request.seed,
        "--preset": request.preset,
        "--operators": request.operators,
        "--with-inputs": request.inputs,
        "--preprocess": request.preprocess,
    }
    beside = [name for name, value in decided.items() if value is not None]
    if beside:
        raise InputError(f"the manifest decides what {beside[0]} says: leave it out")
    return cargo_of_campaign(request.model, manifest, device)


def _options(request: BundleRequest, device: str) -> Options:
    """The options of a campaign over a sample, which is not run."""
    sample = None if request.mutants is None else int(request.mutants)
    if sample == 0:
        raise InputError("--mutants 0 asks for none: leave it out, or give a number of 1 or more")
    chosen = (request.seed, request.preset, request.operators, request.stage)
    if sample is None and any(one is not None for one in chosen):
        raise InputError("give --mutants N: without it there are none to choose")
    if request.preprocess is not None and request.inputs is None:
        raise InputError("--preprocess says how --with-inputs is read: give that too")
    names = None if request.operators is None else request.operators.split(",")
    values = {
        "model": str(request.model),
        "inputs": str(request.inputs or request.model),
        "preprocess": request.preprocess,
        "device": (device,),
        "target": request.target,
        "stage": request.stage,
        "preset": request.preset,
        "operators": names,
        "sample": sample,
        "seed": request.seed,
        "batch": request.batch,
        "trust": request.trust,
        "out": str(request.path),
    }
    given = {key: value for key, value in values.items() if value is not None}
    return Options.from_configuration(validate(given, written))
