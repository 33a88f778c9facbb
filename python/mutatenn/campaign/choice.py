"""Which mutants a campaign takes: what the options leave of all that a module has, and in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from mutatenn.campaign.options import Options
from mutatenn.campaign.sampling import ordered
from mutatenn.errors import InputError, MutatennError
from mutatenn.mutation.enumeration import enumerate_mutants, in_launch_order
from mutatenn.mutation.higher_order import JOINT, combined, drawn, population
from mutatenn.mutation.icst2025.planting import first_order
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant, operators_of
from mutatenn.mutation.narrowing import Narrowing, parse_positions
from mutatenn.mutation.presets import Preset, preset_of

Source = tuple[Any, Sequence[str]]
"""A module that mutants are enumerated from, and the kernels of its plan."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """The options that choose mutants, with the operators that they mean."""

    options: Options
    preset: Preset | None
    operators: tuple[str, ...]

    @classmethod
    def of(cls, options: Options) -> Choice:
        """What the options ask for.

        Raises:
            InputError: there is no such preset, or no operator is left.
        """
        named = options.preset
        if named is None and (options.only or options.expect == "same"):
            # Whichever operator a mutant belongs to; those that keep the meaning are few.
            named = None if options.operators else "all"
        asked = options.operators
        if named is None and not asked and options.stage in GRAPH_STAGES:
            asked = operators_of(options.stage)
        preset = preset_of(named, asked)
        operators = preset.operators if preset else tuple(dict.fromkeys(asked))
        operators = tuple(name for name in operators if name not in options.exclude)
        if not operators:
            raise InputError("no operator is left: --exclude names all that were chosen")
        return cls(options, preset, operators)

    def preset_facts(self) -> dict[str, Any] | None:
        """Name and version of the preset, for a manifest."""
        preset = self.preset
        return None if preset is None else {"name": preset.name, "version": preset.version}

    def made(
        self, sources: Sequence[Source]
    ) -> tuple[list[tuple[Mutant, ...]], list[dict[str, Any]]]:
        """The mutants to take of each module, in order; what they were drawn from, as facts.

        A module may have none, if another one has some.

        Raises:
            InputError: there is no mutant at all, or none of those that are named.
        """
        found = [self._found(*source) for source in sources]
        if not self.options.only or self.options.expect == "same":
            found = self._as_expected(found)
        found = self._narrowed(found)
        chosen, facts = [], []
        for mutants in found:
            some, drawn_from = self._drawn(mutants, found)
            if len({mutant.id for mutant in some}) != len(some):
                raise MutatennError(
                    "two mutants have the same id; this is a defect, please report it"
                )
            chosen.append(some)
            facts.append(drawn_from)
        return chosen, facts

    def _found(self, module: Any, kernels: Sequence[str]) -> list[Mutant]:
        options, preset = self.options, self.preset
        # A mutant that is named is one to run, redundant or not.
        redundant = options.all or bool(options.only)
        if preset and preset.of_rows:
            found = [m for _, m in first_order(module) if m.operator in self.operators]
        else:
            found = enumerate_mutants(module, self.operators, redundant=redundant)
        if preset and not options.all:
            found = preset.chosen(found)
        mutants = in_launch_order(module, found)
        if options.stage in GRAPH_STAGES:
            return [m for m in mutants if m.stage == options.stage and m.function == "main"]
        return [m for m in mutants if m.function in kernels]

    def _as_expected(self, found: list[list[Mutant]]) -> list[list[Mutant]]:
        """The mutants that keep the meaning, or those that do not, as ``expect`` says."""
        same = self.options.expect == "same"
        kept = [[one for one in each if one.semantics_preserving == same] for each in found]
        if any(kept):
            return kept
        where = f"{self.options.model} has no place for {', '.join(self.operators)}"
        if not any(found):
            raise InputError(where)
        if same:
            raise InputError(f"{where} that keeps the meaning; leave --expect same out")
        raise InputError(f"{where} but such that keep the meaning; give --expect same to run those")

    def _narrowed(self, found: list[list[Mutant]]) -> list[list[Mutant]]:
        options = self.options
        positions = None if options.positions is None else parse_positions(options.positions)
        narrowing = Narrowing(options.function, options.layer, positions)
        kept, refusals = [], []
        for mutants in found:
            try:
                kept.append(narrowing.chosen(mutants))
            except InputError as error:
                refusals.append(error)
                kept.append([])
        if len(refusals) == len(found):
            raise refusals[0]
        return kept

    def _drawn(
        self, mutants: Sequence[Mutant], found: Sequence[Sequence[Mutant]]
    ) -> tuple[tuple[Mutant, ...], dict[str, Any]]:
        """The mutants to take, in order; and what they were drawn from, as facts of a manifest."""
        options = self.options
        if options.only and options.order > 1:
            raise InputError(
                "--only names mutants, one of higher order by the ids of its parts joined by +: "
                "leave --order out"
            )
        if options.only:
            texts = dict.fromkeys(options.only)
            named = [_named(mutants, text) for text in texts if _is_from(text, mutants, found)]
            return ordered(named, options), {"population": len(mutants)}
        if options.order == 1:
            return ordered(mutants, options), {"population": len(mutants)}
        some, apart = drawn(mutants, options.order, options.seed, options.sample)
        facts = {"population": population(mutants, options.order), "kept_apart": apart}
        return tuple(some), facts


def _is_from(text: str, mutants: Sequence[Mutant], found: Sequence[Sequence[Mutant]]) -> bool:
    """Whether a name is to be looked up here: it is known here, or nowhere else."""
    parts = set(text.split(JOINT))
    elsewhere = (each for each in found if each is not mutants)
    here = parts <= {mutant.id for mutant in mutants}
    return here or not any(parts <= {mutant.id for mutant in each} for each in elsewhere)


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
