"""The subject of a campaign: a lowered model with its inputs, ready to be mutated and run."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

from mutatenn import _core
from mutatenn.campaign.manifest import Manifest, in_order, versions
from mutatenn.campaign.options import Options
from mutatenn.catalogue import plugin_versions
from mutatenn.errors import InputError, MutatennError
from mutatenn.lowering.extract import Lowered, lower
from mutatenn.lowering.host import resolve_target
from mutatenn.lowering.kernel import parse_target, require_llvm
from mutatenn.lowering.kernel_stage import lower_kernels
from mutatenn.lowering.stage import at_stage
from mutatenn.model import load
from mutatenn.model.inputs import Inputs, InputSpec, load_inputs
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.higher_order import JOINT, combined, drawn, population
from mutatenn.mutation.icst2025.planting import first_order
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant, operator_versions, operators_of
from mutatenn.mutation.narrowing import Narrowing, parse_positions
from mutatenn.mutation.presets import preset_of
from mutatenn.mutation.proofs import static_verdicts
from mutatenn.oracle import Oracle, parse_oracles, require_classes, require_labels


@dataclasses.dataclass(frozen=True)
class Subject:
    """A lowered model, its inputs and oracles; ``module`` is the model at the stage asked for.

    The target in ``options`` is resolved: never ``None`` or ``host``. Mutants are enumerated from
    ``module`` and planted in it; at stage tensor and kernel, its ``main`` launches its kernels.
    """

    options: Options
    lowered: Lowered
    module: Any
    inputs: Inputs
    oracles: tuple[Oracle, ...]

    @classmethod
    def prepare(cls, options: Options, *, resumed: bool = False) -> Subject:
        """Read and lower everything; nothing is written.

        Args:
            options: what the user decided.
            resumed: whether the campaign in the output folder is to go on.

        Raises:
            InputError: an option, a file or the model cannot be used.
        """
        options.check(resumed=resumed)
        oracles = parse_oracles(options.oracles)
        text = resolve_target(options.target, options.schedule)
        options = dataclasses.replace(options, target=text)
        target = parse_target(text)
        require_llvm(target)
        mod = load(options.model, batch=options.batch, trust=options.trust)
        lowered = lower(mod, text, options.schedule, options.threads)
        plan = lowered.plan
        specs = [
            InputSpec(plan.buffers[i].name, plan.buffers[i].shape, plan.buffers[i].dtype)
            for i in plan.inputs
        ]
        inputs = load_inputs(options.inputs, specs, options.preprocess, options.labels)
        shapes = [plan.buffers[i].shape for i in plan.outputs]
        for oracle in oracles:
            oracle.require(shapes, inputs.labels)
        if inputs.labels is not None:
            asked = "golden accuracy against labels"
            require_labels(asked, require_classes(asked, None, shapes), inputs.labels)
        if options.stage in GRAPH_STAGES:
            module = at_stage(mod, options.stage)[0]
        elif options.stage == "kernel":
            module = lower_kernels(lowered.scheduled, target)
        else:
            module = lowered.module
        return cls(options, lowered, module, inputs, oracles)

    @property
    def of_graph(self) -> bool:
        """Whether mutants are planted in the model's graph, which is lowered whole with each."""
        return self.options.stage in GRAPH_STAGES

    def manifest(self, *, proofs: bool = True) -> Manifest:
        """All mutants that may run and all that determines them.

        Args:
            proofs: whether to add ``static_verdicts`` if the options ask for all proofs first.

        Raises:
            InputError: there is no such operator, or no mutant at all.
        """
        options = self.options
        named = options.preset
        if named is None and (options.only or options.expect == "same"):
            # Whichever operator a mutant belongs to; those that keep the meaning are few.
            named = None if options.operators else "all"
        asked = options.operators
        if named is None and not asked and self.of_graph:
            asked = operators_of(options.stage)
        preset = preset_of(named, asked)
        operators = preset.operators if preset else tuple(dict.fromkeys(asked))
        operators = tuple(name for name in operators if name not in options.exclude)
        if not operators:
            raise InputError("no operator is left: --exclude names all that were chosen")
        # A mutant that is named is one to run, redundant or not.
        redundant = options.all or bool(options.only)
        if preset and preset.of_rows:
            found = [m for _, m in first_order(self.module) if m.operator in operators]
        else:
            found = enumerate_mutants(self.module, operators, redundant=redundant)
        if preset and not options.all:
            found = preset.chosen(found)
        mutants = in_launch_order(self.module, found)
        if self.of_graph:
            mutants = [m for m in mutants if m.stage == options.stage and m.function == "main"]
        else:
            mutants = [m for m in mutants if m.function in self.lowered.plan.kernels]
        if not options.only or options.expect == "same":
            mutants = self._as_expected(mutants, operators)
        mutants = self._narrowing().chosen(mutants)
        chosen, drawn = _chosen(mutants, options)
        facts = {
            "versions": versions() | plugin_versions(operators),
            "options": options.to_dict(),
            "preset": None if preset is None else {"name": preset.name, "version": preset.version},
            "operators": {name: operator_versions()[name] for name in operators},
            **drawn,
            "stage": options.stage,
            "hashes": self.hashes(),
        }
        if proofs and options.prove == "all" and not self.of_graph:
            facts["static_verdicts"] = static_verdicts(self.module, chosen)
        return Manifest(facts, _with_distinct_ids(chosen))

    def _narrowing(self) -> Narrowing:
        options = self.options
        positions = None if options.positions is None else parse_positions(options.positions)
        return Narrowing(options.function, options.layer, positions)

    def _as_expected(self, mutants: list[Mutant], operators: Sequence[str]) -> list[Mutant]:
        """The mutants that keep the meaning, or those that do not, as ``expect`` says."""
        same = self.options.expect == "same"
        found = [mutant for mutant in mutants if mutant.semantics_preserving == same]
        if found:
            return found
        where = f"{self.options.model} has no place for {', '.join(operators)}"
        if not mutants:
            raise InputError(where)
        if same:
            raise InputError(f"{where} that keeps the meaning; leave --expect same out")
        raise InputError(f"{where} but such that keep the meaning; give --expect same to run those")

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


