"""One first-order mutant: an operator, its settings and the place where it is planted."""

from __future__ import annotations

import dataclasses
from typing import Any

from mutatenn import _core
from mutatenn.transform import PASSES, parameter_name
from mutatenn.tvm_errors import last_line


class UnchangedError(ValueError):
    """A mutant is structurally equal to the original: a defect of its operator."""


GRAPH_STAGES = ("graph", "weight")
"""Stages of mutants of a model's graph: its calls, and the constants that they take."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A fault at one place of one kernel or graph; ``id`` is a hash of all that determines it.

    ``stage`` is ``tensor``, ``kernel``, ``graph`` or ``weight``; ``lowering`` is the family of
    targets that a mutant of stage kernel belongs to (``cpu`` or ``gpu``), else empty.
    ``site`` counts the operator's places over the module (functions by name, nodes in pre-order),
    ``site_in_function`` within the function; ``path`` leads from a kernel's body, or from a graph,
    to the node.
    A ``semantics_preserving`` mutant computes what the original does: what it changes is a defect
    of the compiler, and it is in no score.
    """

    id: str
    operator: str
    version: int
    stage: str
    function: str
    site: int
    site_in_function: int
    path: str
    settings: dict[str, str]
    layers: tuple[str, ...] = ()
    lowering: str = ""
    semantics_preserving: bool = False

    @property
    def replacement(self) -> str:
        """The settings as ``name=value`` pairs joined by commas."""
        return ",".join(f"{name}={value}" for name, value in sorted(self.settings.items()))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Mutant:
        """The inverse of ``to_dict``."""
        return cls(**row | {"layers": tuple(row["layers"])})


def plant(mod: Any, mutant: Mutant) -> Any:
    """The module with the mutant in it, made by the operator's TVM pass.

    Args:
        mod: the module that the mutant was enumerated from; it is not changed.
        mutant: one of its mutants.

    Raises:
        UnchangedError: the result is the module that was given.
        ValueError: the place is not there, or TVM's verifier refuses the result.
    """
    settings = {parameter_name(name): value for name, value in mutant.settings.items()}
    make = PASSES[mutant.operator]
    try:
        return make(site=mutant.site_in_function, function=mutant.function, **settings)(mod)
    except ValueError as error:
        said = last_line(error)
        raise UnchangedError(said) if said.endswith(" changed nothing") else error from None


def operators_of(stage: str) -> tuple[str, ...]:
    """Ids of the operators that work at a stage, in the catalogue's order."""
    return tuple(op.id for op in _core.catalogue() if stage in op.stages)


def operator_versions() -> dict[str, int]:
    """Version of each operator in the catalogue, by id."""
    return {op.id: op.version for op in _core.catalogue()}
