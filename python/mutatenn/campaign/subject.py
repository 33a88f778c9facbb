"""The subject of a campaign: a lowered model with its inputs, ready to be mutated and run."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

from mutatenn import _core
from mutatenn.campaign.choice import Choice
from mutatenn.campaign.device_groups import (
    CPU,
    DeviceGroup,
    aligned_lanes,
    device_groups,
    is_elsewhere,
)
from mutatenn.campaign.manifest import Manifest, versions
from mutatenn.campaign.options import Options
from mutatenn.campaign.shards.cost import Costs
from mutatenn.campaign.shards.shard import Shard
from mutatenn.campaign.shards.split import split
from mutatenn.catalogue import plugin_versions
from mutatenn.lowering.backends import backend_of
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.kernel import parse_target
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.model.input_list import read_names
from mutatenn.model.inputs import Inputs, InputSpec, load_inputs
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant, operator_versions
from mutatenn.mutation.proofs import static_verdicts
from mutatenn.oracle import Oracle, parse_oracles, require_classes, require_labels


@dataclasses.dataclass(frozen=True)
class Subject:
    """A lowered model, its inputs and oracles; ``module`` is the model at the stage asked for.

    The target in ``options`` is resolved: never ``None`` or ``host``. Mutants are enumerated from
    ``module`` and planted in it; at stage tensor and kernel, its ``main`` launches its kernels.
    It is lowered for ``group``, under ``schedule``, from a graph that is prepared for ``lanes``
    (``lower``); where devices of other lowerings run the campaign too, ``others`` holds a subject
    for each of those.
    """

    options: Options
    lowered: Lowered
    module: Any
    inputs: Inputs
    oracles: tuple[Oracle, ...]
    group: DeviceGroup
    schedule: str
    others: tuple[Subject, ...] = ()

    @classmethod
    def prepare(cls, options: Options, *, resumed: bool = False) -> Subject:
        """Read and lower everything; nothing is written.

        Args:
            options: what the user decided.
            resumed: whether the campaign in the output folder is to go on.

        Raises:
            InputError: an option, a file or the model cannot be used.
            MissingToolError: a device is not there.
        """
        options.check(resumed=resumed)
        oracles = parse_oracles(options.oracles)
        groups = device_groups(options.device, options.target, options.schedule)
        options = dataclasses.replace(options, target=groups[0].target)
        for group in groups:
            for device in group.devices:
                if not is_elsewhere(device):
                    backend_of(device, parse_target(group.target))
        mod = load(options.model, batch=options.batch, trust=options.trust)
        lanes = None
        if options.stage == "tensor" and (options.align or len(groups) > 1):
            # One graph for all, and so none with vectors in its layouts.
            lanes = aligned_lanes(options.schedule)
        first, *rest = (lowered_for(mod, options, group, lanes) for group in groups)
        plan = first[0].plan
        specs = [
            InputSpec(plan.buffers[i].name, plan.buffers[i].shape, plan.buffers[i].dtype)
            for i in plan.inputs
        ]
        names = None if options.input_list is None else read_names(options.input_list)
        inputs = load_inputs(options.inputs, specs, options.preprocess, options.labels, only=names)
        shapes = [plan.buffers[i].shape for i in plan.outputs]
        for oracle in oracles:
            oracle.require(shapes, inputs.labels)
        if inputs.labels is not None:
            asked = "golden accuracy against labels"
            require_labels(asked, require_classes(asked, None, shapes), inputs.labels)
        others = tuple(
            cls(options, lowered, module, inputs, oracles, group, schedule)
            for (lowered, module, schedule), group in zip(rest, groups[1:], strict=True)
        )
        lowered, module, schedule = first
        return cls(options, lowered, module, inputs, oracles, groups[0], schedule, others)

    @property
    def of_graph(self) -> bool:
        """Whether mutants are planted in the model's graph, which is lowered whole with each."""
        return self.options.stage in GRAPH_STAGES

    @property
    def all(self) -> tuple[Subject, ...]:
        """This one and the others: one for each lowering."""
        return (self, *self.others)

    def of(self, device: str) -> Subject:
        """The subject that a device runs."""
        return next(each for each in self.all if device in each.group.devices)

    def manifest(self, *, proofs: bool = True) -> Manifest:
        """All mutants that may run and all that determines them.

        Args:
            proofs: whether to add ``static_verdicts`` if the options ask for all proofs first.

        Raises:
            InputError: there is no such operator, or no mutant at all.
        """
        options = self.options
        choice = Choice.of(options)
        # A mutant of stage kernel belongs to one lowering; the others have all devices.
        own = self.all if options.stage == "kernel" else (self,)
        chosen, drawn = choice.made([(each.module, each.lowered.plan.kernels) for each in own])
        mutants = tuple({mutant.id: mutant for found in chosen for mutant in found}.values())
        lowerings = {
            each.group.lowering: {
                "devices": list(each.group.devices),
                "target": each.group.target,
                "schedule": each.schedule,
                "hashes": each.hashes(),
                "population": None if len(own) == 1 else drawn[index]["population"],
                "mutants": None if len(own) == 1 else _ranges(mutants, chosen[index]),
            }
            for index, each in enumerate(self.all)
        }
        facts = {
            "versions": versions() | plugin_versions(choice.operators),
            "options": options.to_dict(),
            "preset": choice.preset_facts(),
            "operators": {name: operator_versions()[name] for name in choice.operators},
            **drawn[0],
            "stage": options.stage,
            "hashes": self.hashes(),
            "lowerings": lowerings,
        }
        made = Manifest(facts, mutants)
        made = self.with_proofs(made) if proofs and options.prove == "all" else made
        return self.with_shard(made)

    def with_shard(self, manifest: Manifest) -> Manifest:
        """Its manifest with the shard that the options ask for, if they do: which mutants it has.

        Nothing but code counts for that, so that every machine splits a campaign alike.
        """
        if self.options.shard is None:
            return manifest
        shard = Shard.parse(self.options.shard)
        owners = split(manifest.mutants, list(self.costs(manifest).values()), shard.of)
        told = {"index": shard.index, "of": shard.of, "owners": " ".join(map(str, owners))}
        return Manifest({**manifest.facts, "shard": told}, manifest.mutants)

    def with_proofs(self, manifest: Manifest) -> Manifest:
        """Its manifest with what is proved of mutants from their code alone; of graphs, nothing."""
        if self.of_graph or "static_verdicts" in manifest.facts:
            return manifest
        own = self.all if self.options.stage == "kernel" else (self,)
        found = {
            name: verdict
            for each in own
            for name, verdict in static_verdicts(
                each.module, manifest.of(each.group.devices[0])
            ).items()
        }
        return Manifest({**manifest.facts, "static_verdicts": found}, manifest.mutants)

    def costs(self, manifest: Manifest) -> dict[str, float]:
        """What each mutant is predicted to cost on all devices, by its id, as ``Costs`` does."""
        found = dict.fromkeys((mutant.id for mutant in manifest.mutants), 0.0)
        for each in self.all:
            own = Costs(each.lowered, each.module, len(self.inputs))
            for device in each.group.devices:
                for mutant in manifest.of(device):
                    found[mutant.id] += own.of(mutant)
        return found

    def hashes(self) -> dict[str, Any]:
        """SHA-256 of model file, plan and inputs; 64-bit structural hashes of the kernels."""
        plan = self.lowered.plan
        module = self.lowered.scheduled if self.of_graph else self.module
        kernels = {name: f"{_core.kernel_hash(module[name]):016x}" for name in plan.kernels}
        weights = hashlib.sha256()
        for index in sorted(self.lowered.weights):
            weights.update(self.lowered.weights[index].tobytes())
        return {
            "model": hashlib.sha256(self.options.model.read_bytes()).hexdigest(),
            "plan": hashlib.sha256(plan.to_json().encode()).hexdigest(),
            "weights": weights.hexdigest(),
            "inputs": self.inputs.sha256,
            "kernels": kernels,
            "schedules": self._schedules(),
        }

    def _schedules(self) -> str:
        """Hash of the kernels that run where mutants are planted before scheduling; else empty."""
        if self.lowered.scheduler is None or self.options.stage != "tensor":
            return ""
        hashes = [_core.kernel_hash(self.lowered.scheduled[k]) for k in self.lowered.plan.kernels]
        return hashlib.sha256(" ".join(f"{each:016x}" for each in hashes).encode()).hexdigest()


def lowered_for(
    mod: Any, options: Options, group: DeviceGroup, lanes: int | None = None
) -> tuple[Lowered, Any, str]:
    """A model lowered for a group of devices, its module at the stage, and the schedule's name."""
    # Kernels of accelerators need threads, which only a schedule binds.
    schedule = options.schedule if group.lowering == CPU else "default"
    lowered = lower(mod, group.target, schedule, options.threads, lanes)
    if options.stage in GRAPH_STAGES:
        return lowered, at_stage(mod, options.stage)[0], schedule
    if options.stage == "kernel":
        return lowered, lower_kernels(lowered.scheduled, parse_target(group.target)), schedule
    return lowered, lowered.module, schedule


def _ranges(mutants: Sequence[Mutant], chosen: Sequence[Mutant]) -> list[list[int]]:
    """Where the chosen ones stand among the mutants: ``[first, end]`` of each run, in order."""
    index = {mutant.id: place for place, mutant in enumerate(mutants)}
    found: list[list[int]] = []
    for mutant in chosen:
        place = index[mutant.id]
        if found and found[-1][1] == place:
            found[-1][1] += 1
        else:
            found.append([place, place + 1])
    return found
