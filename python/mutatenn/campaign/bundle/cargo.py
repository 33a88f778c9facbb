"""What goes into a bundle: a model with a sample of its mutants, or those of a campaign."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from mutatenn.campaign.bundle.build import Cargo
from mutatenn.campaign.bundle.ground import lead_of, require_kernels, require_same_ground
from mutatenn.campaign.choice import Choice
from mutatenn.campaign.device_groups import device_groups, lowering_of
from mutatenn.campaign.journal import Journal
from mutatenn.campaign.manifest import Manifest
from mutatenn.campaign.options import Options
from mutatenn.campaign.subject import Subject, lowered_for
from mutatenn.errors import InputError
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.kernel import parse_target
from mutatenn.model import load
from mutatenn.model.inputs import Inputs, InputSpec, load_inputs

FAMILIES = ("opencl", "cuda")
"""Devices whose kernels are source, and so can be taken elsewhere."""


def device_of(family: str) -> str:
    """The device that stands for a family while kernels are compiled.

    Raises:
        InputError: bundles are made for others.
    """
    if family.partition(":")[0] not in FAMILIES:
        raise InputError(f"a bundle is made for {' or '.join(FAMILIES)}, not for {family!r}")
    return f"{family.partition(':')[0]}:0"


def cargo_of_model(options: Options, inputs: Path | None) -> Cargo:
    """A model, the rows of ``inputs`` if given, and ``options.sample`` of its mutants, or none.

    Args:
        options: ``device`` holds one name, and ``inputs`` is not read.
        inputs: as for ``run``, or ``None``.

    Raises:
        InputError: something cannot be read or used.
    """
    require_kernels(options.stage)
    (device,) = options.device
    (group,) = device_groups(options.device, options.target, options.schedule)
    backend_of(device, parse_target(group.target))
    options = dataclasses.replace(options, target=group.target)
    mod = load(options.model, batch=options.batch, trust=options.trust)
    lowered, module, schedule = lowered_for(mod, options, group)
    rows = Inputs((), (), None, "")
    if inputs is not None:
        buffers = [lowered.plan.buffers[one] for one in lowered.plan.inputs]
        specs = [InputSpec(one.name, one.shape, one.dtype) for one in buffers]
        rows = load_inputs(inputs, specs, options.preprocess)
    subject = Subject(options, lowered, module, rows, (), group, schedule)
    if options.sample is None:
        return Cargo(subject, device, (), None)
    chosen, _ = Choice.of(options).made([(module, lowered.plan.kernels)])
    return Cargo(subject, device, chosen[0], options.sample)


def cargo_of_campaign(model: Path, manifest: Path, device: str) -> Cargo:
    """The model, the inputs and the mutants of a campaign's manifest.

    Where the campaign has begun, the mutants are those that it has taken so far.

    Raises:
        InputError: it has no mutants for the device, or something cannot be read.
        MismatchError: model or inputs are no longer what they were.
    """
    stored = Manifest.read(manifest)
    options = campaign_options(stored, manifest.parent, device)
    options = dataclasses.replace(options, model=model)
    require_kernels(options.stage)
    lead = lead_of(stored, device)
    subject = Subject.prepare(options, resumed=True).of(device)
    require_same_ground(stored, subject.hashes(), lowering_of(device))
    mutants = stored.of(lead)
    taken = _taken(manifest.with_name("journal.sqlite"), stored.leader(lead))
    if not taken:
        return Cargo(subject, device, mutants, options.sample)
    return Cargo(subject, device, [one for one in mutants if one.id in taken], None)


def campaign_options(stored: Manifest, folder: Path, device: str) -> Options:
    """A campaign's options with one device more, unless one of its lowering is there."""
    options = Options.from_dict(stored.facts["options"], folder)
    if device in options.device:
        return options
    return dataclasses.replace(options, device=(*options.device, device))


def _taken(journal: Path, leader: str) -> set[str]:
    if not journal.exists():
        return set()
    with Journal(journal, read_only=True) as opened:
        return {row["mutant"] for row in opened.rows() if row["device"] == leader}
