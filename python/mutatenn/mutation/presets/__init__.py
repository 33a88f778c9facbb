"""Presets: named choices of operators, one data file each, with a version of their own."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from mutatenn.errors import InputError
from mutatenn.model.toml_file import read_toml
from mutatenn.mutation import icst2025
from mutatenn.mutation.mutant import GRAPH_STAGES, Mutant, operator_versions, operators_of

DEFAULT = "default"
"""What runs where neither a preset nor operators are named."""

KERNEL = "kernel"
"""The stage of a campaign whose preset has none."""

_FOLDER = Path(__file__).parent


@dataclasses.dataclass(frozen=True)
class Preset:
    """A choice of operators; of those in ``first``, the first replacement at each place alone."""

    name: str
    version: int
    summary: str
    operators: tuple[str, ...]
    first: tuple[str, ...] = ()
    stage: str = KERNEL
    """Where its mutants are planted if nobody says otherwise."""
    of_rows: bool = False
    """Whether its mutants are those of rows with settings, and not all that operators offer."""

    def chosen(self, mutants: Iterable[Mutant]) -> list[Mutant]:
        """The mutants that the preset takes, of all that its operators offer, in their order."""
        taken: list[Mutant] = []
        last: tuple[str, str, str] | None = None
        for mutant in mutants:
            place = (mutant.operator, mutant.function, mutant.path)
            if mutant.operator not in self.first or place != last:
                taken.append(mutant)
            last = place
        return taken


def preset_names() -> tuple[str, ...]:
    """Names of all presets, sorted."""
    return tuple(sorted([icst2025.NAME, *(file.stem for file in _FOLDER.glob("*.toml"))]))


@functools.cache
def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        InputError: there is none.
    """
    if name not in preset_names():
        raise InputError(f"there is no preset {name!r}; there are: {', '.join(preset_names())}")
    if name == icst2025.NAME:
        held = icst2025.read_rows()
        operators = tuple(dict.fromkeys(row.operator for row in held.rows))
        return Preset(name, held.version, held.summary, operators, of_rows=True)
    data = read_toml(_FOLDER / f"{name}.toml", "preset")
    operators = data["operators"]
    return Preset(
        name,
        data["version"],
        data["summary"],
        tuple(operator_versions() if operators == "all" else operators),
        tuple(data.get("first", ())),
        data.get("stage", KERNEL),
    )


def preset_of(name: str | None, operators: Sequence[str]) -> Preset | None:
    """The preset that a choice means; ``None`` where operators are named.

    Raises:
        InputError: there is no such preset, or both are given.
    """
    if operators:
        if name is not None:
            raise InputError(f"both a preset ({name}) and operators are given: leave one out")
        return None
    return preset(DEFAULT if name is None else name)


def stage_of(name: str | None, operators: Sequence[str] = ()) -> str:
    """The stage of a campaign with that preset, or with operators, where it is not given.

    Raises:
        InputError: there is no such preset.
    """
    if name is not None:
        return preset(name).stage
    # Kernel comes first: most operators work there.
    for stage in (KERNEL, *GRAPH_STAGES):
        if operators and set(operators) <= set(operators_of(stage)):
            return stage
    return KERNEL