def _chosen(
    mutants: Sequence[Mutant], options: Options
) -> tuple[tuple[Mutant, ...], dict[str, Any]]:
    """The mutants to take, in order; and what they were drawn from, as facts of a manifest."""
    if options.only and options.order > 1:
        raise InputError(
            "--only names mutants, one of higher order by the ids of its parts joined by +: leave "
            "--order out"
        )
    if options.only:
        named = [_named(mutants, text) for text in dict.fromkeys(options.only)]
        return in_order(named, options.sample, options.seed), {"population": len(mutants)}
    if options.order == 1:
        chosen = in_order(mutants, options.sample, options.seed)
        return chosen, {"population": len(mutants)}
    found, apart = drawn(mutants, options.order, options.seed, options.sample)
    facts = {"population": population(mutants, options.order), "kept_apart": apart}
    return tuple(found), facts


def _named(mutants: Sequence[Mutant], text: str) -> Mutant:
    """The mutant of an id, or of the ids of its parts."""
    parts = [_mutant(mutants, mutant_id) for mutant_id in text.split(JOINT)]
    if len(parts) == 1:
        return parts[0]
    rank = {mutant.id: index for index, mutant in enumerate(mutants)}
    return combined(sorted(parts, key=lambda part: rank[part.id]))


def _mutant(mutants: Sequence[Mutant], mutant_id: str) -> Mutant:
    found = [mutant for mutant in mutants if mutant.id == mutant_id]
    if not found:
        raise InputError(
            f"this model has no mutant {mutant_id} at this stage and schedule; check --stage, "
            "--schedule and --target, which are those of `sites` and `apply` only if given so"
        )
    return found[0]


def _with_distinct_ids(mutants: Sequence[Mutant]) -> tuple[Mutant, ...]:
    if len({mutant.id for mutant in mutants}) != len(mutants):
        raise MutatennError("two mutants have the same id; this is a defect, please report it")
    return tuple(mutants)
